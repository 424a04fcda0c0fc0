import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { ClaimKind } from "../../gql/graphql.js";

const SettingsTable_Settings = graphql(/* GraphQL */ `
  fragment SettingsTable_Settings on GovernanceSettings {
    tiers {
      domain
      tier
    }
    shelfLives {
      kind
      days
    }
    furtherGroups
    copyShare
  }
`);

export const KIND_WORDS: Readonly<Record<ClaimKind, string>> = {
  PRICE: "Prices",
  COUNT: "Counts",
  OFFICE_HOLDER: "Office holders",
  PRODUCT: "Products",
  LAW: "Law",
  SCIENCE: "Science",
  HISTORY: "History",
  OTHER: "Anything else",
};

/** How long, for people. */
export const keeps = (days: number | null | undefined): string =>
  days == null ? "for ever" : days === 1 ? "1 day" : `${days.toLocaleString("en")} days`;

/** What is set, in words. */
export function SettingsTable({ settings }: { readonly settings: FragmentType<typeof SettingsTable_Settings> }) {
  const { tiers, shelfLives, furtherGroups, copyShare } = readFragment(SettingsTable_Settings, settings);
  return (
    <dl className="facts">
      <dt>Claims keep</dt>
      <dd>
        <ul className="kinds">
          {shelfLives.map(({ kind, days }) => (
            <li key={kind}>
              {KIND_WORDS[kind]} <strong>{keeps(days)}</strong>
            </li>
          ))}
        </ul>
      </dd>
      <dt>On Tier 3 alone</dt>
      <dd>
        {furtherGroups === 0
          ? "one source is enough"
          : `${furtherGroups} further independent ${furtherGroups === 1 ? "group" : "groups"}, or one source of tier 1 or 2`}
      </dd>
      <dt>One group</dt>
      <dd>sources whose texts share {copyShare} of their runs of five words</dd>
      <dt>New sources</dt>
      <dd>
        {tiers.length === 0
          ? "begin on tier 3, all of them"
          : `begin on tier 3, but ${tiers.map(({ domain, tier }) => `${domain} on ${tier}`).join(", ")}`}
      </dd>
    </dl>
  );
}

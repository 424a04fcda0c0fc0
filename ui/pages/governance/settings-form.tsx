import { Button, TextInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { whoMay } from "../../components/rights.js";
import { useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { changeOf, draftOf } from "./settings-change.js";
import { KIND_WORDS } from "./settings-table.js";

const SettingsForm_Settings = graphql(/* GraphQL */ `
  fragment SettingsForm_Settings on GovernanceSettings {
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
const SettingsForm_Propose = graphql(/* GraphQL */ `
  mutation SettingsForm_Propose($input: ProposeInput!) {
    propose(input: $input) {
      proposal {
        id
      }
      problems {
        message
        path
      }
    }
  }
`);

interface Props {
  readonly tenantId: string;
  readonly settings: FragmentType<typeof SettingsForm_Settings>;
  /** What is proposed already. */
  readonly open: readonly { readonly id: string; readonly proposerName: string; readonly expiresAt: string }[];
  proposed(): void;
}

/** Proposes other settings: whoever loosens them could publish what nobody should, so others approve. */
export function SettingsForm({ tenantId, settings, open, proposed }: Props) {
  const set = readFragment(SettingsForm_Settings, settings);
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState(() => draftOf(set));
  const propose = useAct(SettingsForm_Propose);
  const announce = useAnnounce();
  const [, navigate] = useLocation();
  const may = useMay("exemption.write");
  const read = changeOf(set, draft);
  const waiting = open.map(({ id, proposerName, expiresAt }) => (
    <p key={id} className="notice" data-tone="info">
      <Link href={`/approvals/${id}`} className="link">
        Other settings are proposed
      </Link>{" "}
      by {proposerName}, until <Instant at={expiresAt} />.
    </p>
  ));
  if (!may)
    return (
      <>
        {waiting}
        <p className="count-line">To propose others is for these roles: {whoMay("exemption.write")}.</p>
      </>
    );
  if (!opened)
    return (
      <>
        {waiting}
        <div className="act-row">
          <Button size="sm" variant="default" onClick={() => setOpened(true)}>
            Propose other settings
          </Button>
        </div>
      </>
    );
  return (
    <>
      {waiting}
      <ActForm
        name="Propose other settings"
        submit="Propose"
        busy={propose.busy}
        problems={propose.problems}
        missing={"problem" in read ? read.problem : null}
        cancel={() => {
          setDraft(draftOf(set));
          setOpened(false);
        }}
        onSubmit={async (given) => {
          if ("problem" in read) return false;
          const done = await propose.act({
            ...given,
            action: "setGovernance",
            subjectId: tenantId,
            arguments: read.change,
          });
          if (done === null) return false;
          announce("Proposed");
          proposed();
          if (done.propose.proposal != null) navigate(`/approvals/${done.propose.proposal.id}`);
          return true;
        }}
      >
        <fieldset className="days">
          <legend>Days that claims keep; empty for ever</legend>
          {set.shelfLives.map(({ kind }) => (
            <TextInput
              key={kind}
              size="xs"
              inputMode="numeric"
              label={KIND_WORDS[kind]}
              value={draft.days[kind] ?? ""}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setDraft((last) => ({ ...last, days: { ...last.days, [kind]: value } }));
              }}
            />
          ))}
        </fieldset>
        <TextInput
          label="Further groups for what stands on Tier 3 alone"
          description="0 to 10 independent groups beside the first"
          inputMode="numeric"
          value={draft.furtherGroups}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setDraft((last) => ({ ...last, furtherGroups: value }));
          }}
        />
        <TextInput
          label="Share of a text that makes two sources one group"
          description="0.5 to 1 of its runs of five words"
          inputMode="decimal"
          value={draft.copyShare}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setDraft((last) => ({ ...last, copyShare: value }));
          }}
        />
        <Textarea
          label="Tiers of new sources, by domain"
          description="A line each, such as “example.org 2”; all others begin on 3"
          autosize
          minRows={2}
          maxRows={10}
          value={draft.tiers}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setDraft((last) => ({ ...last, tiers: value }));
          }}
        />
      </ActForm>
    </>
  );
}

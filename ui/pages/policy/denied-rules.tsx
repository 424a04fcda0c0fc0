import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const DeniedRules_Rule = graphql(/* GraphQL */ `
  fragment DeniedRules_Rule on DeniedRule {
    rule
    reason
  }
`);

/** The rules that denied, in words. */
export function DeniedRules({ rules }: { readonly rules: readonly FragmentType<typeof DeniedRules_Rule>[] }) {
  const found = readFragment(DeniedRules_Rule, rules);
  if (found.length === 0) return null;
  return (
    <ul>
      {found.map(({ rule, reason }) => (
        <li key={rule}>
          <span className="sentence">{reason}</span> <code>{rule}</code>
        </li>
      ))}
    </ul>
  );
}

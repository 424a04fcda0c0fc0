import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { GovernancePage } from "../../components/governance/governance-page.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { whoMay } from "../../components/rights.js";
import { switchesChanged } from "../../components/governance/switch-banner.js";
import { useMay } from "../../components/viewer.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { SetSwitchForm } from "./set-switch-form.js";
import { SwitchRow } from "./switch-row.js";

const SwitchesPage_Switches = graphql(/* GraphQL */ `
  query SwitchesPage_Switches($after: String) {
    killSwitches(first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...SwitchRow_Switch
        }
      }
    }
  }
`);

/** Stops the studio, a channel or one kind of act at once, everywhere; and lets it go on. */
export function SwitchesPage() {
  const pages = usePages();
  const may = useMay("switch.write");
  const [{ data, error, fetching }, again] = useQuery({
    query: SwitchesPage_Switches,
    variables: { after: pages.after },
  });
  const look = () => again({ requestPolicy: "network-only" });
  const changed = () => {
    look();
    switchesChanged();
  };
  const edges = data?.killSwitches.edges ?? [];
  return (
    <GovernancePage
      title="Kill switches"
      about="A switch stops all writes that it covers, for everybody and at once, until it is lifted or ends by itself. Reading goes on."
    >
      <div className="split">
        <section className="panel" aria-labelledby="set-title">
          <h2 id="set-title">Set a switch</h2>
          {may ? (
            <SetSwitchForm changed={changed} />
          ) : (
            <p className="panel-empty">Your role sets no switches; these do: {whoMay("switch.write")}.</p>
          )}
        </section>
        <section className="panel" aria-labelledby="switches-title" aria-busy={fetching}>
          <h2 id="switches-title">Switches</h2>
          {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
          {data === undefined && fetching && <Waiting what="Loading switches" />}
          {data !== undefined && edges.length === 0 && (
            <p className="panel-empty">None was ever set. Nothing is stopped.</p>
          )}
          <ul className="rows">
            {edges.map(({ node }) => (
              <SwitchRow key={node.id} item={node} changed={changed} />
            ))}
          </ul>
          {data !== undefined &&
            (data.killSwitches.pageInfo.hasNextPage || pages.after !== null) &&
            pages.buttons(data.killSwitches)}
        </section>
      </div>
    </GovernancePage>
  );
}

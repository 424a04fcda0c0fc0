import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";

const ChannelsPage_Channels = graphql(/* GraphQL */ `
  query ChannelsPage_Channels($after: String) {
    channels(first: 50, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          title
          platform
          owner {
            id
            title
          }
        }
      }
    }
  }
`);

/** The studio's channels, each with its scorecard. */
export function ChannelsPage() {
  useTitle("Channels");
  const pages = usePages(["Earlier", "Later"]);
  const [{ data, error, fetching }, again] = useQuery({
    query: ChannelsPage_Channels,
    variables: { after: pages.after },
  });
  const edges = data?.channels.edges ?? [];
  return (
    <div className="page page-wide">
      <h1 className="page-title governance-title">Channels</h1>
      <p className="page-about">Where the studio publishes: how far each channel is, and what its episodes go by.</p>
      <section className="panel" aria-label="Channels" aria-busy={fetching}>
        {error !== undefined && (
          <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
        )}
        {data === undefined && fetching && <Waiting what="Loading channels" />}
        {data !== undefined && edges.length === 0 && (
          <p className="panel-empty">The studio has no channel yet: createChannel makes one.</p>
        )}
        {edges.length > 0 && (
          <div className="sheet-scroll">
            <table className="sheet">
              <thead>
                <tr>
                  <th scope="col">Channel</th>
                  <th scope="col">Platform</th>
                  <th scope="col">Owner</th>
                  <th scope="col">Runs</th>
                </tr>
              </thead>
              <tbody>
                {edges.map(({ node }) => (
                  <tr key={node.id}>
                    <td>
                      <Link href={`/channels/${node.id}`} className="link">
                        {node.title}
                      </Link>
                    </td>
                    <td>{node.platform}</td>
                    <td>{node.owner?.title ?? "–"}</td>
                    <td>
                      <Link href={`/runs?show=all&channel=${node.id}`} className="link">
                        its runs
                      </Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {edges.length > 0 && data !== undefined && pages.buttons(data.channels)}
      </section>
    </div>
  );
}

import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { usePages } from "../../components/governance/use-pages.js";
import { Instant } from "../../components/instant.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { graphql } from "../../gql/gql.js";
import { SettingsTable } from "./settings-table.js";

const VersionsSection_Versions = graphql(/* GraphQL */ `
  query VersionsSection_Versions($after: String) {
    governanceVersions(first: 10, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          at
          by
          why
          settings {
            version
            ...SettingsTable_Settings
          }
          proposal {
            id
            proposerName
            reason
            approvals {
              id
              verdict
              approverName
              givenAt
            }
          }
        }
      }
    }
  }
`);

/** Every settings that were in force, with who proposed and who approved them. */
export function VersionsSection() {
  const pages = usePages();
  const [{ data, error, fetching }, again] = useQuery({
    query: VersionsSection_Versions,
    variables: { after: pages.after },
  });
  const versions = data?.governanceVersions;
  return (
    <section className="panel" aria-labelledby="versions-title" aria-busy={fetching}>
      <h2 id="versions-title">Earlier and present versions</h2>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {versions?.edges.length === 0 && (
        <p className="panel-empty">
          The defaults have always been in force. Each change stands here, with its approval.
        </p>
      )}
      <ol className="versions">
        {versions?.edges.map(({ node }) => (
          <li key={node.settings.version}>
            <details>
              <summary>
                Version {node.settings.version}, <Instant at={node.at} />
                {node.proposal != null && (
                  <span className="count-line">
                    {" "}
                    proposed by {node.proposal.proposerName}
                    {node.proposal.approvals
                      .filter(({ verdict }) => verdict === "APPROVED")
                      .map(({ id, approverName, givenAt }) => (
                        <span key={id}>
                          , approved by {approverName} <Instant at={givenAt} />
                        </span>
                      ))}
                  </span>
                )}
              </summary>
              <SettingsTable settings={node.settings} />
              {node.proposal == null ? (
                <p className="count-line">
                  {node.by}: “{node.why}”
                </p>
              ) : (
                <p className="count-line">
                  “{node.proposal.reason}”{" "}
                  <Link href={`/approvals/${node.proposal.id}`} className="link">
                    The proposal
                  </Link>
                </p>
              )}
            </details>
          </li>
        ))}
      </ol>
      {versions !== undefined && (versions.pageInfo.hasNextPage || pages.after !== null) && pages.buttons(versions)}
    </section>
  );
}

import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { GovernancePage } from "../../components/governance/governance-page.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { whoMay } from "../../components/rights.js";
import { useMay } from "../../components/viewer.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { MemberRow } from "./member-row.js";
import { RegisterForm } from "./register-form.js";
import { Tokens } from "./tokens.js";

const MembersPage_Members = graphql(/* GraphQL */ `
  query MembersPage_Members($after: String) {
    members(first: 50, after: $after) {
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
          kind
          roles
          ...MemberRow_Principal
        }
      }
    }
  }
`);

/** Who may do what here: people, agents and services with their roles, and the tokens that act for them. */
export function MembersPage() {
  const pages = usePages();
  const writes = useMay("principal.write");
  const issues = useMay("token.write");
  const [{ data, error, fetching }, again] = useQuery({
    query: MembersPage_Members,
    variables: { after: pages.after },
  });
  const look = () => again({ requestPolicy: "network-only" });
  const members = (data?.members.edges ?? []).map(({ node }) => node);
  return (
    <GovernancePage
      title="Members and tokens"
      about="People, agents and services of the studio. A role that is taken away ends within a minute, wherever its holder is signed in."
    >
      <div className="stack">
        <section className="panel" aria-labelledby="members-title" aria-busy={fetching}>
          <h2 id="members-title">Members</h2>
          {!writes && (
            <p className="panel-empty">Your role changes no member; these do: {whoMay("principal.write")}.</p>
          )}
          {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
          {data === undefined && fetching && <Waiting what="Loading members" />}
          {data !== undefined && members.length === 0 && <p className="panel-empty">There is no member yet.</p>}
          <ul className="rows">
            {members.map((node) => (
              <MemberRow key={node.id} principal={node} changed={look} />
            ))}
          </ul>
          {data !== undefined &&
            (data.members.pageInfo.hasNextPage || pages.after !== null) &&
            pages.buttons(data.members)}
        </section>
        {issues && <Tokens members={members} />}
        {writes && <RegisterForm changed={look} />}
      </div>
    </GovernancePage>
  );
}

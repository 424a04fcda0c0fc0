import { useState } from "react";
import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { graphql } from "../../gql/gql.js";
import { IssueTokenForm, type Member } from "./issue-token-form.js";
import { NewToken } from "./new-token.js";
import { TokenRow } from "./token-row.js";

const Tokens_AccessTokens = graphql(/* GraphQL */ `
  query Tokens_AccessTokens($after: String) {
    accessTokens(first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...TokenRow_Token
        }
      }
    }
  }
`);

/** The tokens that agents and services act with; one's text is seen once, when it is issued. */
export function Tokens({ members }: { readonly members: readonly Member[] }) {
  const pages = usePages();
  const [{ data, error }, again] = useQuery({ query: Tokens_AccessTokens, variables: { after: pages.after } });
  const [issued, setIssued] = useState<string | null>(null);
  const look = () => again({ requestPolicy: "network-only" });
  const edges = data?.accessTokens.edges ?? [];
  return (
    <section className="panel" aria-labelledby="tokens-title">
      <h2 id="tokens-title">Tokens</h2>
      {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
      {data !== undefined && edges.length === 0 && <p className="panel-empty">None was issued yet.</p>}
      <ul className="rows">
        {edges.map(({ node }) => (
          <TokenRow key={node.id} token={node} changed={look} />
        ))}
      </ul>
      {data !== undefined &&
        (data.accessTokens.pageInfo.hasNextPage || pages.after !== null) &&
        pages.buttons(data.accessTokens)}
      <h3>Issue a token</h3>
      {issued === null ? (
        <IssueTokenForm
          members={members}
          issued={(token) => {
            setIssued(token);
            look();
          }}
        />
      ) : (
        <NewToken token={issued} done={() => setIssued(null)} />
      )}
    </section>
  );
}

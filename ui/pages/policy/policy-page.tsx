import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { GovernancePage } from "../../components/governance/governance-page.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { DecisionRow } from "./decision-row.js";
import { TestBench } from "./test-bench.js";

const PolicyPage_Decisions = graphql(/* GraphQL */ `
  query PolicyPage_Decisions($filter: PolicyDecisionFilter, $after: String) {
    policyDecisions(filter: $filter, first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...DecisionRow_Decision
        }
      }
    }
  }
`);

/** What the policy allowed and denied, by which rules; and a bench to ask it what it would say. */
export function PolicyPage() {
  const [shown, setShown] = useState("denied");
  const [actor, setActor] = useState("");
  const [question, setQuestion] = useState("");
  const pages = usePages();
  const filter = {
    ...(shown !== "all" && { allowed: shown === "allowed" }),
    ...(actor.trim() !== "" && { actor: actor.trim() }),
  };
  const [{ data, error, fetching }, again] = useQuery({
    query: PolicyPage_Decisions,
    variables: { filter, after: pages.after },
  });
  const edges = data?.policyDecisions.edges ?? [];
  return (
    <GovernancePage
      title="Policy"
      about="One policy judges every act; what no rule allows is denied. Each decision is kept, with the rules that denied."
    >
      <div className="stack">
        <section className="panel" aria-labelledby="decisions-title" aria-busy={fetching}>
          <h2 id="decisions-title">Decisions</h2>
          <div className="filters">
            <NativeSelect
              size="xs"
              label="Which"
              value={shown}
              onChange={(event) => {
                pages.reset();
                setShown(event.currentTarget.value);
              }}
              data={[
                { value: "denied", label: "Denied" },
                { value: "allowed", label: "Allowed" },
                { value: "all", label: "All" },
              ]}
            />
            <TextInput
              size="xs"
              label="Who"
              placeholder="Login"
              value={actor}
              onChange={(event) => {
                pages.reset();
                setActor(event.currentTarget.value);
              }}
            />
          </div>
          {error !== undefined && (
            <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
          )}
          {data === undefined && fetching && <Waiting what="Loading decisions" />}
          {data !== undefined && edges.length === 0 && <p className="panel-empty">No decision like that was made.</p>}
          <ul className="rows">
            {edges.map(({ node }) => (
              <DecisionRow key={node.id} decision={node} test={setQuestion} />
            ))}
          </ul>
          {data !== undefined && edges.length > 0 && pages.buttons(data.policyDecisions)}
        </section>
        <TestBench question={question} setQuestion={setQuestion} />
      </div>
    </GovernancePage>
  );
}

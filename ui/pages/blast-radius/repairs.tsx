import { Button } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { LineageLink } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { REPAIRS } from "./words.js";

const Repairs_Repairs = graphql(/* GraphQL */ `
  query Repairs_Repairs($taskId: ID!, $after: ID) {
    repairs(taskId: $taskId, first: 10, after: $after) {
      claims
      next
      repairs {
        kind
        text
        why
        claim {
          id
          label
          title
        }
        fact {
          id
          label
          title
        }
        source {
          id
          label
          title
        }
      }
    }
  }
`);

/** What could be done about each claim, ten claims at a time. */
export function Repairs({ taskId }: { readonly taskId: string }) {
  const [after, setAfter] = useState<string | null>(null);
  const [{ data, error, fetching }, again] = useQuery({ query: Repairs_Repairs, variables: { taskId, after } });
  if (error !== undefined)
    return <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />;
  if (data === undefined || fetching) return <Waiting what="Looking for repairs" size="sm" />;
  const { repairs, next } = data.repairs;
  if (repairs.length === 0) return <p className="panel-empty">No claim of the episode stood on it any more.</p>;
  return (
    <>
      <p className="count-line">Found by words, numbers, dates and names; whether they hold is for a person to say.</p>
      <div className="sheet-scroll">
        <table className="sheet">
          <thead>
            <tr>
              <th scope="col">Claim</th>
              <th scope="col">What could be done</th>
              <th scope="col">With</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {repairs.map(({ kind, claim, fact, source, text, why }, i) => (
              <tr key={`${claim.id} ${kind} ${fact?.id ?? source?.id ?? i}`}>
                <td>
                  <LineageLink node={claim}>{claim.title}</LineageLink>
                </td>
                <td>{REPAIRS[kind]}</td>
                <td>
                  {text != null && <p>“{text}”</p>}
                  {fact != null && text == null && <LineageLink node={fact}>{fact.title}</LineageLink>}
                  {fact == null && source != null && <LineageLink node={source}>{source.title}</LineageLink>}
                  {fact == null && source == null && "–"}
                </td>
                <td>{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(next != null || after !== null) && (
        <p className="more-line">
          {after !== null && (
            <Button size="xs" variant="default" onClick={() => setAfter(null)}>
              First claims
            </Button>
          )}{" "}
          {next != null && (
            <Button size="xs" variant="default" onClick={() => setAfter(next)}>
              Next claims
            </Button>
          )}
        </p>
      )}
    </>
  );
}

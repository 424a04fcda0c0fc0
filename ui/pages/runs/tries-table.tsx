import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { duration } from "./stage-columns.js";
import { STAGE_BADGES } from "./states.js";

const TriesTable_Try = graphql(/* GraphQL */ `
  fragment TriesTable_Try on StageRun {
    id
    stage
    attempt
    round
    executor
    provider
    status
    startedAt
    latencyMs
    tokens
    costUsd
    cacheHit
    outcome
    problem
    approvedBy
    retryAt
    superseded
  }
`);

/** Every try of every stage, in the order of their beginning. */
export function TriesTable({ tries }: { readonly tries: readonly FragmentType<typeof TriesTable_Try>[] }) {
  if (tries.length === 0) return <p className="panel-empty">No stage has begun yet.</p>;
  return (
    <div className="sheet-scroll" tabIndex={0} role="group" aria-label="Tries, a table">
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Try</th>
            <th scope="col">State</th>
            <th scope="col">Begun</th>
            <th scope="col">Took</th>
            <th scope="col">By</th>
            <th scope="col">Spent</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {tries.map((masked) => (
            <TryRow key={readFragment(TriesTable_Try, masked).id} masked={masked} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TryRow({ masked }: { readonly masked: FragmentType<typeof TriesTable_Try> }) {
  const one = readFragment(TriesTable_Try, masked);
  return (
    <tr>
      <td>{one.stage}</td>
      <td>
        {one.attempt}
        {one.round > 1 && ` in round ${one.round}`}
      </td>
      <td>
        <span className="badges">
          <Badge {...STAGE_BADGES[one.status]} />
          {one.superseded && <Badge text="Done anew" />}
          {one.cacheHit && <Badge text="Cached" />}
        </span>
      </td>
      <td>
        <Instant at={one.startedAt} />
      </td>
      <td>{one.latencyMs == null ? "–" : duration(one.latencyMs)}</td>
      <td>{one.provider ?? one.executor}</td>
      <td>
        {one.tokens === 0 && one.costUsd === 0
          ? "–"
          : `${one.tokens.toLocaleString("en")} tokens, $${one.costUsd.toFixed(4)}`}
      </td>
      <td>
        {one.outcome ?? "–"}
        {one.problem != null && <p className="count-line">{one.problem}</p>}
        {one.approvedBy != null && <p className="count-line">Decided by {one.approvedBy}</p>}
        {one.retryAt != null && (
          <p className="count-line">
            Tried again <Instant at={one.retryAt} />
          </p>
        )}
      </td>
    </tr>
  );
}

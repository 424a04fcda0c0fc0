import { Button } from "@mantine/core";
import { useState } from "react";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { changeWords } from "./history-words.js";
import { PropertyChanges } from "./property-changes.js";
import { useHistory } from "./use-history.js";

const PAGE = 20;

interface Props {
  readonly id: string;
  readonly onInstant: (asOf: string) => void;
  /** Shows what differs from just before this instant. */
  readonly onCompare: (at: string) => void;
}

/** All that happened to a node, newest first: who, when, why, and what was before. */
export function HistoryPanel({ id, onInstant, onCompare }: Props) {
  const [first, setFirst] = useState(PAGE);
  const { history, problem, fetching, again } = useHistory(id, first);
  if (problem !== null) return <ProblemPanel problem={problem} retry={again} />;
  if (history === null) return <Waiting what="Loading the history" />;
  return (
    <>
      <p className="card-note">
        {history.edges.length.toLocaleString("en")} of {history.totalIsExact ? "" : "at least "}
        {history.totalCount.toLocaleString("en")} changes, newest first.
      </p>
      <ol className="history">
        {history.edges.map(({ node: change }) => (
          <li key={change.id} data-kind={change.kind}>
            <p className="history-what">
              {changeWords(change)}
              {change.relation?.other != null && (
                <>
                  {" "}
                  <LineageLink node={change.relation.other}>open</LineageLink>
                </>
              )}
            </p>
            {change.kind === "REVISED" && <PropertyChanges changes={change.properties} />}
            <p className="provenance">
              {change.by}
              {change.onBehalfOf == null ? "" : ` for ${change.onBehalfOf}`} · <Instant at={change.at} />
              {change.why === "" ? null : <> · “{change.why}”</>}
            </p>
            <Button size="compact-xs" variant="subtle" onClick={() => onInstant(change.at)}>
              Look at that instant
            </Button>
            <Button size="compact-xs" variant="subtle" onClick={() => onCompare(change.at)}>
              What changed since
            </Button>
          </li>
        ))}
      </ol>
      {history.pageInfo.hasNextPage && (
        <Button
          size="compact-xs"
          variant="light"
          loading={fetching}
          onClick={() => setFirst(Math.min(500, first + 60))}
        >
          Show older
        </Button>
      )}
    </>
  );
}

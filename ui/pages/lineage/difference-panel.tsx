import { Button, CloseButton } from "@mantine/core";
import { EDGE_FACES } from "../../components/edge-types.js";
import { formatInstant, Instant } from "../../components/instant.js";
import { LabelIcon } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { Listed } from "./cards/parts.js";
import { PropertyChanges } from "./property-changes.js";
import { edgeKey } from "./merge.js";
import type { Merged } from "./use-lineage.js";
import { nodesOf, type Difference, type Differences, type DifferenceState } from "./use-difference.js";

interface Props {
  readonly state: DifferenceState;
  /** The earlier instant. */
  readonly since: string;
  readonly merged: Merged;
  /** Set when only some types of link or nodes are shown: the difference speaks of all evidence. */
  readonly narrowed: boolean;
  readonly onSelect: (key: string) => void;
  readonly onClose: () => void;
}

const HEADS = { added: "Added", removed: "Gone", changed: "Changed" } as const;

const Who = ({ by, why, at }: { readonly by: string; readonly why: string; readonly at: string }) => (
  <p className="provenance">
    {by} · <Instant at={at} />
    {why === "" ? null : <> · “{why}”</>}
  </p>
);

function Kind({
  kind,
  differences,
  titles,
  onSelect,
}: {
  readonly kind: keyof typeof HEADS;
  readonly differences: Differences;
  readonly titles: ReadonlyMap<string, string>;
  readonly onSelect: (key: string) => void;
}) {
  const { nodes, edges, nodeCount, edgeCount } = differences;
  if (nodeCount + edgeCount === 0) return null;
  const shown = nodesOf(differences);
  const rows = [
    ...nodes.map((row, index) => ({ key: row.id, row, node: shown[index] })),
    ...edges.map((row) => ({ key: edgeKey(row), row, node: undefined })),
  ];
  return (
    <section className="card-section differing" data-kind={kind}>
      <h3>
        {HEADS[kind]}
        <span className="card-count">{(nodeCount + edgeCount).toLocaleString("en")}</span>
      </h3>
      <Listed items={rows} total={nodeCount + edgeCount} empty="">
        {({ key, row, node }) => (
          <li key={key} className="evidence">
            <button type="button" className="ref" onClick={() => onSelect(key)}>
              {node !== undefined && <LabelIcon label={node.label} size={20} />}
              <span className="ref-text">
                <span className="ref-title">
                  {node === undefined && "type" in row
                    ? `${titles.get(row.from) ?? row.from} ${EDGE_FACES[row.type].along} ${titles.get(row.to) ?? row.to}`
                    : node?.title}
                </span>
              </span>
            </button>
            {"properties" in row && <PropertyChanges changes={row.properties} />}
            <Who {...row} />
          </li>
        )}
      </Listed>
    </section>
  );
}

const nothingIn = ({ added, removed, changed }: Difference) =>
  [added, removed, changed].every(({ nodeCount, edgeCount }) => nodeCount + edgeCount === 0);

/** What differs between two instants, as a list: what, who, when and why. The graph and the table show the same in colours. */
export function DifferencePanel({ state, since, merged, narrowed, onSelect, onClose }: Props) {
  const { difference, problem, again } = state;
  const titles = new Map(merged.nodes.map(({ id, title }) => [id, title]));
  return (
    <section className="card" aria-label="Difference of two instants">
      <CloseButton className="card-close" aria-label="Close the difference" onClick={onClose} />
      <h2 className="card-title">What changed</h2>
      <p className="card-note">
        from {formatInstant(since)} to {difference === null ? "the instant shown" : formatInstant(difference.to)}
      </p>
      {problem !== null && <ProblemPanel problem={problem} retry={again} />}
      {problem === null && difference === null && <Waiting what="Comparing the two instants" />}
      {difference !== null && (
        <>
          <p className="card-note">
            {difference.totalsAreExact ? "" : "at least "}
            {difference.totalBefore.toLocaleString("en")} nodes then, {difference.totalAfter.toLocaleString("en")} at
            the later instant.
          </p>
          {!difference.settled && (
            <p className="notice" data-tone="info">
              Changes are still being recorded up to the later instant. Look again in a minute for an answer that stays.
            </p>
          )}
          {narrowed && (
            <p className="notice" data-tone="info">
              This list speaks of all evidence within the hops; the graph is narrowed to less.
            </p>
          )}
          {difference.notes.map((note) => (
            <p key={note} className="notice" data-tone="info">
              {note}
            </p>
          ))}
          {nothingIn(difference) && (
            <p className="card-text">
              Nothing within these hops differs. Choose an earlier instant on the time line, or look further.
            </p>
          )}
          {(["added", "removed", "changed"] as const).map((kind) => (
            <Kind key={kind} kind={kind} differences={difference[kind]} titles={titles} onSelect={onSelect} />
          ))}
          <Button size="compact-xs" variant="subtle" onClick={again}>
            Compare again
          </Button>
        </>
      )}
    </section>
  );
}

import { SegmentedControl } from "@mantine/core";
import { memo, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { EDGE_FACES } from "../../components/edge-types.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { Badge, NodeBadges } from "../../components/node-badges.js";
import { LabelIcon, labelName } from "../../components/node-label.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { LineageDirection } from "../../gql/graphql.js";
import { Download } from "./download.js";
import { MARK_TONES, MARK_WORDS, type Mark, type Marks } from "./marks.js";
import { edgeKey } from "./merge.js";
import { hiddenPhrase } from "./phrases.js";
import type { Merged } from "./use-lineage.js";
import type { RowKind } from "./view-state.js";

const LineageTable_Node = graphql(/* GraphQL */ `
  fragment LineageTable_Node on GraphNode {
    id
    label
    title
    validFrom
    ...NodeBadges_Node
  }
`);

interface Props {
  readonly merged: Merged;
  /** The instant that the rows answer for. */
  readonly asOf: string | null;
  /** Names a file of these rows. */
  readonly fileName: string;
  readonly direction: LineageDirection;
  readonly selected: string | null;
  readonly rows: RowKind | null;
  readonly onRows: (rows: RowKind) => void;
  /** What stands out in the graph does here as well, in words. */
  readonly marks: Marks;
  readonly onSelect: (key: string | null) => void;
  readonly onOpen: (key: string) => void;
  readonly onExpand: (id: string) => void;
  readonly onCollapse: (id: string) => void;
}

interface RowProps {
  readonly node: FragmentType<typeof LineageTable_Node>;
  readonly hops: number | undefined;
  readonly links: number;
  readonly hidden: number;
  readonly open: boolean;
  readonly mark: Mark | null;
  readonly dim: boolean;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  readonly direction: LineageDirection;
  readonly onSelect: (key: string) => void;
  readonly onExpand: (id: string) => void;
  readonly onCollapse: (id: string) => void;
}

const NodeRow = memo(function NodeRow(props: RowProps) {
  const node = readFragment(LineageTable_Node, props.node);
  const tabIndex = props.isCurrent ? 0 : -1;
  const rest = hiddenPhrase(props.hidden, props.direction);
  return (
    <tr
      data-selected={props.isSelected || undefined}
      data-row={node.id}
      data-mark={props.mark ?? undefined}
      data-dim={props.dim || undefined}
    >
      <td className="cell-kind">
        <LabelIcon label={node.label} size={20} />
        {labelName(node.label)}
      </td>
      <th scope="row">
        <button
          type="button"
          className="cell-title"
          tabIndex={tabIndex}
          data-row-key={node.id}
          aria-pressed={props.isSelected}
          onClick={() => props.onSelect(node.id)}
        >
          {node.title}
        </button>
      </th>
      <td>
        <span className="cell-badges">
          {props.mark !== null && <Badge text={MARK_WORDS[props.mark]} tone={MARK_TONES[props.mark]} />}
          <NodeBadges node={node} />
        </span>
      </td>
      <td className="cell-number">{props.hops ?? "–"}</td>
      <td className="cell-number">{props.links}</td>
      <td className="cell-number">
        {props.hidden > 0 ? (
          <button
            type="button"
            className="cell-expand"
            tabIndex={tabIndex}
            aria-label={`Show ${rest} of ${node.title}`}
            onClick={() => props.onExpand(node.id)}
          >
            +{props.hidden.toLocaleString("en")}
          </button>
        ) : props.open ? (
          <button
            type="button"
            className="cell-expand"
            tabIndex={tabIndex}
            aria-label={`Fold away what ${node.title} opened`}
            onClick={() => props.onCollapse(node.id)}
          >
            −
          </button>
        ) : (
          "0"
        )}
      </td>
      <td className="cell-date">
        <Instant at={node.validFrom} precision="day" />
      </td>
    </tr>
  );
});

/** Moves among the buttons that name rows; Home and End reach the first and the last. */
function rowAfter(keys: readonly string[], current: string, key: string): string | undefined {
  const at = Math.max(0, keys.indexOf(current));
  switch (key) {
    case "ArrowDown":
      return keys[at + 1];
    case "ArrowUp":
      return keys[at - 1];
    case "Home":
      return keys[0];
    case "End":
      return keys.at(-1);
    default:
      return undefined;
  }
}

/** The answer as tables: one row per node of the graph, and one per link. */
export function LineageTable(props: Props) {
  const { merged, fileName, direction, selected, marks, onSelect, onOpen, onExpand, onCollapse } = props;
  const rows = props.rows ?? (selected?.includes(">") ? "links" : "nodes");
  const [current, setCurrent] = useState<string | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const announce = useAnnounce();
  const titles = useMemo(() => new Map(merged.nodes.map((node) => [node.id, node])), [merged]);
  const linksOf = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { from, to } of merged.edges) for (const id of [from, to]) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }, [merged]);
  const keys = rows === "nodes" ? merged.nodes.map((node) => node.id) : merged.edges.map(edgeKey);
  const here = current !== null && keys.includes(current) ? current : (keys[0] ?? "");

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = (event.target as HTMLElement).closest("tr");
    if (row === null) return;
    const next = rowAfter(keys, here, event.key);
    if (next !== undefined) {
      event.preventDefault();
      setCurrent(next);
      frame.current?.querySelector<HTMLElement>(`[data-row-key="${CSS.escape(next)}"]`)?.focus();
    } else if (event.key === "Enter" && (event.target as HTMLElement).dataset.rowKey !== undefined) {
      event.preventDefault();
      onOpen(here);
    } else if (event.key.toLowerCase() === "e" && rows === "nodes") {
      event.preventDefault();
      if ((merged.hidden.get(here) ?? 0) > 0) onExpand(here);
      else if (merged.open.has(here)) onCollapse(here);
      else announce("All its neighbours this way are shown.");
    } else if (event.key === "Escape") onSelect(null);
  };

  return (
    <div className="twin" ref={frame}>
      <div className="twin-bar">
        <SegmentedControl
          size="xs"
          value={rows}
          onChange={props.onRows}
          aria-label="Rows of the table"
          data={[
            { value: "nodes", label: `Nodes (${merged.nodes.length.toLocaleString("en")})` },
            { value: "links", label: `Links (${merged.edges.length.toLocaleString("en")})` },
          ]}
        />
        <Download merged={merged} rows={rows} name={fileName} asOf={props.asOf ?? undefined} />
      </div>
      <div
        className="twin-scroll"
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const key = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
          if (key !== undefined) setCurrent(key);
        }}
      >
        {rows === "nodes" ? (
          <table className="table" aria-label="Nodes of the lineage">
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">Title</th>
                <th scope="col">State</th>
                <th scope="col" className="cell-number">
                  Hops
                </th>
                <th scope="col" className="cell-number">
                  Links
                </th>
                <th scope="col" className="cell-number">
                  Hidden
                </th>
                <th scope="col">Recorded</th>
              </tr>
            </thead>
            <tbody>
              {merged.nodes.map((node) => (
                <NodeRow
                  key={node.id}
                  node={node}
                  hops={merged.hops.get(node.id)}
                  links={linksOf.get(node.id) ?? 0}
                  hidden={merged.hidden.get(node.id) ?? 0}
                  open={merged.open.has(node.id)}
                  mark={marks.nodes.get(node.id) ?? null}
                  dim={marks.dimRest && !marks.nodes.has(node.id)}
                  isSelected={selected === node.id}
                  isCurrent={here === node.id}
                  direction={direction}
                  onSelect={onSelect}
                  onExpand={onExpand}
                  onCollapse={onCollapse}
                />
              ))}
            </tbody>
          </table>
        ) : (
          <table className="table" aria-label="Links of the lineage">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">Link</th>
                <th scope="col">To</th>
                <th scope="col">Since</th>
                <th scope="col">By</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {merged.edges.map((edge) => {
                const key = edgeKey(edge);
                const { along, style } = EDGE_FACES[edge.type];
                const mark = marks.edges.get(key);
                return (
                  <tr
                    key={key}
                    data-row={key}
                    data-selected={selected === key || undefined}
                    data-mark={mark}
                    data-dim={(marks.dimRest && mark === undefined) || undefined}
                  >
                    <td className="cell-end">{titles.get(edge.from)?.title}</td>
                    <th scope="row">
                      <button
                        type="button"
                        className="cell-link"
                        data-style={style}
                        tabIndex={here === key ? 0 : -1}
                        data-row-key={key}
                        aria-pressed={selected === key}
                        onClick={() => onSelect(key)}
                      >
                        {along}
                      </button>
                      {mark !== undefined && <Badge text={MARK_WORDS[mark]} tone={MARK_TONES[mark]} />}
                    </th>
                    <td className="cell-end">{titles.get(edge.to)?.title}</td>
                    <td className="cell-date">
                      <Instant at={edge.validFrom} precision="day" />
                    </td>
                    <td>{edge.by}</td>
                    <td className="cell-why">{edge.why}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

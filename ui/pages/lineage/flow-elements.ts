import { MarkerType, Position, type Edge } from "@xyflow/react";
import { useMemo } from "react";
import { EDGE_FACES } from "../../components/edge-types.js";
import type { LineageDirection } from "../../gql/graphql.js";
import type { FlowNode } from "./graph-node.js";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.js";
import type { Marks } from "./marks.js";
import { edgeKey } from "./merge.js";
import type { Merged } from "./use-lineage.js";

/** Given, not measured, so that links are drawn to nodes that are out of sight and never rendered. */
const HANDLES = [
  { type: "target", position: Position.Left, x: 0, y: NODE_HEIGHT / 2, width: 1, height: 1 },
  { type: "source", position: Position.Right, x: NODE_WIDTH, y: NODE_HEIGHT / 2, width: 1, height: 1 },
] satisfies FlowNode["handles"];

/** The nodes that are elements of the document: all, or where the rest is painted only these. */
export function useFlowNodes(
  merged: Merged,
  positions: ReadonlyMap<string, Point>,
  direction: LineageDirection,
  marks: Marks,
  only: ReadonlySet<string> | null,
): FlowNode[] {
  return useMemo(
    () =>
      (only === null ? merged.nodes : merged.nodes.filter(({ id }) => only.has(id))).map((node) => ({
        id: node.id,
        type: "node",
        position: positions.get(node.id) ?? { x: 0, y: 0 },
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        // Above the links that are brought forward, whose ends would hide the buttons at a node's side.
        zIndex: 2,
        handles: HANDLES,
        data: {
          node,
          hidden: merged.hidden.get(node.id) ?? 0,
          open: merged.open.has(node.id),
          isRoot: node.id === merged.root,
          direction,
          mark: marks.nodes.get(node.id) ?? null,
          dim: marks.dimRest && !marks.nodes.has(node.id),
        },
      })),
    [merged, positions, direction, marks, only],
  );
}

/** The links as elements of the document; none where they are painted. */
export function useFlowEdges(merged: Merged, selected: string | null, marks: Marks, painted: boolean): Edge[] {
  const titles = useMemo(() => new Map(merged.nodes.map((node) => [node.id, node.title])), [merged]);
  return useMemo(
    () =>
      (painted ? [] : merged.edges).map((edge) => {
        const { style, along } = EDGE_FACES[edge.type];
        const key = edgeKey(edge);
        const near = selected === key || selected === edge.from || selected === edge.to;
        const mark = marks.edges.get(key);
        const tone = mark === undefined ? (marks.dimRest ? " gedge-dim" : "") : ` gedge-${mark}`;
        const colour = mark === undefined || mark === "way" ? `var(--edge-${style})` : `var(--mark-${mark})`;
        return {
          id: key,
          source: edge.from,
          target: edge.to,
          className: `gedge gedge-${style}${near ? " gedge-near" : ""}${tone}`,
          ariaLabel: `${titles.get(edge.from) ?? edge.from} ${along} ${titles.get(edge.to) ?? edge.to}`,
          markerEnd: {
            type: MarkerType.ArrowClosed,
            color: colour,
            width: 14,
            height: 14,
            markerUnits: "userSpaceOnUse",
          },
          zIndex: near ? 1 : 0,
          interactionWidth: 14,
        };
      }),
    [merged, titles, selected, marks, painted],
  );
}

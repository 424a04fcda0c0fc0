import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { VisuallyHidden } from "@mantine/core";
import { createContext, memo, useContext, useEffect, useRef } from "react";
import { NodeBadges } from "../../components/node-badges.js";
import { LabelIcon, labelName } from "../../components/node-label.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { LineageDirection } from "../../gql/graphql.js";
import { MARK_WORDS, type Mark } from "./marks.js";
import { hiddenPhrase } from "./phrases.js";

const GraphNode_Node = graphql(/* GraphQL */ `
  fragment GraphNode_Node on GraphNode {
    id
    label
    title
    ...NodeBadges_Node
  }
`);

export type GraphNodeData = {
  readonly node: FragmentType<typeof GraphNode_Node>;
  readonly hidden: number;
  readonly open: boolean;
  readonly isRoot: boolean;
  readonly direction: LineageDirection;
  readonly mark: Mark | null;
  readonly dim: boolean;
};
export type FlowNode = Node<GraphNodeData, "node">;

/** What all nodes of the graph share, kept out of their data so that a selection doesn't make 500 nodes anew. */
export interface GraphActions {
  readonly selected: string | null;
  /** The one node that Tab reaches; arrow keys move it. */
  readonly current: string | null;
  /** Grows when the current node should take the focus, as after an arrow key; a fresh mount of it takes it as well. */
  readonly focusTurn: number;
  readonly onFocus: (id: string) => void;
  readonly onSelect: (id: string) => void;
  readonly onExpand: (id: string) => void;
  readonly onCollapse: (id: string) => void;
}
export const GraphActionsContext = createContext<GraphActions | null>(null);

/** One node: its kind, its title, what is worth knowing of it, and how many neighbours aren't drawn. */
export const GraphNodeView = memo(function GraphNodeView({ id, data }: NodeProps<FlowNode>) {
  const actions = useContext(GraphActionsContext);
  const node = readFragment(GraphNode_Node, data.node);
  const button = useRef<HTMLButtonElement>(null);
  const isCurrent = actions?.current === id;
  const focusTurn = actions?.focusTurn ?? 0;
  useEffect(() => {
    if (isCurrent && focusTurn > 0) button.current?.focus({ preventScroll: true });
  }, [isCurrent, focusTurn]);
  if (actions === null) return null;
  const rest = hiddenPhrase(data.hidden, data.direction);
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div
      className="gnode"
      data-label={node.label}
      data-root={data.isRoot || undefined}
      data-selected={actions.selected === id || undefined}
      data-mark={data.mark ?? undefined}
      data-dim={data.dim || undefined}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        ref={button}
        type="button"
        className="gnode-main nopan"
        tabIndex={tabIndex}
        data-node-id={id}
        aria-pressed={actions.selected === id}
        title={node.title}
        onFocus={() => actions.onFocus(id)}
        onClick={() => actions.onSelect(id)}
      >
        <span className="gnode-head">
          <LabelIcon label={node.label} size={20} />
          <span className="gnode-kind">{labelName(node.label)}</span>
          <span className="gnode-badges">
            <NodeBadges node={node} />
          </span>
        </span>
        <span className="gnode-title">{node.title}</span>
        <VisuallyHidden>
          {[data.isRoot ? "start node" : "", data.mark === null ? "" : MARK_WORDS[data.mark], rest]
            .filter(Boolean)
            .join(", ")}
        </VisuallyHidden>
      </button>
      {(data.hidden > 0 || data.open) && (
        <span className="gnode-expand nopan" data-side={data.direction === "DOWNSTREAM" ? "left" : "right"}>
          {data.open && (
            <button
              type="button"
              tabIndex={tabIndex}
              aria-label={`Fold away what ${node.title} opened`}
              title="Fold away"
              onClick={() => actions.onCollapse(id)}
            >
              −
            </button>
          )}
          {data.hidden > 0 && (
            <button
              type="button"
              tabIndex={tabIndex}
              aria-label={`Show ${rest} of ${node.title}`}
              title={`Show ${rest}`}
              onClick={() => actions.onExpand(id)}
            >
              +{data.hidden.toLocaleString("en")}
            </button>
          )}
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

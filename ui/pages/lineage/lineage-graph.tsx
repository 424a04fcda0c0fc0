import "@xyflow/react/dist/base.css";
import {
  Background,
  Controls,
  MarkerType,
  MiniMap,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Edge,
} from "@xyflow/react";
import { useMantineColorScheme } from "@mantine/core";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { EDGE_FACES } from "../../components/edge-types.js";
import { useAnnounce } from "../../components/live-region.js";
import type { LineageDirection } from "../../gql/graphql.js";
import { GraphActionsContext, GraphNodeView, type FlowNode, type GraphActions } from "./graph-node.js";
import { layOut, NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.js";
import { Legend } from "./legend.js";
import { edgeKey } from "./merge.js";
import { neighbourOf, type Way } from "./neighbour.js";
import type { Merged } from "./use-lineage.js";
import { centredOn, firstViewport, isInside, shifted } from "./viewport.js";

export interface GraphProps {
  readonly merged: Merged;
  readonly direction: LineageDirection;
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
  /** As onSelect, and the reader wants to go on in the card. */
  readonly onOpen: (id: string) => void;
  readonly onExpand: (id: string) => void;
  readonly onCollapse: (id: string) => void;
}

const NODE_TYPES = { node: GraphNodeView };
const WAYS: Readonly<Record<string, Way>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
/** A small map helps once the whole no longer fits. */
const MINIMAP_FROM = 40;
const MINIMAP_SIZE = { width: 130, height: 110 };
/** Given, not measured, so that links are drawn to nodes that are out of sight and never rendered. */
const HANDLES = [
  { type: "target", position: Position.Left, x: 0, y: NODE_HEIGHT / 2, width: 1, height: 1 },
  { type: "source", position: Position.Right, x: NODE_WIDTH, y: NODE_HEIGHT / 2, width: 1, height: 1 },
] satisfies FlowNode["handles"];

const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function useFlowNodes(merged: Merged, positions: ReadonlyMap<string, Point>, direction: LineageDirection): FlowNode[] {
  return useMemo(
    () =>
      merged.nodes.map((node) => ({
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
        },
      })),
    [merged, positions, direction],
  );
}

function useFlowEdges(merged: Merged, selected: string | null): Edge[] {
  const titles = useMemo(() => new Map(merged.nodes.map((node) => [node.id, node.title])), [merged]);
  return useMemo(
    () =>
      merged.edges.map((edge) => {
        const { style, along } = EDGE_FACES[edge.type];
        const key = edgeKey(edge);
        const near = selected === key || selected === edge.from || selected === edge.to;
        return {
          id: key,
          source: edge.from,
          target: edge.to,
          className: `gedge gedge-${style}${near ? " gedge-near" : ""}`,
          ariaLabel: `${titles.get(edge.from) ?? edge.from} ${along} ${titles.get(edge.to) ?? edge.to}`,
          markerEnd: {
            type: MarkerType.ArrowClosed,
            color: `var(--edge-${style})`,
            width: 14,
            height: 14,
            markerUnits: "userSpaceOnUse",
          },
          zIndex: near ? 1 : 0,
          interactionWidth: 14,
        };
      }),
    [merged, titles, selected],
  );
}

/** Laid out once per change of what is drawn, not per answer object. */
function useLayout(merged: Merged): ReadonlyMap<string, Point> {
  const last = useRef<{ readonly shape: string; readonly positions: ReadonlyMap<string, Point> } | null>(null);
  const shape = [...merged.nodes.map((node) => node.id), ...merged.edges.map(edgeKey)].join();
  if (last.current?.shape !== shape) last.current = { shape, positions: layOut(merged.nodes, merged.edges) };
  return last.current.positions;
}

function Graph({ merged, direction, selected, onSelect, onOpen, onExpand, onCollapse }: GraphProps) {
  const flow = useReactFlow<FlowNode, Edge>();
  const frame = useRef<HTMLDivElement>(null);
  const announce = useAnnounce();
  const { colorScheme } = useMantineColorScheme();
  const positions = useLayout(merged);
  const nodes = useFlowNodes(merged, positions, direction);
  const edges = useFlowEdges(merged, selected);
  const [current, setCurrent] = useState<string>(merged.root);
  const [focusTurn, setFocusTurn] = useState(0);
  const here = positions.has(current) ? current : merged.root;

  // The node that was acted on stays where the eye is, however the rest is laid out anew.
  const before = useRef<{ readonly root: string; readonly positions: ReadonlyMap<string, Point> } | null>(null);
  const anchor = useRef(here);
  anchor.current = here;
  const [ready, setReady] = useState(false);
  useLayoutEffect(() => {
    const size = frame.current?.getBoundingClientRect();
    if (!ready || size === undefined || size.width === 0) return;
    const anchorWas = before.current?.root === merged.root ? before.current.positions.get(anchor.current) : undefined;
    const anchorIs = positions.get(anchor.current);
    if (anchorWas !== undefined && anchorIs !== undefined)
      void flow.setViewport(shifted(flow.getViewport(), anchorWas, anchorIs));
    else void flow.setViewport(firstViewport([...positions.values()], positions.get(merged.root), size, direction));
    before.current = { root: merged.root, positions };
  }, [ready, flow, positions, merged.root, direction]);

  const show = useCallback(
    (id: string) => {
      const at = positions.get(id);
      const size = frame.current?.getBoundingClientRect();
      if (at === undefined || size === undefined || isInside(flow.getViewport(), at, size)) return;
      void flow.setViewport(centredOn(flow.getViewport(), at, size), reducedMotion() ? {} : { duration: 160 });
    },
    [flow, positions],
  );

  const goTo = (id: string) => {
    show(id);
    setCurrent(id);
    setFocusTurn((turn) => turn + 1);
  };

  // A card's link selects a node that may be out of sight.
  const latestShow = useRef(show);
  latestShow.current = show;
  useEffect(() => {
    if (selected !== null && ready) latestShow.current(selected);
  }, [selected, ready]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target as HTMLElement).closest(".gnode")) return;
    const way = WAYS[event.key];
    if (way !== undefined) {
      event.preventDefault();
      const next = neighbourOf(here, way, positions, merged.edges);
      if (next !== null) return goTo(next);
      const hidden = merged.hidden.get(here) ?? 0;
      announce(
        hidden > 0 ? `Nothing further this way is shown. Press E to show ${hidden} more.` : "Nothing further this way.",
      );
    } else if (event.key === "Home") {
      event.preventDefault();
      goTo(merged.root);
    } else if (event.key === "Enter" && (event.target as HTMLElement).dataset.nodeId !== undefined) {
      event.preventDefault();
      onOpen(here);
    } else if (event.key.toLowerCase() === "e") {
      event.preventDefault();
      if ((merged.hidden.get(here) ?? 0) > 0) onExpand(here);
      else if (merged.open.has(here)) onCollapse(here);
      else announce("All its neighbours this way are shown.");
    } else if (event.key === "Escape") onSelect(null);
  };

  const actions = useMemo<GraphActions>(
    () => ({
      selected,
      current: here,
      focusTurn,
      onFocus: setCurrent,
      onSelect: (id) => {
        setCurrent(id);
        onSelect(id);
      },
      onExpand: (id) => {
        setCurrent(id);
        onExpand(id);
      },
      onCollapse: (id) => {
        setCurrent(id);
        onCollapse(id);
      },
    }),
    [selected, here, focusTurn, onSelect, onExpand, onCollapse],
  );

  return (
    <div className="graph" ref={frame} onKeyDown={onKeyDown}>
      <GraphActionsContext value={actions}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          colorMode={colorScheme === "auto" ? "system" : colorScheme}
          onInit={() => setReady(true)}
          onEdgeClick={(_, edge) => onSelect(edge.id)}
          onPaneClick={() => onSelect(null)}
          onlyRenderVisibleElements
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          minZoom={0.08}
          maxZoom={1.75}
          zoomOnDoubleClick={false}
          aria-label="Lineage graph: arrow keys move, Enter opens, E shows hidden neighbours. The same rows stand in the table."
        >
          <Background gap={24} size={1} />
          <Controls showInteractive={false} position="bottom-right" />
          {nodes.length >= MINIMAP_FROM && (
            <MiniMap
              pannable
              position="top-right"
              style={MINIMAP_SIZE}
              nodeClassName="minimap-node"
              ariaLabel="Overview of the graph"
            />
          )}
        </ReactFlow>
      </GraphActionsContext>
      <Legend edges={merged.edges} />
    </div>
  );
}

/** The answer as a graph. Everything in it can be reached by keyboard, and the table says the same. */
export function LineageGraph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

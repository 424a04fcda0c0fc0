import "@xyflow/react/dist/base.css";
import {
  Background,
  ControlButton,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  type Edge,
} from "@xyflow/react";
import { useMantineColorScheme } from "@mantine/core";
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
} from "react";
import { useAnnounce } from "../../components/live-region.js";
import { useEye } from "./eye.js";
import type { LineageDirection } from "../../gql/graphql.js";
import { CanvasLayer, useScene } from "./canvas-layer.js";
import { useFlowEdges, useFlowNodes } from "./flow-elements.js";
import { GraphActionsContext, GraphNodeView, type FlowNode, type GraphActions } from "./graph-node.js";
import type { Point } from "./layout.js";
import { Legend } from "./legend.js";
import type { Marks } from "./marks.js";
import { neighbourOf, type Way } from "./neighbour.js";
import { hit } from "./paint.js";
import type { Merged } from "./use-lineage.js";
import { useLayout } from "./use-layout.js";
import { centredOn, eyeOf, firstViewport, isInside, seenFrom, shifted, wholeIn, type Eye } from "./viewport.js";

export interface GraphProps {
  readonly merged: Merged;
  readonly direction: LineageDirection;
  readonly selected: string | null;
  readonly marks: Marks;
  /** Where it is seen from at first; null leaves it to the graph. */
  readonly eye: Eye | null;
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
/** From here on links are painted, not elements of the document, and so are nodes that are seen from afar. */
const BIG = 150;
const BIG_LINKS = 400;
/** Nearer than this, titles can be read, and a window holds so few nodes that they may be elements. */
const FAR_BELOW = 0.5;
const LEAST_ZOOM = 0.08;
const NEAR = 500;

const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The nodes in the window and a little around it, worked out anew each time that one has moved a good way on. */
function useNear(positions: ReadonlyMap<string, Point>, on: boolean): readonly string[] {
  const area = useStore(({ transform: [x, y, zoom], width, height }) =>
    on ? [-x / zoom, -y / zoom, width / zoom, height / zoom].map((edge) => Math.floor(edge / NEAR)).join(" ") : "",
  );
  return useMemo(() => {
    if (area === "") return [];
    const [left = 0, top = 0, wide = 0, high = 0] = area.split(" ").map(Number);
    const inside = (at: number, from: number, size: number) =>
      at >= (from - 1) * NEAR && at <= (from + size + 3) * NEAR;
    return [...positions].filter(([, at]) => inside(at.x, left, wide) && inside(at.y, top, high)).map(([id]) => id);
  }, [area, positions]);
}

function Graph({ merged, direction, selected, marks, eye, onSelect, onOpen, onExpand, onCollapse }: GraphProps) {
  const flow = useReactFlow<FlowNode, Edge>();
  const frame = useRef<HTMLDivElement>(null);
  const announce = useAnnounce();
  const { colorScheme } = useMantineColorScheme();
  const positions = useLayout(merged);
  const big = merged.nodes.length > BIG || merged.edges.length > BIG_LINKS;
  const far = useStore((state) => big && state.transform[2] < FAR_BELOW);
  const [current, setCurrent] = useState<string>(merged.root);
  const [focusTurn, setFocusTurn] = useState(0);
  // A selection has no start; its first node is as good.
  const start = positions.has(merged.root) ? merged.root : (merged.nodes[0]?.id ?? "");
  const here = positions.has(current) ? current : start;
  const near = useNear(positions, big && !far);
  const elements = useMemo(() => (big ? new Set([...near, here]) : null), [big, near, here]);
  const nodes = useFlowNodes(merged, positions, direction, marks, elements);
  const edges = useFlowEdges(merged, selected, marks, big);
  const scene = useScene(merged, positions, marks, { withNodes: far, selected, current: here });
  const [under, setUnder] = useState<{ readonly x: number; readonly y: number; readonly title: string } | null>(null);

  // The node that was acted on stays where the eye is, however the rest is laid out anew.
  const before = useRef<{ readonly root: string; readonly positions: ReadonlyMap<string, Point> } | null>(null);
  const anchor = useRef(here);
  anchor.current = here;
  const [ready, setReady] = useState(false);
  // Until the reader takes over, the graph is seen from where the link has it, in whichever layout comes.
  const wanted = useRef(eye);
  const takeOver = () => {
    wanted.current = null;
  };
  useEye(() => {
    const size = frame.current?.getBoundingClientRect();
    return size === undefined || positions.size === 0 ? null : eyeOf(flow.getViewport(), size);
  });
  useLayoutEffect(() => {
    const size = frame.current?.getBoundingClientRect();
    if (!ready || size === undefined || size.width === 0) return;
    if (before.current !== null && before.current.root !== merged.root) wanted.current = null;
    const from = positions.size > 0 ? wanted.current : null;
    const anchorWas = before.current?.root === merged.root ? before.current.positions.get(anchor.current) : undefined;
    const anchorIs = positions.get(anchor.current);
    if (from !== null) void flow.setViewport(seenFrom(from, size));
    else if (anchorWas !== undefined && anchorIs !== undefined)
      void flow.setViewport(shifted(flow.getViewport(), anchorWas, anchorIs));
    else void flow.setViewport(firstViewport([...positions.values()], positions.get(start), size, direction));
    before.current = { root: merged.root, positions };
  }, [ready, flow, positions, merged.root, start, direction]);

  // What stands around the graph may come later and leave it less room: the middle stays the middle.
  const [width, height] = [useStore((state) => state.width), useStore((state) => state.height)];
  useEffect(() => {
    if (ready && wanted.current !== null && width > 0)
      void flow.setViewport(seenFrom(wanted.current, { width, height }));
  }, [ready, flow, width, height]);

  /** What is painted where the hand is. */
  const paintedAt = (event: MouseEvent | globalThis.MouseEvent): string | null =>
    hit(scene, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }), 8 / flow.getViewport().zoom);
  const nameUnder = (event: MouseEvent) => {
    const box = frame.current?.getBoundingClientRect();
    const id = event.buttons === 0 && box !== undefined ? paintedAt(event) : null;
    const title = id === null ? undefined : merged.nodes.find((node) => node.id === id)?.title;
    setUnder(title === undefined ? null : { x: event.clientX - box!.left, y: event.clientY - box!.top, title });
  };
  const showAll = () => {
    const size = frame.current?.getBoundingClientRect();
    if (size !== undefined) void flow.setViewport(wholeIn([...positions.values()], size));
  };
  // The whole of it must be within reach of the wheel.
  const least = useMemo(() => {
    const size = frame.current?.getBoundingClientRect() ?? { width: 1_000, height: 600 };
    return Math.min(LEAST_ZOOM, wholeIn([...positions.values()], size).zoom * 0.9);
  }, [positions]);

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
  const selectedAtFirst = useRef(selected);
  useEffect(() => {
    if (selected === null || !ready) return;
    // What a link has selected may be out of sight where it looks.
    if (wanted.current !== null && selected === selectedAtFirst.current) return;
    wanted.current = null;
    latestShow.current(selected);
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
      goTo(start);
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
    <div
      className="graph"
      ref={frame}
      onKeyDown={onKeyDown}
      onKeyDownCapture={takeOver}
      onPointerDownCapture={takeOver}
      onWheelCapture={takeOver}
      data-big={big || undefined}
      data-far={far || undefined}
      onMouseLeave={() => setUnder(null)}
    >
      {big && <CanvasLayer scene={scene} frame={frame} scheme={colorScheme} />}
      <GraphActionsContext value={actions}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          colorMode={colorScheme === "auto" ? "system" : colorScheme}
          onInit={() => setReady(true)}
          onEdgeClick={(_, edge) => onSelect(edge.id)}
          onPaneClick={(event) => onSelect(big ? paintedAt(event) : null)}
          {...(far && { onPaneMouseMove: nameUnder })}
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
          minZoom={least}
          maxZoom={1.75}
          zoomOnDoubleClick={false}
          aria-label="Lineage graph: arrow keys move, Enter opens, E shows hidden neighbours. The same rows stand in the table."
        >
          {!big && <Background gap={24} size={1} />}
          <Controls showInteractive={false} showFitView={false} position="bottom-right">
            <ControlButton
              className="react-flow__controls-fitview"
              onClick={showAll}
              title="Show all of it"
              aria-label="Show all of it"
            >
              <svg viewBox="0 0 12 12">
                <path d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8" fill="none" stroke="currentColor" strokeWidth="1.5" />
              </svg>
            </ControlButton>
          </Controls>
          {!big && nodes.length >= MINIMAP_FROM && (
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
      {far && under !== null && (
        <p className="under" style={{ left: under.x, top: under.y }} aria-hidden="true">
          {under.title}
        </p>
      )}
      <Legend edges={merged.edges} marks={marks} />
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

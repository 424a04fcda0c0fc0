import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef, type RefObject } from "react";
import { EDGE_FACES } from "../../components/edge-types.js";
import { badgesOf } from "../../components/node-badges.js";
import type { Point } from "./layout.js";
import type { Marks } from "./marks.js";
import { edgeKey } from "./merge.js";
import { readPalette } from "./palette.js";
import { paint, type Scene } from "./paint.js";
import type { Merged } from "./use-lineage.js";
import type { Viewport } from "./viewport.js";

/** Painted beyond each side of the frame, so that a drag of so far paints nothing anew. */
const BEYOND = 420;
/** While zooming the last picture is stretched; so long after the last step it is painted anew. */
const SETTLE_MS = 70;

/** What to paint of a view. */
export function sceneOf(
  merged: Merged,
  positions: ReadonlyMap<string, Point>,
  marks: Marks,
  selected: string | null,
): Pick<Scene, "nodes" | "edges"> {
  const place = (id: string) => positions.get(id) ?? { x: 0, y: 0 };
  return {
    nodes: merged.nodes.map((node) => {
      const tones = badgesOf(node).map(({ tone }) => tone);
      const mark = marks.nodes.get(node.id) ?? null;
      return {
        id: node.id,
        label: node.label,
        title: node.title,
        at: place(node.id),
        tone: tones.includes("bad") ? "bad" : tones.includes("warn") ? "warn" : null,
        hidden: merged.hidden.get(node.id) ?? 0,
        isRoot: node.id === merged.root,
        mark,
        dim: marks.dimRest && mark === null,
      };
    }),
    edges: merged.edges.map((edge) => {
      const key = edgeKey(edge);
      const near = selected !== null && (selected === key || selected === edge.from || selected === edge.to);
      const mark = marks.edges.get(key) ?? (near ? "way" : null);
      return {
        key,
        style: EDGE_FACES[edge.type].style,
        from: place(edge.from),
        to: place(edge.to),
        mark,
        dim: marks.dimRest && mark === null,
      };
    }),
  };
}

/** Worked out once per change of what is drawn. */
export function useScene(
  merged: Merged,
  positions: ReadonlyMap<string, Point>,
  marks: Marks,
  rest: Pick<Scene, "withNodes" | "selected" | "current">,
): Scene {
  const { withNodes, selected, current } = rest;
  const parts = useMemo(() => sceneOf(merged, positions, marks, selected), [merged, positions, marks, selected]);
  return useMemo(() => ({ ...parts, withNodes, selected, current }), [parts, withNodes, selected, current]);
}

interface Props {
  readonly scene: Scene;
  /** The frame that it fills. */
  readonly frame: RefObject<HTMLDivElement | null>;
  /** Another one means other colours. */
  readonly scheme: string;
}

/**
 * Draws a big graph: the links always, the nodes when seen from afar. A drag only moves the picture that was painted, so it costs the
 * same for ten nodes as for thousands.
 */
export function CanvasLayer({ scene, frame, scheme }: Props) {
  const store = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(scene);
  latest.current = scene;
  const repaint = useRef<() => void>(() => undefined);

  useEffect(() => {
    const element = canvas.current;
    const around = frame.current;
    const ctx = element?.getContext("2d");
    if (element === null || around === null || ctx == null) return;
    const palette = readPalette(around);
    let painted: Viewport | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const view = (): Viewport => {
      const [x, y, zoom] = store.getState().transform;
      return { x, y, zoom };
    };
    const draw = () => {
      clearTimeout(timer);
      timer = undefined;
      const { width, height } = around.getBoundingClientRect();
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const size = { width: width + 2 * BEYOND, height: height + 2 * BEYOND };
      const [w, h] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (element.width !== w || element.height !== h) {
        element.width = w;
        element.height = h;
        element.style.width = `${size.width}px`;
        element.style.height = `${size.height}px`;
      }
      painted = view();
      paint(ctx, latest.current, { ...painted, x: painted.x + BEYOND, y: painted.y + BEYOND }, size, ratio, palette);
      element.style.transform = "none";
    };
    const move = () => {
      if (painted === null) return draw();
      const now = view();
      const scale = now.zoom / painted.zoom;
      // The picture's corner is BEYOND above and left of the frame's.
      const x = now.x - scale * (painted.x + BEYOND) + BEYOND;
      const y = now.y - scale * (painted.y + BEYOND) + BEYOND;
      const far = Math.abs(now.x - painted.x) > BEYOND || Math.abs(now.y - painted.y) > BEYOND;
      if (scale === 1 && far) return draw();
      element.style.transform = `translate(${x}px, ${y}px)${scale === 1 ? "" : ` scale(${scale})`}`;
      if (scale !== 1) timer ??= setTimeout(draw, SETTLE_MS);
    };
    repaint.current = draw;
    draw();
    const leave = store.subscribe((state, before) => {
      // At once, so that the links move in the same frame as the nodes.
      if (state.transform !== before.transform) move();
    });
    const sizes = new ResizeObserver(draw);
    sizes.observe(around);
    return () => {
      leave();
      sizes.disconnect();
      clearTimeout(timer);
      repaint.current = () => undefined;
    };
  }, [store, frame, scheme]);

  useEffect(() => repaint.current(), [scene]);
  return (
    <div className="canvas-layer" aria-hidden="true" data-painted-nodes={scene.withNodes ? scene.nodes.length : 0}>
      <canvas ref={canvas} />
    </div>
  );
}

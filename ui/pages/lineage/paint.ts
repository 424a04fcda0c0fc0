import type { EdgeStyle } from "../../components/edge-types.js";
import type { NodeLabel } from "../../gql/graphql.js";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.js";
import type { Mark } from "./marks.js";
import type { Size, Viewport } from "./viewport.js";

export interface PaintedNode {
  readonly id: string;
  readonly label: NodeLabel;
  readonly title: string;
  readonly at: Point;
  /** Something is wrong with it, or may be. */
  readonly tone: "bad" | "warn" | null;
  /** Neighbours that aren't drawn. */
  readonly hidden: number;
  readonly isRoot: boolean;
  readonly mark: Mark | null;
  readonly dim: boolean;
}

export interface PaintedEdge {
  readonly key: string;
  readonly style: EdgeStyle;
  readonly from: Point;
  readonly to: Point;
  readonly mark: Mark | null;
  readonly dim: boolean;
}

export interface Scene {
  readonly nodes: readonly PaintedNode[];
  readonly edges: readonly PaintedEdge[];
  /** Whether the nodes are painted too; seen from nearby they are elements of the document, and only the links are painted. */
  readonly withNodes: boolean;
  readonly selected: string | null;
  readonly current: string | null;
}

/** Colours as the document has them, since a canvas knows no custom properties. */
export interface Palette {
  readonly label: (label: NodeLabel) => string;
  readonly edge: (style: EdgeStyle) => string;
  readonly mark: (mark: Mark) => string;
  readonly surface: string;
  readonly line: string;
  readonly ink: string;
  readonly focus: string;
  readonly bad: string;
  readonly warn: string;
  readonly font: string;
}

const DASHES: Record<EdgeStyle, readonly number[]> = {
  structure: [],
  support: [],
  contradiction: [7, 4],
  considered: [2, 4],
  context: [12, 4, 2, 4],
};
/** Nearer than this, a box has room for its title. */
const TITLES_FROM = 0.27;
/** Further than this, nobody sees that a link is curved. */
const CURVES_FROM = 0.2;
/** Nearer than this, one sees which way a link points. */
const ARROWS_FROM = 0.5;
const TITLE_PX = 10.5;
const DIMMED = 0.16;

/** A curve from the right side of one node to the left side of another, as React Flow draws it. */
export function curve(from: Point, to: Point): readonly [start: Point, c1: Point, c2: Point, end: Point] {
  const start = { x: from.x + NODE_WIDTH, y: from.y + NODE_HEIGHT / 2 };
  const end = { x: to.x, y: to.y + NODE_HEIGHT / 2 };
  const gap = end.x - start.x;
  const reach = gap >= 0 ? gap / 2 : 0.25 * 25 * Math.sqrt(-gap);
  return [start, { x: start.x + reach, y: start.y }, { x: end.x - reach, y: end.y }, end];
}

/** Points of the graph that are seen, as a rectangle. */
function seen({ x, y, zoom }: Viewport, size: Size) {
  return { left: -x / zoom, top: -y / zoom, right: (size.width - x) / zoom, bottom: (size.height - y) / zoom };
}

function paintEdges(ctx: CanvasRenderingContext2D, scene: Scene, view: Viewport, size: Size, palette: Palette): void {
  const area = seen(view, size);
  const straight = view.zoom < CURVES_FROM;
  const thin = Math.max(0.7, 1.5 * view.zoom) / view.zoom;
  const crowd = scene.edges.length > 800 && view.zoom < 0.4 ? 0.45 : 0.9;
  for (const { style, from, to, mark, dim } of scene.edges) {
    const [a, b, c, d] = curve(from, to);
    if (Math.max(a.x, d.x, b.x) < area.left || Math.min(a.x, d.x, c.x) > area.right) continue;
    if (Math.max(a.y, d.y) < area.top || Math.min(a.y, d.y) > area.bottom) continue;
    ctx.globalAlpha = dim ? DIMMED : mark === null ? crowd : 1;
    ctx.strokeStyle = mark === null || mark === "way" ? palette.edge(style) : palette.mark(mark);
    ctx.lineWidth = mark === null ? thin : 2.2 * thin;
    ctx.setLineDash(straight ? [] : (DASHES[style] as number[]));
    ctx.beginPath();
    ctx.moveTo(a.x, a.y);
    if (straight) ctx.lineTo(d.x, d.y);
    else ctx.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    ctx.stroke();
    if (view.zoom < ARROWS_FROM) continue;
    ctx.fillStyle = ctx.strokeStyle;
    ctx.beginPath();
    ctx.moveTo(d.x, d.y);
    ctx.lineTo(d.x - 8, d.y - 4);
    ctx.lineTo(d.x - 8, d.y + 4);
    ctx.fill();
  }
  ctx.setLineDash([]);
}

function fitted(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let [low, high] = [0, Math.min(text.length, 80)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ctx.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${text.slice(0, low)}…`;
}

function paintNodes(ctx: CanvasRenderingContext2D, scene: Scene, view: Viewport, size: Size, palette: Palette): void {
  const area = seen(view, size);
  const hair = 1 / view.zoom;
  const bar = Math.max(4, 2.5 * hair);
  ctx.font = `600 ${TITLE_PX * hair}px ${palette.font}`;
  ctx.textBaseline = "middle";
  for (const node of scene.nodes) {
    const { x, y } = node.at;
    if (x > area.right || x + NODE_WIDTH < area.left || y > area.bottom || y + NODE_HEIGHT < area.top) continue;
    const hue = palette.label(node.label);
    ctx.globalAlpha = node.dim ? DIMMED : 1;
    ctx.fillStyle = node.isRoot ? hue : palette.surface;
    ctx.fillRect(x, y, NODE_WIDTH, NODE_HEIGHT);
    ctx.strokeStyle = node.mark === null || node.mark === "way" ? palette.line : palette.mark(node.mark);
    ctx.lineWidth = node.mark === null || node.mark === "way" ? hair : 2.5 * hair;
    ctx.strokeRect(x, y, NODE_WIDTH, NODE_HEIGHT);
    ctx.fillStyle = hue;
    ctx.fillRect(x, y, bar, NODE_HEIGHT);
    if (node.tone !== null) {
      ctx.fillStyle = node.tone === "bad" ? palette.bad : palette.warn;
      ctx.fillRect(x + NODE_WIDTH - 2 * bar, y, 2 * bar, NODE_HEIGHT);
    }
    if (view.zoom >= TITLES_FROM) {
      ctx.fillStyle = node.isRoot ? palette.surface : palette.ink;
      const more = node.hidden === 0 ? "" : `+${node.hidden.toLocaleString("en")}`;
      const taken = more === "" ? 0 : ctx.measureText(more).width + 6 * hair;
      const room = NODE_WIDTH - bar - 14 * hair - (node.tone === null ? 0 : 2 * bar) - taken;
      ctx.fillText(fitted(ctx, node.title, room), x + bar + 5 * hair, y + NODE_HEIGHT / 2);
      if (more !== "") {
        ctx.fillStyle = palette.focus;
        const right = x + NODE_WIDTH - 4 * hair - (node.tone === null ? 0 : 2 * bar);
        ctx.fillText(more, right - taken + 6 * hair, y + NODE_HEIGHT / 2);
      }
    }
  }
  ctx.globalAlpha = 1;
  for (const node of scene.nodes) {
    const ring =
      node.id === scene.selected ? palette.label(node.label) : node.id === scene.current ? palette.focus : null;
    if (ring === null) continue;
    ctx.strokeStyle = ring;
    ctx.lineWidth = 3 * hair;
    const off = 3 * hair;
    ctx.strokeRect(node.at.x - off, node.at.y - off, NODE_WIDTH + 2 * off, NODE_HEIGHT + 2 * off);
  }
}

/** Paints what is seen of a scene; `ratio` is how many dots of the screen make one point. */
export function paint(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  view: Viewport,
  size: Size,
  ratio: number,
  palette: Palette,
): void {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  ctx.setTransform(ratio * view.zoom, 0, 0, ratio * view.zoom, ratio * view.x, ratio * view.y);
  paintEdges(ctx, scene, view, size, palette);
  if (scene.withNodes) paintNodes(ctx, scene, view, size, palette);
  ctx.globalAlpha = 1;
}

const between = (a: number, b: number, c: number, d: number, t: number) =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
const STEPS = 24;

/** What is painted at a point of the graph: a node's id, an edge's key, or nothing. `near`: how far from a link still counts. */
export function hit(scene: Scene, at: Point, near: number): string | null {
  if (scene.withNodes) {
    const node = scene.nodes.find(
      ({ at: { x, y } }) => at.x >= x && at.x <= x + NODE_WIDTH && at.y >= y && at.y <= y + NODE_HEIGHT,
    );
    if (node !== undefined) return node.id;
  }
  let best: string | null = null;
  let least = near;
  for (const { key, from, to } of scene.edges) {
    const [a, b, c, d] = curve(from, to);
    if (at.y < Math.min(a.y, d.y) - near || at.y > Math.max(a.y, d.y) + near) continue;
    for (let step = 0; step <= STEPS; step++) {
      const t = step / STEPS;
      const away = Math.hypot(between(a.x, b.x, c.x, d.x, t) - at.x, between(a.y, b.y, c.y, d.y, t) - at.y);
      if (away < least) [best, least] = [key, away];
    }
  }
  return best;
}

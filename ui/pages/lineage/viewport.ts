import type { LineageDirection } from "../../gql/graphql.js";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.js";

/** Where the graph is seen from: a point of it, times `zoom`, plus `x` and `y`, is a point of the frame. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const PADDING = 32;
/** Below this, titles can't be read: better to show a part well. */
const LEGIBLE = 0.6;
const READING = 0.85;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boundsOf(all: readonly Point[]): Box {
  const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y } of all) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + NODE_WIDTH);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + NODE_HEIGHT);
  }
  return box;
}

/** All of it in the middle of the frame, however small that makes it. */
export function wholeIn(all: readonly Point[], size: Size): Viewport {
  if (all.length === 0) return { x: 0, y: 0, zoom: 1 };
  const { left, right, top, bottom } = boundsOf(all);
  const zoom = Math.min(1, (size.width - 2 * PADDING) / (right - left), (size.height - 2 * PADDING) / (bottom - top));
  return { zoom, x: (size.width - (left + right) * zoom) / 2, y: (size.height - (top + bottom) * zoom) / 2 };
}

/** The whole graph when it can be read at that size, else the start node with the rest on the side that was asked for. */
export function firstViewport(
  all: readonly Point[],
  root: Point | undefined,
  size: Size,
  direction: LineageDirection,
): Viewport {
  if (root === undefined || all.length === 0) return { x: 0, y: 0, zoom: 1 };
  const whole = wholeIn(all, size);
  if (whole.zoom >= LEGIBLE) return whole;
  const { left, right } = boundsOf(all);
  const wide = (size.width - 2 * PADDING) / (right - left);
  const zoom = wide < LEGIBLE ? READING : Math.min(READING, wide);
  const middle = root.y + NODE_HEIGHT / 2;
  const y = size.height / 2 - middle * zoom;
  if ((right - left) * zoom <= size.width - 2 * PADDING)
    return { zoom, x: (size.width - (left + right) * zoom) / 2, y };
  if (direction === "UPSTREAM") return { zoom, x: PADDING - root.x * zoom, y };
  if (direction === "DOWNSTREAM") return { zoom, x: size.width - PADDING - (root.x + NODE_WIDTH) * zoom, y };
  return { zoom, x: size.width / 2 - (root.x + NODE_WIDTH / 2) * zoom, y };
}

/** The same view, when what was at one point is at another now. */
export const shifted = (view: Viewport, was: Point, is: Point): Viewport => ({
  zoom: view.zoom,
  x: view.x + (was.x - is.x) * view.zoom,
  y: view.y + (was.y - is.y) * view.zoom,
});

/** True when the whole node at `at` is seen. */
export function isInside({ x, y, zoom }: Viewport, at: Point, size: Size): boolean {
  const left = at.x * zoom + x;
  const top = at.y * zoom + y;
  return left >= 0 && top >= 0 && left + NODE_WIDTH * zoom <= size.width && top + NODE_HEIGHT * zoom <= size.height;
}

export const centredOn = ({ zoom }: Viewport, at: Point, size: Size): Viewport => ({
  zoom,
  x: size.width / 2 - (at.x + NODE_WIDTH / 2) * zoom,
  y: size.height / 2 - (at.y + NODE_HEIGHT / 2) * zoom,
});

/** The point of the graph in the middle of the frame: it says the same in a window of another size. */
export type Eye = Viewport;

export const eyeOf = ({ x, y, zoom }: Viewport, size: Size): Eye => ({
  zoom,
  x: (size.width / 2 - x) / zoom,
  y: (size.height / 2 - y) / zoom,
});

export const seenFrom = ({ x, y, zoom }: Eye, size: Size): Viewport => ({
  zoom,
  x: size.width / 2 - x * zoom,
  y: size.height / 2 - y * zoom,
});

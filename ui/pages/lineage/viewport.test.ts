import { expect, test } from "vitest";
import { centredOn, eyeOf, firstViewport, isInside, seenFrom, shifted } from "./viewport.js";

const size = { width: 1000, height: 700 };

test("a graph that can be read whole is shown whole, in the middle", () => {
  const view = firstViewport(
    [
      { x: 0, y: 0 },
      { x: 320, y: 0 },
    ],
    { x: 0, y: 0 },
    size,
    "UPSTREAM",
  );
  expect(view.zoom).toBe(1);
  expect(isInside(view, { x: 0, y: 0 }, size) && isInside(view, { x: 320, y: 0 }, size)).toBe(true);
});

test("a graph that is too large starts at its root, with room on the side that was asked for", () => {
  const far = Array.from({ length: 60 }, (_, i) => ({ x: (i % 8) * 320, y: i * 90 }));
  const root = { x: 0, y: 2000 };
  const up = firstViewport([root, ...far], root, size, "UPSTREAM");
  expect(up.zoom).toBeGreaterThanOrEqual(0.6);
  expect(isInside(up, root, size)).toBe(true);
  expect(root.x * up.zoom + up.x).toBeLessThan(size.width / 4);
  const right = { x: 8 * 320, y: 2000 };
  const down = firstViewport([right, ...far], right, size, "DOWNSTREAM");
  expect(isInside(down, right, size)).toBe(true);
  expect(right.x * down.zoom + down.x).toBeGreaterThan(size.width / 2);
});

test("the point acted on stays where it was on screen", () => {
  const view = { x: 10, y: 20, zoom: 0.8 };
  const was = { x: 100, y: 50 };
  const is = { x: 300, y: 10 };
  const next = shifted(view, was, is);
  expect(is.x * next.zoom + next.x).toBeCloseTo(was.x * view.zoom + view.x);
  expect(is.y * next.zoom + next.y).toBeCloseTo(was.y * view.zoom + view.y);
});

test("a node out of sight comes to the middle", () => {
  const at = { x: 5000, y: 5000 };
  const view = { x: 0, y: 0, zoom: 1 };
  expect(isInside(view, at, size)).toBe(false);
  expect(isInside(centredOn(view, at, size), at, size)).toBe(true);
});

test("nothing to show is no failure", () => {
  expect(firstViewport([], undefined, size, "BOTH")).toEqual({ x: 0, y: 0, zoom: 1 });
});

test("what was in the middle is in the middle of another window, and of the same one everything is where it was", () => {
  const view = { x: -310, y: 95, zoom: 0.7 };
  const eye = eyeOf(view, size);
  const same = seenFrom(eye, size);
  expect([same.x, same.y, same.zoom].map((n) => Math.round(n * 1e6) / 1e6)).toEqual([view.x, view.y, view.zoom]);
  const wide = seenFrom(eye, { width: 1600, height: 500 });
  expect(eye.x * wide.zoom + wide.x).toBeCloseTo(800);
  expect(eye.y * wide.zoom + wide.y).toBeCloseTo(250);
});

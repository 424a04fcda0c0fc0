import type { Point } from "./layout.js";
import type { LinkLike } from "./merge.js";

export type Way = "left" | "right" | "up" | "down";

const nearest = (ids: Iterable<string>, to: number, at: (id: string) => number | undefined): string | null => {
  let best: string | null = null;
  let least = Infinity;
  for (const id of ids) {
    const away = Math.abs((at(id) ?? Infinity) - to);
    if (away < least) [best, least] = [id, away];
  }
  return best;
};

/**
 * The node that an arrow key leads to; null where the way ends. Left and right follow links, against and along the arrow; of several
 * the one nearest in height. Up and down stay in the column, and reach each of its nodes in turn.
 */
export function neighbourOf(
  id: string,
  way: Way,
  positions: ReadonlyMap<string, Point>,
  edges: readonly LinkLike[],
): string | null {
  const here = positions.get(id);
  if (here === undefined) return null;
  const height = (other: string) => positions.get(other)?.y;
  if (way === "right" || way === "left") {
    const linked = edges.flatMap((edge) =>
      way === "right" ? (edge.from === id ? [edge.to] : []) : edge.to === id ? [edge.from] : [],
    );
    return nearest(
      linked.filter((other) => other !== id),
      here.y,
      height,
    );
  }
  const column = [...positions].filter(
    ([other, at]) => other !== id && Math.abs(at.x - here.x) < 1 && (way === "up" ? at.y < here.y : at.y > here.y),
  );
  return nearest(
    column.map(([other]) => other),
    here.y,
    height,
  );
}

import { useEffect, useRef, useState } from "react";
import { layOutMany } from "./big-layout.js";
import { layOut, type Point } from "./layout.js";
import { edgeKey } from "./merge.js";
import type { Merged } from "./use-lineage.js";

/** Up to here dagre is quick enough to be waited for. */
export const SMALL = 200;
/** Above this elk takes longer than a reader waits, and the order by neighbours stays. */
const ELK_UP_TO = 1_500;

interface Laid {
  readonly shape: string;
  readonly positions: ReadonlyMap<string, Point>;
}

/**
 * Where each node stands; worked out once per change of what is drawn, not per answer object. Up to 200 nodes by dagre. Above, a
 * quick order comes at once, so that a hop opens without waiting, and elk's better one replaces it when its worker is done.
 */
export function useLayout(merged: Merged): ReadonlyMap<string, Point> {
  const last = useRef<Laid | null>(null);
  const [better, setBetter] = useState<Laid | null>(null);
  const shape = [...merged.nodes.map((node) => node.id), ...merged.edges.map(edgeKey)].join();
  if (last.current?.shape !== shape) {
    const lay = merged.nodes.length <= SMALL ? layOut : layOutMany;
    last.current = { shape, positions: lay(merged.nodes, merged.edges) };
  }
  const graph = useRef(merged);
  graph.current = merged;
  useEffect(() => {
    const { nodes, edges } = graph.current;
    if (nodes.length <= SMALL || nodes.length > ELK_UP_TO) return;
    let stop = (): void => undefined;
    let left = false;
    void import("./elk.js").then(async ({ orderByElk }) => {
      if (left) return;
      const asked = orderByElk(nodes, edges);
      stop = asked.stop;
      const order = await asked.order;
      if (order !== null && !left) setBetter({ shape, positions: layOutMany(nodes, edges, order) });
    });
    return () => {
      left = true;
      stop();
    };
  }, [shape]);
  return better?.shape === shape ? better.positions : last.current.positions;
}

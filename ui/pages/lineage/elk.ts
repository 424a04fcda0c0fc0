import elkWorkerAddress from "elkjs/lib/elk-worker.min.js?url";
import ELK from "elkjs/lib/elk-api.js";
import type { Order } from "./big-layout.js";
import { columnsOf } from "./columns.js";
import { NODE_HEIGHT, NODE_WIDTH, type Placed } from "./layout.js";
import { edgeKey, type LinkLike } from "./merge.js";

const GIVE_UP_AFTER_MS = 8_000;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  // Columns are ours, so that facts stand under facts: elk takes them from where we say that nodes stand.
  "elk.layered.cycleBreaking.strategy": "INTERACTIVE",
  "elk.layered.layering.strategy": "INTERACTIVE",
  "elk.layered.nodePlacement.strategy": "SIMPLE",
  "elk.layered.thoroughness": "2",
  "elk.edgeRouting": "POLYLINE",
};

/**
 * How elk orders the nodes of each column, worked out in a worker that comes from our own address, as the page's policy asks. Null
 * when it takes too long. The function that comes along stops it.
 */
export function orderByElk(
  nodes: readonly Placed[],
  edges: readonly LinkLike[],
): { readonly order: Promise<Order | null>; readonly stop: () => void } {
  const worker = new Worker(elkWorkerAddress);
  const elk = new ELK({ workerFactory: () => worker });
  const column = columnsOf(nodes, edges);
  let stop = (): void => undefined;
  const order = new Promise<Order | null>((resolve) => {
    const timer = setTimeout(() => stop(), GIVE_UP_AFTER_MS);
    stop = () => {
      clearTimeout(timer);
      worker.terminate();
      resolve(null);
    };
    const asked = {
      id: "lineage",
      layoutOptions: OPTIONS,
      children: nodes.map(({ id }, index) => ({
        id,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        x: (column.get(id) ?? 0) * 2 * NODE_WIDTH,
        y: index * NODE_HEIGHT,
      })),
      edges: edges.map((edge) => ({ id: edgeKey(edge), sources: [edge.from], targets: [edge.to] })),
    };
    elk.layout(asked).then(
      (done) => {
        resolve(new Map((done.children ?? []).map(({ id, y }) => [id, y ?? 0])));
        stop();
      },
      () => stop(),
    );
  });
  return { order, stop: () => stop() };
}

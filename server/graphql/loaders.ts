import DataLoader from "dataloader";
import type { NodeId } from "../../graph-schema/node-id.js";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import type { Graph, Scope } from "../graph/graph.js";
import type { AnyNode } from "../graph/projection.js";
import { operationsById, type OperationRow } from "../commands/operation.query.js";
import { neighbours, type Neighbour, type Step } from "../reads/node/neighbours.query.js";
import { nodesById } from "../reads/node/node.query.js";
import { snapshotTexts } from "../reads/node/snapshot-text.query.js";

/** A node with the instant that it was read for. */
export type At<N extends AnyNode = AnyNode> = N & { readonly asOf: Instant };

export const at = <N extends AnyNode>(node: N, asOf: Instant): At<N> => Object.assign(node, { asOf });

interface Timed<K> {
  readonly key: K;
  readonly asOf: Instant;
}

/** Batches of one kind, one query per instant asked for; usually there is one. */
function timedLoader<K, V>(
  load: (keys: K[], asOf: Instant) => Promise<(key: K) => V>,
  cacheKey: (key: K) => string,
): DataLoader<Timed<K>, V, string> {
  return new DataLoader(
    async (wanted) => {
      const instants = [...new Set(wanted.map(({ asOf }) => asOf))];
      const found = new Map(
        await Promise.all(
          instants.map(
            async (asOf) =>
              [
                asOf,
                await load(
                  wanted.filter((one) => one.asOf === asOf).map(({ key }) => key),
                  asOf,
                ),
              ] as const,
          ),
        ),
      );
      return wanted.map(({ key, asOf }) => found.get(asOf)!(key));
    },
    { cacheKeyFn: ({ key, asOf }) => `${asOf} ${cacheKey(key)}`, maxBatchSize: 1_000 },
  );
}

export interface Loaders {
  readonly node: DataLoader<Timed<NodeId>, At | null, string>;
  readonly snapshotText: DataLoader<string, string | null>;
  readonly operation: DataLoader<string, OperationRow | null>;
  /** What stands one step away from the node, for its instant. */
  step(step: Step, node: At): Promise<(Neighbour & { node: At })[]>;
}

export function createLoaders(graph: Graph, scope: Scope): Loaders {
  const steps = new Map<string, DataLoader<Timed<string>, (Neighbour & { node: At })[], string>>();
  const stepLoader = (step: Step) => {
    const name = JSON.stringify(step);
    let loader = steps.get(name);
    if (loader === undefined) {
      loader = timedLoader(
        async (ids, asOf) => {
          const found = await neighbours(graph, scope, step, ids, asOf);
          return (id) => (found.get(id) ?? []).map((neighbour) => ({ ...neighbour, node: at(neighbour.node, asOf) }));
        },
        (id) => id,
      );
      steps.set(name, loader);
    }
    return loader;
  };
  return {
    node: timedLoader(
      async (ids, asOf) => {
        const found = await nodesById(graph, scope, ids, asOf);
        return (id) => {
          const node = found.get(formatNodeId(id.label, id.id));
          return node === undefined ? null : at(node, asOf);
        };
      },
      (id) => formatNodeId(id.label, id.id),
    ),
    snapshotText: new DataLoader(async (ids: readonly string[]) => {
      const found = await snapshotTexts(
        graph,
        scope,
        ids.map((id) => parseNodeId(id)?.id ?? ""),
      );
      return ids.map((id) => found.get(parseNodeId(id)?.id ?? "") ?? null);
    }),
    operation: new DataLoader(async (operationIds: readonly string[]) => {
      const rows = await graph.read(scope, operationsById, { operationIds: [...operationIds] });
      const found = new Map(rows.map((row) => [row.operationId, row]));
      return operationIds.map((id) => found.get(id) ?? null);
    }),
    step: (step, node) => stepLoader(step).load({ key: node.ulid, asOf: node.asOf }),
  };
}

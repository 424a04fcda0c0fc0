import DataLoader from "dataloader";
import type { NodeId } from "../../graph-schema/node-id.js";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import { bodiesByHash } from "../graph/body.query.js";
import type { Graph, Scope } from "../graph/graph.js";
import { DomainError } from "../errors.js";
import type { AnyNode } from "../graph/projection.js";
import { LIMITS } from "./limits.js";
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
  /** What was read; the texts of one request are bounded together. */
  snapshotText(snapshot: { readonly id: string; readonly bytes: number }): Promise<string | null>;
  /** What a stage answered with, by its hash; so many in one request. */
  stageOutput(hash: string): Promise<string | null>;
  readonly operation: DataLoader<string, OperationRow | null>;
  /** What stands one step away from the node, for its instant. */
  step(step: Step, node: At): Promise<(Neighbour & { node: At })[]>;
}

/** Counts what one request takes, and refuses what goes beyond. */
function budget(most: number, message: string): (amount: number) => void {
  let taken = 0;
  return (amount) => {
    taken += amount;
    if (taken > most) throw new DomainError("BAD_INPUT", message);
  };
}

export function createLoaders(graph: Graph, scope: Scope): Loaders {
  const takeNodes = budget(
    LIMITS.fieldNodes,
    `The document leads to more than ${LIMITS.fieldNodes} nodes; ask for fewer rows or fewer levels, or use \`lineage\`.`,
  );
  const takeText = budget(
    LIMITS.textBytes,
    `The document asks for more than ${LIMITS.textBytes} bytes of snapshot texts; ask for fewer at a time.`,
  );
  const texts = new DataLoader(
    async (ids: readonly string[]) => {
      const found = await snapshotTexts(
        graph,
        scope,
        ids.map((id) => parseNodeId(id)?.id ?? ""),
      );
      return ids.map((id) => found.get(parseNodeId(id)?.id ?? "") ?? null);
    },
    { maxBatchSize: 100 },
  );
  const takeOutputs = budget(
    LIMITS.stageOutputs,
    `The document asks for more than ${LIMITS.stageOutputs} outputs of stages; ask for fewer at a time.`,
  );
  const outputs = new DataLoader(
    async (hashes: readonly string[]) => {
      const rows = await graph.read(scope, bodiesByHash, { hashes });
      const found = new Map(rows.map(({ sha256, text }) => [sha256, text]));
      return hashes.map((hash) => found.get(hash) ?? null);
    },
    { maxBatchSize: 10 },
  );
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
    snapshotText: async ({ id, bytes }) => {
      takeText(bytes);
      return texts.load(id);
    },
    stageOutput: async (hash) => {
      takeOutputs(1);
      return outputs.load(hash);
    },
    operation: new DataLoader(async (operationIds: readonly string[]) => {
      const rows = await graph.read(scope, operationsById, { operationIds: [...operationIds] });
      const found = new Map(rows.map((row) => [row.operationId, row]));
      return operationIds.map((id) => found.get(id) ?? null);
    }),
    step: async (step, node) => {
      const found = await stepLoader(step).load({ key: node.ulid, asOf: node.asOf });
      takeNodes(found.length);
      return found;
    },
  };
}

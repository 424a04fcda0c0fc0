import { z } from "zod";
import { NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import type { NodeId } from "../../graph-schema/node-id.js";
import { NODES } from "../../graph-schema/nodes.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { WriteTx } from "./graph.js";
import { nodeRow, nodeRowOf, VERSIONED, type NodeOf } from "./projection.js";
import { defineQuery, noRow, params } from "./query.js";

/*
 * The life of a node: it is created, revised and never deleted. A node holds its present properties; a revision first
 * copies the outgoing ones into a Revision, so that an edit costs one node however many edges there are.
 */

/** The kind of a node as one token of the full-text index. */
export const labelKey = (label: NodeLabel): string => label.toLowerCase();

/** The tenant as one token of the full-text index: an analyser would split a slug at its hyphens. */
export const tenantKey = (tenantId: string): string => tenantId.replaceAll("-", "_");

const forLabels = <T>(make: (label: NodeLabel) => T) =>
  Object.fromEntries(NODE_LABELS.map((label) => [label, make(label)])) as Record<NodeLabel, T>;

export const createQueries = forLabels((label) =>
  defineQuery({
    name: `create${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ id: string; properties: object }>(),
    cypher: `CREATE (n:${label} {tenantId: $tenantId, id: $id}) SET n += $properties`,
    row: noRow,
  }),
);

const mergeQuery = (label: NodeLabel) =>
  defineQuery({
    name: `mergeKeyOf${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ key: string; id: string; properties: object }>(),
    cypher: `MERGE (n:${label} {tenantId: $tenantId, key: $key})
ON CREATE SET n.id = $id, n += $properties
RETURN n.id AS id`,
    row: z.object({ id: z.string() }),
  });

/** Only labels with a natural key have the index that finds it. */
export const findByKeyQueries: ReadonlyMap<NodeLabel, ReturnType<typeof mergeQuery>> = new Map(
  NODE_LABELS.filter((label) => "key" in NODES[label]).map((label) => [label, mergeQuery(label)]),
);

export const reviseQueries = forLabels((label) =>
  defineQuery({
    name: `revise${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ id: string; revisionId: string; changed: object; at: Instant; operationId: string }>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId, id: $id})
CREATE (past:Revision {tenantId: $tenantId, id: $revisionId})-[:REVISION_OF]->(n)
SET past += n {${VERSIONED[label].map((column) => `.${column}`).join(", ")}}, past.of = n.id, past.n = n.version, past.validFrom = n.versionFrom, past.validTo = $at, past.by = n.versionBy
SET n += $changed, n.version = n.version + 1, n.versionFrom = $at, n.versionBy = $operationId`,
    row: noRow,
  }),
);

export const presentQueries = forLabels((label) =>
  defineQuery({
    name: `present${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ id: string }>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId, id: $id}) RETURN ${nodeRow("n", "n", [label])} AS node`,
    row: z.object({ node: nodeRowOf(label) }),
  }),
);

type Properties<L extends NodeLabel> = z.input<(typeof NODES)[L]["shape"]> & { readonly title: string };

/** Where and by whom something is written: the transaction's instant and operation. */
export interface Stamp {
  readonly at: Instant;
  readonly operationId: string;
}

/** The properties of a node whose life begins now. */
export function newborn(tx: WriteTx, label: NodeLabel, properties: object, stamp: Stamp): object {
  return {
    ...properties,
    validFrom: stamp.at,
    validTo: FOREVER,
    version: 1,
    versionFrom: stamp.at,
    versionBy: stamp.operationId,
    ...(NODES[label].searched ? { tenantKey: tenantKey(tx.tenantId), labelKey: labelKey(label) } : {}),
  };
}

/** Creates a node that has no natural key. */
export async function createNode<L extends NodeLabel>(
  tx: WriteTx,
  node: NodeId & { label: L },
  properties: Properties<L>,
  stamp: Stamp,
): Promise<void> {
  await tx.run(createQueries[node.label], { id: node.id, properties: newborn(tx, node.label, properties, stamp) });
}

/** The node with this natural key: created under `node.id` when there was none, else the one that stands. */
export async function mergeNode<L extends NodeLabel>(
  tx: WriteTx,
  node: NodeId & { label: L },
  key: string,
  properties: Properties<L>,
  stamp: Stamp,
): Promise<{ id: string; created: boolean }> {
  const query = findByKeyQueries.get(node.label);
  if (query === undefined) throw new Error(`a ${node.label} has no natural key`);
  const [row] = await tx.run(query, { key, id: node.id, properties: newborn(tx, node.label, properties, stamp) });
  if (row === undefined) throw new Error("MERGE answers one row");
  return { id: row.id, created: row.id === node.id };
}

/** The node as it stands in this transaction; lock it first when you decide on it. */
export async function presentNode<L extends NodeLabel>(
  tx: WriteTx,
  label: L,
  id: string,
): Promise<NodeOf<L> | undefined> {
  const rows = await tx.run(presentQueries[label], { id });
  return rows[0]?.node as NodeOf<L> | undefined;
}

/**
 * Gives a node that this transaction has locked a new version with `wanted` properties, and keeps the outgoing ones.
 * Nothing is written when nothing differs. Answers whether it was.
 */
export async function reviseNode<L extends NodeLabel>(
  tx: WriteTx,
  node: NodeOf<L>,
  wanted: { readonly [P in keyof Properties<L>]?: Properties<L>[P] | undefined },
  revisionId: string,
  stamp: Stamp,
): Promise<boolean> {
  const before = node as unknown as Record<string, unknown>;
  const changed = Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name]),
    ),
  );
  if (Object.keys(changed).length === 0) return false;
  await tx.run(reviseQueries[node.label], { id: node.ulid, revisionId, changed, ...stamp });
  return true;
}

import { z } from "zod";
import {
  EVIDENCE_EDGES,
  LINEAGE_EDGES,
  NODE_LABELS,
  type EdgeType,
  type NodeLabel,
} from "../../../graph-schema/catalog.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { defineQuery, params } from "../../graph/query.js";

/** Hops upstream that are looked over, at most. */
export const MAX_DEPTH = 12;
/** Nodes upstream that are looked over; what lies behind isn't. */
const MOST_NODES = 10_000;
/** Operations that one statement looks for. */
const MOST_OPERATIONS = 1_000;

export const CHANGE_KINDS = ["CREATED", "REVISED", "OPENED", "CLOSED"] as const;

/** One thing that an operation did to a lineage. */
export interface LineageChange {
  readonly kind: (typeof CHANGE_KINDS)[number];
  /** The node that came or has a new version; null of edges. */
  readonly nodeId: string | null;
  /** The edge that opened or closed, and its ends; null of nodes. */
  readonly type: EdgeType | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly operationId: string;
}

const nodeRow = z.tuple([z.string(), z.string(), z.number(), z.string()]);
const edgeRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string().nullable(),
]);
const row = z.object({ nodes: z.array(nodeRow), edges: z.array(edgeRow) });

const edgeOf = (r: string): string =>
  `[type(${r}), labels(startNode(${r}))[0], startNode(${r}).id, labels(endNode(${r}))[0], endNode(${r}).id, ${r}.openedBy, ${r}.closedBy]`;
const touched = (r: string): string => `(${r}.openedBy IN $operations OR ${r}.closedBy IN $operations)`;

/**
 * What operations did around a node: to what it stands on, over edges that are open or that they closed, and one step along
 * every edge that lineage can follow. Operations are looked for by their ids, so that no clock matters: what has been
 * committed with an event is found with it, however late. Of a node the present version is looked at, and those that a later
 * change has covered; one in its first version has none behind it, and isn't looked behind: that would cost most of the time
 * around a hub.
 */
const changesText = (label: NodeLabel): string => `MATCH (root:${label} {tenantId: $tenantId, id: $id})
MATCH (root)-[path:${EVIDENCE_EDGES.join("|")}*0..${MAX_DEPTH}]->(n)
WHERE all(r IN path WHERE r.validTo = $forever OR r.closedBy IN $operations)
WITH root, n, min(size(path)) AS level
WHERE level <= $depth
WITH root, n, level ORDER BY level, n.id LIMIT ${MOST_NODES}
WITH root, collect(n) AS near, [one IN collect([n, level]) WHERE one[1] < $depth | one[0]] AS inner
CALL (inner) {
  UNWIND inner AS n
  MATCH (n)-[r:${LINEAGE_EDGES.join("|")}]->(m)
  WHERE ${touched("r")}
  RETURN collect(${edgeOf("r")}) AS upstream
}
CALL (inner) {
  UNWIND inner AS n
  MATCH (n)<-[r:CONFLICTS_WITH]-(m)
  WHERE ${touched("r")}
  RETURN collect(${edgeOf("r")}) AS conflicts
}
CALL (root) {
  MATCH (root)<-[r:${LINEAGE_EDGES.join("|")}]-(m)
  WHERE r.validTo = $forever OR ${touched("r")}
  RETURN collect(CASE WHEN ${touched("r")} THEN ${edgeOf("r")} END) AS downstream, collect(DISTINCT m) AS standing
}
WITH upstream, conflicts, downstream, near + standing AS seen
CALL (seen) {
  UNWIND seen AS n
  WITH n WHERE n.versionBy IN $operations
  RETURN collect(DISTINCT [labels(n)[0], n.id, n.version, n.versionBy]) AS present
}
CALL (seen) {
  UNWIND seen AS n
  WITH n WHERE n.version > 1
  MATCH (past:Revision)-[:REVISION_OF]->(n)
  WHERE past.by IN $operations
  RETURN collect(DISTINCT [labels(n)[0], n.id, past.n, past.by]) AS covered
}
RETURN present + covered AS nodes, upstream + conflicts + downstream AS edges`;

interface ChangesParams {
  readonly id: string;
  readonly depth: number;
  readonly operations: readonly string[];
  readonly forever: number;
}

const queries = Object.fromEntries(
  NODE_LABELS.map((label) => [
    label,
    defineQuery({
      name: `changesAround${label}`,
      mode: "read",
      scope: "tenant",
      params: params<ChangesParams>(),
      cypher: changesText(label),
      row,
    }),
  ]),
) as Record<NodeLabel, ReturnType<typeof defineQuery<ChangesParams, z.infer<typeof row>>>>;

const waiting = defineQuery({
  name: "unwatchedEvents",
  mode: "read",
  scope: "tenant",
  params: params<{ limit: number }>(),
  cypher: `MATCH (e:Unwatched {tenantId: $tenantId}) WHERE e.id > ""
WITH e ORDER BY e.tenantId, e.id LIMIT $limit
RETURN e.id AS id, e.operationId AS operationId, e.at AS at`,
  row: z.object({ id: z.string(), operationId: z.string(), at: z.number() }),
});

const recent = defineQuery({
  name: "eventsBehind",
  mode: "read",
  scope: "tenant",
  params: params<{ after: string; limit: number }>(),
  cypher: `MATCH (e:OutboxEvent {tenantId: $tenantId}) WHERE e.id > $after
WITH e ORDER BY e.tenantId, e.id LIMIT $limit
RETURN e.id AS id, e.operationId AS operationId, e.at AS at`,
  row: z.object({ id: z.string(), operationId: z.string(), at: z.number() }),
});

export const lineageChangedQueries = [...Object.values(queries), waiting, recent];

export interface SeenEvent {
  readonly id: string;
  readonly operationId: string;
  readonly at: number;
}

/** Events that no watch was held against yet, the oldest first. */
export const readUnwatched = (reader: Reader, limit: number): Promise<SeenEvent[]> => reader.run(waiting, { limit });

/** Events whose ids come after one, in their order. */
export const readEvents = (reader: Reader, after: string, limit: number): Promise<SeenEvent[]> =>
  reader.run(recent, { after, limit });

/** What these operations did around the node, each thing once, ordered; empty when nothing, or when there is no such node. */
export async function changesAround(
  reader: Reader,
  { label, id }: NodeId,
  depth: number,
  operations: readonly string[],
): Promise<LineageChange[]> {
  const found = new Map<string, LineageChange>();
  for (let i = 0; i < operations.length; i += MOST_OPERATIONS) {
    const some = operations.slice(i, i + MOST_OPERATIONS);
    const [around] = await reader.run(queries[label], { id, depth, operations: some, forever: FOREVER });
    for (const change of around === undefined ? [] : toldOf(around, new Set(some)))
      found.set(JSON.stringify(change), change);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

function* toldOf({ nodes, edges }: z.infer<typeof row>, asked: ReadonlySet<string>): Generator<LineageChange> {
  const node = { type: null, from: null, to: null };
  for (const [label, id, version, operationId] of nodes)
    yield { kind: version === 1 ? "CREATED" : "REVISED", nodeId: `${label}:${id}`, ...node, operationId };
  for (const [type, fromLabel, from, toLabel, to, openedBy, closedBy] of edges) {
    const edge = { nodeId: null, type: type as EdgeType, from: `${fromLabel}:${from}`, to: `${toLabel}:${to}` };
    if (asked.has(openedBy)) yield { kind: "OPENED", ...edge, operationId: openedBy };
    if (closedBy !== null && asked.has(closedBy)) yield { kind: "CLOSED", ...edge, operationId: closedBy };
  }
}

import { ulid } from "ulid";
import type { EdgeType, NodeLabel } from "../../graph-schema/catalog.js";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import { tenantKey } from "../../server/graph/life.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { testGraph } from "./graph.js";
import type { TestTenant } from "./tenant.js";

/*
 * Graphs put into the store as they are, for reads that need thousands of nodes or intervals of the past. They stand in the
 * tenant and in its twin, under the same ids. What a command can make belongs to build.ts.
 */

export interface PlantedNode {
  /** The public id. */
  readonly id: string;
  readonly title?: string;
  readonly validFrom?: Instant;
  readonly properties?: object;
}

export interface PlantedEdge {
  readonly type: EdgeType;
  /** Public ids. */
  readonly from: string;
  readonly to: string;
  readonly validFrom?: Instant;
  readonly validTo?: Instant;
  readonly openedBy?: string;
}

/** When whatever is planted without an instant begins. */
export const PLANTED_AT: Instant = Date.UTC(2026, 0, 1);

/** The same of edges: somebody put it there. */
const EDGE_DEFAULTS: Partial<Record<EdgeType, object>> = {
  SUPPORTED_BY: { basis: "PERSON" },
  CONTRADICTED_BY: { basis: "PERSON" },
  CONSIDERED: { basis: "PERSON" },
};

/** The stored properties that the shapes demand, by label. */
const DEFAULTS: Partial<Record<NodeLabel, object>> = {
  Source: {
    url: "https://planted.example/",
    publisher: "Planted",
    tier: 2,
    reliability: "B",
    retrievedAt: PLANTED_AT,
    independenceGroup: "planted.example",
    status: "ACTIVE",
  },
  Snapshot: {
    url: "https://planted.example/",
    sha256: "0".repeat(64),
    mediaType: "text/plain",
    capturedAt: PLANTED_AT,
    kind: "FULL",
    bytes: 1,
    cut: false,
  },
  Fact: { kind: "KEY_FACT", quotePrefix: "", quoteExact: "planted", quoteSuffix: "" },
  Claim: { kind: "OTHER", status: "STATED" },
  Scene: { ordinal: 1 },
  Episode: { status: "DRAFT" },
  Topic: {},
  Decision: { outcome: "planted", rationale: "planted", decidedAt: PLANTED_AT },
  Incident: { severity: 3, status: "OPEN", openedAt: PLANTED_AT },
};

/** A public id that nothing else has. */
export const plantedId = (label: NodeLabel): string => formatNodeId(label, ulid());

const part = (id: string) => {
  const parsed = parseNodeId(id);
  if (parsed === null) throw new Error(`no id: ${id}`);
  return parsed;
};

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

const batches = <T>(items: readonly T[], size = 3_000): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

export async function plant(
  t: TestTenant,
  nodes: readonly PlantedNode[],
  edges: readonly PlantedEdge[],
): Promise<void> {
  await Promise.all([t.id, t.twinId].map((tenantId) => plantIn(tenantId, nodes, edges)));
}

async function plantIn(tenantId: string, nodes: readonly PlantedNode[], edges: readonly PlantedEdge[]): Promise<void> {
  const graph = testGraph();
  const scope = { tenantId, timeoutMs: 60_000 };
  // A transaction for each batch: one for all of a big graph would need more memory than the database gives it.
  const run = (query: ReturnType<typeof plantNodes>, rows: object[]) =>
    graph.write(scope, (tx) => tx.run(query, { rows }));
  for (const [label, some] of grouped(nodes, ({ id }) => part(id).label)) {
    const rows = some.map(({ id, title = id, validFrom = PLANTED_AT, properties = {} }) => ({
      ...DEFAULTS[label as NodeLabel],
      title,
      tenantKey: tenantKey(tenantId),
      validFrom,
      validTo: FOREVER,
      version: 1,
      versionFrom: validFrom,
      ...properties,
      id: part(id).id,
    }));
    for (const batch of batches(rows)) await run(plantNodes(label as NodeLabel), batch);
  }
  for (const [, some] of grouped(edges, ({ type, from, to }) => [type, part(from).label, part(to).label].join(" "))) {
    const { type, from, to } = some[0]!;
    const rows = some.map(({ validFrom = PLANTED_AT, validTo = FOREVER, openedBy = "planted", ...edge }) => ({
      from: part(edge.from).id,
      to: part(edge.to).id,
      properties: { ...EDGE_DEFAULTS[type], validFrom, validTo, openedBy },
    }));
    for (const batch of batches(rows)) await run(plantEdges(type, part(from).label, part(to).label), batch);
  }
}

const plantNodes = (label: NodeLabel) =>
  defineQuery({
    name: `plant${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ rows: object[] }>(),
    cypher: `UNWIND $rows AS row CREATE (n:${label} {tenantId: $tenantId}) SET n += row`,
    row: noRow,
  });

const plantEdges = (type: EdgeType, from: NodeLabel, to: NodeLabel) =>
  defineQuery({
    name: `plant${type}`,
    mode: "write",
    scope: "tenant",
    params: params<{ rows: object[] }>(),
    cypher: `UNWIND $rows AS row
MATCH (a:${from} {tenantId: $tenantId, id: row.from}), (b:${to} {tenantId: $tenantId, id: row.to})
CREATE (a)-[r:${type}]->(b) SET r = row.properties`,
    row: noRow,
  });

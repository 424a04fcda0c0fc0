import { z } from "zod";
import { EDGE_TYPES, EDGES, type EdgeType, type Label } from "../../graph-schema/catalog.js";
import { TENANT_STATUSES } from "../../graph-schema/nodes/tenant.js";
import { defineQuery, noRow, params, type AnyQuery } from "../graph/query.js";
import { EXPORTED, keyOf, MARKS } from "./content.query.js";
import type { Properties } from "./export.js";

/*
 * What an export is read back with. How far it got stands on the tenant's own node, in the transaction of each batch, so that
 * a batch is written once, whatever became of the process or of a COMMIT's reply.
 */

/** In place of how many steps are done: what was here before isn't all dropped yet, and nothing is written till then. */
export const DROPPING = -1;

/** How a tenant stands that may be restored: `_restoring` is the SHA-256 of its export, `_restored` how many steps are done. */
export const restoreState = defineQuery({
  name: "restoreState",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t._lock = true
RETURN t.status AS status, t.movesTo AS movesTo, t._opensAs AS opensAs, t._restoring AS sha256, coalesce(t._restored, 0) AS done`,
  row: z.object({
    status: z.string(),
    movesTo: z.string().nullable(),
    opensAs: z.string().nullable(),
    sha256: z.string().nullable(),
    done: z.number(),
  }),
});

/** Puts the tenant's node there, shut. */
export const beginRestore = defineQuery({
  name: "beginRestore",
  mode: "write",
  scope: "tenant",
  params: params<{ properties: Properties; status: string; movesTo: string | null; sha256: string; done: number }>(),
  cypher: `MERGE (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t += $properties, t.status = "RESTORING", t.movesTo = $movesTo, t._restoring = $sha256, t._restored = $done, t._opensAs = $status, t._leftAs = null, t._cameAs = null`,
  row: noRow,
});

export const noteRestored = defineQuery({
  name: "noteRestored",
  mode: "write",
  scope: "tenant",
  params: params<{ done: number }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t._restored = $done`,
  row: noRow,
});

/** What a move that was called off brought here is none of its tenants any more: a stone that says where the tenant is. */
export const giveUpRestored = defineQuery({
  name: "giveUpRestored",
  mode: "write",
  scope: "tenant",
  params: params<{ movesTo: string }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t.status = "MOVED", t.movesTo = $movesTo, t.title = t.id, t._opensAs = null, t._restoring = null, t._restored = null`,
  row: noRow,
});

/**
 * Opens it as it was when it was exported; that is no change of its own, so it has no new version. What it came as stays, so that
 * a move knows what it brought.
 */
export const openRestored = defineQuery({
  name: "openRestored",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t.status = t._opensAs, t._cameAs = t._restoring, t._opensAs = null, t._restoring = null, t._restored = null`,
  row: noRow,
});

/** The status before the present one, as the history has it. */
export const statusBefore = defineQuery({
  name: "tenantStatusBefore",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})<-[:REVISION_OF]-(r:Revision)
WHERE r.n = t.version - 1
RETURN r.status AS status`,
  row: z.object({ status: z.enum(["ACTIVE", "SUSPENDED"]) }),
});

/**
 * Shuts what was on its way for good, and notes as which export it left: only while it is as it was when that export was begun. A
 * move that was called off since, begun again, or carried further by another go of it is another one.
 */
export const leaveRegion = defineQuery({
  name: "leaveRegion",
  mode: "write",
  scope: "tenant",
  params: params<{ to: string; version: number; leftAs: string | null; sha256: string }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t._lock = true
WITH t WHERE t.status IN ["MOVING", "MOVED"] AND t.movesTo = $to AND t.version = $version
  AND (t._leftAs IS NULL OR t._leftAs = $leftAs OR t._leftAs = $sha256)
SET t.status = "MOVED", t._leftAs = $sha256
RETURN t.id AS id`,
  row: z.object({ id: z.string() }),
});

/** The name goes with the rest; the id and where it went stay. */
export const bareStone = defineQuery({
  name: "bareStone",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t._lock = true
WITH t WHERE t.status = "MOVED"
SET t.title = t.id`,
  row: noRow,
});

/** Where a tenant stands on its way, by its database's clock; a row for one that is here in whatever state. */
export const moveState = defineQuery({
  name: "moveState",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
RETURN t.status AS status, t.movesTo AS movesTo, t.region AS region, t.allowedRegions AS allowedRegions, t.version AS version,
  t._leftAs AS leftAs, t._cameAs AS cameAs, t.versionFrom AS since, datetime.realtime().epochMillis AS now`,
  row: z.object({
    status: z.enum(TENANT_STATUSES),
    movesTo: z.string().nullable(),
    region: z.string(),
    allowedRegions: z.array(z.string()),
    version: z.number(),
    leftAs: z.string().nullable(),
    cameAs: z.string().nullable(),
    since: z.number(),
    now: z.number(),
  }),
});

export interface NodeRow {
  readonly key: string;
  readonly marks: readonly string[];
  readonly properties: Properties;
}

/** Of each label but the tenant's own node, which stands already. */
export const nodeCreations = new Map(
  EXPORTED.filter((label) => label !== "Tenant").map((label: Label) => [
    label,
    defineQuery({
      name: `restore${label}`,
      mode: "write",
      scope: "tenant",
      params: params<{ rows: readonly NodeRow[] }>(),
      cypher: [
        `UNWIND $rows AS row`,
        `CREATE (n:${label} {tenantId: $tenantId, ${keyOf(label)}: row.key})`,
        `SET n += row.properties`,
        ...(MARKS[label] ?? []).map(
          (mark) => `FOREACH (mark IN [one IN row.marks WHERE one = "${mark}"] | SET n:${mark})`,
        ),
      ].join("\n"),
      row: noRow,
    }),
  ]),
);

export interface EdgeLine {
  readonly from: string;
  readonly to: string;
  readonly properties: Properties;
}

export const edgeKind = (type: string, from: string, to: string): string => `${type} ${from} ${to}`;

const creation = (type: EdgeType, from: Label, to: Label) =>
  defineQuery({
    name: `restore${type}From${from}To${to}`,
    mode: "write",
    scope: "tenant",
    params: params<{ rows: readonly EdgeLine[] }>(),
    cypher: `UNWIND $rows AS row
MATCH (a:${from} {tenantId: $tenantId, ${keyOf(from)}: row.from}), (b:${to} {tenantId: $tenantId, ${keyOf(to)}: row.to})
CREATE (a)-[r:${type}]->(b)
SET r += row.properties
RETURN count(r) AS created`,
    row: z.object({ created: z.number() }),
  });

/** Of each pair of labels that the catalog lets a type join. */
export const edgeCreations = new Map(
  EDGE_TYPES.flatMap((type) =>
    EDGES[type].endpoints.map(([from, to]) => [edgeKind(type, from, to), creation(type, from, to)] as const),
  ),
);

export const restoreQueries: readonly AnyQuery[] = [
  restoreState,
  beginRestore,
  noteRestored,
  giveUpRestored,
  openRestored,
  statusBefore,
  leaveRegion,
  bareStone,
  moveState,
  ...nodeCreations.values(),
  ...edgeCreations.values(),
];

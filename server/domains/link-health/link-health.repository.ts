import { z } from "zod";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../../graph/query.js";
import type { Health } from "./health.js";
import { LINK_OUTCOMES } from "./look.js";

export const healthRow = z.object({
  lookedAt: z.number(),
  outcome: z.enum(LINK_OUTCOMES),
  status: z.number().nullable(),
  error: z.string().nullable(),
  movedTo: z.string().nullable(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  failures: z.number(),
  failingSince: z.number().nullable(),
  was: z.string().nullable(),
});

const HEALTH = Object.keys(healthRow.shape)
  .map((name) => `${name}: h.${name}`)
  .join(", ");
/** Cypher for the health of `h`, null where nobody has looked yet. */
export const healthMap = `CASE WHEN h IS NULL THEN null ELSE {${HEALTH}} END`;

/**
 * The next sources of a round, in order of id, with what is known of their addresses. What is retracted is done with, and so is what
 * the round has looked at while something before it was left.
 */
export const addressesBehind = defineQuery({
  name: "addressesToLookAt",
  mode: "read",
  scope: "tenant",
  params: params<{ after: string; startedAt: Instant; most: number }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId})
WHERE s.id > $after AND s.status <> "RETRACTED"
OPTIONAL MATCH (h:LinkHealth {tenantId: $tenantId, id: s.id})
WITH s, h WHERE h IS NULL OR h.lookedAt < $startedAt
WITH s, h ORDER BY s.tenantId, s.id LIMIT $most
RETURN s.id AS id, s.url AS url, s.status AS sourceStatus, ${healthMap} AS health`,
  row: z.object({
    id: z.string(),
    url: z.string(),
    sourceStatus: z.enum(SOURCE_STATUSES),
    health: healthRow.nullable(),
  }),
});

/** An address of each host that answered when it was looked at last, but of these hosts; those looked at last come first. */
export const answeringHosts = defineQuery({
  name: "answeringHosts",
  mode: "read",
  scope: "tenant",
  params: params<{ but: readonly string[]; most: number }>(),
  cypher: `MATCH (h:LinkHealth {tenantId: $tenantId})
WHERE h.id > "" AND h.status IS NOT NULL
MATCH (s:Source {tenantId: $tenantId, id: h.id})
WITH h, s, split(s.url, "/")[2] AS host
WHERE NOT host IN $but
WITH host, h, s ORDER BY h.lookedAt DESC, s.id
WITH host, max(h.lookedAt) AS lookedAt, head(collect({id: s.id, url: s.url})) AS one
RETURN one.id AS id, one.url AS url ORDER BY lookedAt DESC, host LIMIT $most`,
  row: z.object({ id: z.string(), url: z.string() }),
});

/** What is known of these addresses, for whoever has locked their sources. */
export const healthOfSources = defineQuery({
  name: "healthOfSources",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (h:LinkHealth {tenantId: $tenantId, id: id})
RETURN h.id AS id, ${healthMap} AS health`,
  row: z.object({ id: z.string(), health: healthRow }),
});

export const keepHealth = defineQuery({
  name: "keepLinkHealth",
  mode: "write",
  scope: "tenant",
  params: params<{ rows: readonly { readonly id: string; readonly health: Health }[] }>(),
  cypher: `UNWIND $rows AS row
MERGE (h:LinkHealth {tenantId: $tenantId, id: row.id})
SET h += row.health`,
  row: noRow,
});

/** How far the round has come: behind which source it goes on; empty once it is over. */
export const linkRound = defineQuery({
  name: "linkRound",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (r:LinkRound {tenantId: $tenantId, id: "round"})
RETURN r.after AS after, r.startedAt AS startedAt`,
  row: z.object({ after: z.string(), startedAt: z.number() }),
});

export const keepRound = defineQuery({
  name: "keepLinkRound",
  mode: "write",
  scope: "tenant",
  params: params<{ after: string; startedAt: Instant }>(),
  cypher: `MERGE (r:LinkRound {tenantId: $tenantId, id: "round"})
SET r.after = $after, r.startedAt = $startedAt`,
  row: noRow,
});

export const linkHealthQueries = [addressesBehind, answeringHosts, healthOfSources, keepHealth, linkRound, keepRound];

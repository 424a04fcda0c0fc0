import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { VERSIONED } from "../../graph/projection.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

/** Facts that are computed from others are followed so far. */
const DERIVATIONS = 8;

/** Cypher for the facts that were computed from `f`, itself included, as `g`. */
const derived = `MATCH (f)<-[way:DERIVED_FROM*0..${DERIVATIONS}]-(g:Fact)
WHERE all(r IN way WHERE r.validTo = $forever)
WITH DISTINCT g`;

/** Claims that a fact supports and nobody found wrong, in order of id. */
const supported = `MATCH (g)<-[:SUPPORTED_BY {validTo: $forever}]-(c:Claim)
WHERE c.id > $after AND c.status <> "WRONG"
WITH DISTINCT c ORDER BY c.id LIMIT $most
RETURN c.id AS id`;

interface StandingParams {
  readonly ids: readonly string[];
  readonly after: string;
  readonly most: number;
  readonly forever: Instant;
}
const idRow = z.object({ id: z.string() });

export const claimsOnSources = defineQuery({
  name: "claimsStandingOnSources",
  mode: "write",
  scope: "tenant",
  params: params<StandingParams>(),
  cypher: `UNWIND $ids AS id
MATCH (s:Source {tenantId: $tenantId, id: id})<-[:CAPTURED_FROM {validTo: $forever}]-(:Snapshot)<-[:QUOTED_FROM {validTo: $forever}]-(f:Fact)
WITH DISTINCT f
${derived}
${supported}`,
  row: idRow,
});

export const claimsOnFacts = defineQuery({
  name: "claimsStandingOnFacts",
  mode: "write",
  scope: "tenant",
  params: params<StandingParams>(),
  cypher: `UNWIND $ids AS id
MATCH (f:Fact {tenantId: $tenantId, id: id})
${derived}
${supported}`,
  row: idRow,
});

/**
 * Gives locked claims a version that needs a check. A reason that stands already is not said twice, and one that was given
 * first says since when.
 */
export const markClaims = defineQuery({
  name: "markClaimsForRecheck",
  mode: "write",
  scope: "tenant",
  params: params<{
    rows: readonly { readonly id: string; readonly revisionId: string; readonly because: readonly string[] }[];
    /** Characters of all reasons together; the oldest go first. */
    longest: number;
    at: Instant;
    operationId: string;
  }>(),
  cypher: `UNWIND $rows AS row
MATCH (n:Claim {tenantId: $tenantId, id: row.id})
WITH n, row, [said IN row.because WHERE NOT (n.status = "NEEDS_RECHECK" AND said IN split(coalesce(n.recheckReason, ""), "\\n"))] AS because
WHERE n.status <> "WRONG" AND size(because) > 0
CREATE (past:Revision {tenantId: $tenantId, id: row.revisionId})-[:REVISION_OF]->(n)
SET past += n {${VERSIONED.Claim.map((column) => `.${column}`).join(", ")}}, past.of = n.id, past.n = n.version, past.validFrom = n.versionFrom, past.validTo = $at, past.by = n.versionBy
SET n.recheckReason = reduce(told = n.recheckReason, said IN because | CASE WHEN told IS NULL OR size(told) + size(said) >= $longest THEN said ELSE told + "\\n" + said END),
  n.recheckSince = coalesce(n.recheckSince, $at), n.status = "NEEDS_RECHECK",
  n.version = n.version + 1, n.versionFrom = $at, n.versionBy = $operationId
RETURN n.id AS id`,
  row: idRow,
});

/** What is left to mark when one transaction may not mark all. */
const rest = z.object({
  id: z.string(),
  sourceIds: z.array(z.string()),
  factIds: z.array(z.string()),
  because: z.string(),
  after: z.string(),
});
export type Rest = z.infer<typeof rest>;

export const keepRest = defineQuery({
  name: "keepRecheck",
  mode: "write",
  scope: "tenant",
  params: params<{ rest: Rest }>(),
  cypher: `MERGE (r:Recheck {tenantId: $tenantId, id: $rest.id}) SET r += $rest, r.status = "OPEN"`,
  row: noRow,
});

/** One rest, locked; others wait for it. */
export const takeRest = defineQuery({
  name: "takeRecheck",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, status: "OPEN"})
WITH r ORDER BY r.id LIMIT 1
SET r._lock = true
WITH r WHERE r.status = "OPEN"
RETURN r.id AS id, r.sourceIds AS sourceIds, r.factIds AS factIds, r.because AS because, r.after AS after`,
  row: rest,
});

export const endRest = defineQuery({
  name: "endRecheck",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, id: $id}) SET r.status = "DONE"`,
  row: noRow,
});

export const countRests = defineQuery({
  name: "countRechecks",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, status: "OPEN"}) RETURN count(r) AS count`,
  row: z.object({ count: z.number() }),
});

/** Rests whose claims stand on a source. */
export const countRestsOfSource = defineQuery({
  name: "countRechecksOfSource",
  mode: "read",
  scope: "tenant",
  params: params<{ sourceId: string }>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, status: "OPEN"}) WHERE $sourceId IN r.sourceIds RETURN count(r) AS count`,
  row: z.object({ count: z.number() }),
});

export const recheckQueries = [
  claimsOnSources,
  claimsOnFacts,
  markClaims,
  keepRest,
  takeRest,
  endRest,
  countRests,
  countRestsOfSource,
];

import { z } from "zod";
import { defineQuery, noRow, params } from "../graph/query.js";
import type { ImportStamp } from "./claims.query.js";

/** Most evidence of one claim, and most claims of one source, that a newer reading is held against. */
const MOST = { evidence: 500, claims: 10_000 } as const;

/** Claims, and what excerpts of their sources bear on them: what a claim's newer row is held against. One row at least for each. */
export const evidenceOfClaims = defineQuery({
  name: "importEvidenceOfClaims",
  mode: "write",
  scope: "tenant",
  params: params<{ keys: readonly string[]; forever: number }>(),
  cypher: `UNWIND $keys AS key
MATCH (c:Claim {tenantId: $tenantId, key: key})
CALL (c) {
  OPTIONAL MATCH (c)-[r:SUPPORTED_BY|CONTRADICTED_BY|CONSIDERED {validTo: $forever}]->(f:Fact)-[:QUOTED_FROM {validTo: $forever}]->(s:Snapshot {kind: "EXCERPT"})-[:CAPTURED_FROM {validTo: $forever}]->(source:Source)
  RETURN r, f, s, source ORDER BY r.validFrom DESC LIMIT ${MOST.evidence}
}
RETURN c.id AS claimId, c.key AS claimKey, type(r) AS edge, f.key AS factKey, f.quoteExact AS quote, s.title AS title, s.revision AS revision, s.validFrom AS at, s.versionBy AS operationId, source.key AS sourceKey`,
  row: z.object({
    claimId: z.string(),
    claimKey: z.string(),
    edge: z.string().nullable(),
    factKey: z.string().nullable(),
    quote: z.string().nullable(),
    title: z.string().nullable(),
    revision: z.string().nullable(),
    at: z.number().nullable(),
    operationId: z.string().nullable(),
    sourceKey: z.string().nullable(),
  }),
});
export type EvidenceOfClaim = z.infer<typeof evidenceOfClaims.row>;

/** Claims that facts of a source support, with the quotes and where those were read; one row more than are held against a reading. */
export const supportsOnSources = defineQuery({
  name: "importSupportsOnSources",
  mode: "write",
  scope: "tenant",
  params: params<{ keys: readonly string[]; forever: number }>(),
  cypher: `UNWIND $keys AS key
MATCH (source:Source {tenantId: $tenantId, key: key})
CALL (source) {
  MATCH (source)<-[:CAPTURED_FROM {validTo: $forever}]-(s:Snapshot)<-[:QUOTED_FROM {validTo: $forever}]-(f:Fact)<-[r:SUPPORTED_BY {validTo: $forever}]-(c:Claim)
  RETURN c, r, f, s ORDER BY c.id LIMIT ${MOST.claims + 1}
}
RETURN source.key AS sourceKey, source.id AS sourceId, c.id AS claimId, c.title AS claim, f.id AS factId, f.title AS statement, f.quoteExact AS quote, r.basis AS basis, s.key AS snapshotKey, s.kind AS kind, s.revision AS revision`,
  row: z.object({
    sourceKey: z.string(),
    sourceId: z.string(),
    claimId: z.string(),
    claim: z.string(),
    factId: z.string(),
    statement: z.string(),
    quote: z.string(),
    basis: z.string().nullable(),
    snapshotKey: z.string().nullable(),
    kind: z.enum(["FULL", "EXCERPT"]),
    revision: z.string().nullable(),
  }),
});
export type SupportOnSource = z.infer<typeof supportsOnSources.row>;
export const MOST_CLAIMS_OF_SOURCE = MOST.claims;

/** Carries support over to a fact of a newer snapshot; what was carried over before is closed, what somebody said stays. */
export const carrySupport = defineQuery({
  name: "importCarrySupport",
  mode: "write",
  scope: "tenant",
  params: params<ImportStamp & { links: readonly { claimId: string; factKey: string }[] }>(),
  cypher: `UNWIND $links AS l
MATCH (c:Claim {tenantId: $tenantId, id: l.claimId}), (f:Fact {tenantId: $tenantId, key: l.factKey})
MERGE (c)-[r:SUPPORTED_BY {validTo: $forever}]->(f)
ON CREATE SET r.validFrom = reduce(at = $at, born IN [c.validFrom, f.validFrom] | CASE WHEN born > at THEN born ELSE at END),
  r.openedBy = $operationId, r.basis = "QUOTE", r.assertingRows = 0`,
  row: noRow,
});

export const closeCarried = defineQuery({
  name: "importCloseCarried",
  mode: "write",
  scope: "tenant",
  params: params<ImportStamp & { links: readonly { claimId: string; factId: string }[] }>(),
  cypher: `UNWIND $links AS l
MATCH (c:Claim {tenantId: $tenantId, id: l.claimId})-[r:SUPPORTED_BY {validTo: $forever}]->(f:Fact {tenantId: $tenantId, id: l.factId})
WHERE r.basis = "QUOTE"
SET r.validTo = CASE WHEN r.validFrom < $at THEN $at ELSE r.validFrom + 1 END, r.closedBy = $operationId, c._closedAt = r.validTo`,
  row: noRow,
});

export const driftQueries = [evidenceOfClaims, supportsOnSources, carrySupport, closeCarried];

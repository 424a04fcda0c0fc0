import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

const lockedRow = z.object({ owner: z.string(), sharing: z.string(), version: z.number() });

/** One that isn't deleted, locked for whoever decides on it. */
export const lockInvestigation = defineQuery({
  name: "lockInvestigation",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (i:Investigation {tenantId: $tenantId, id: $id})
SET i._lock = true
WITH i WHERE i.sharing <> "DELETED"
RETURN i.owner AS owner, i.sharing AS sharing, i.version AS version`,
  row: lockedRow,
});

export const countInvestigations = defineQuery({
  name: "countInvestigations",
  mode: "write",
  scope: "tenant",
  params: params<{ owner: string; most: number }>(),
  cypher: `MATCH (i:Investigation {tenantId: $tenantId, owner: $owner})
WHERE i.sharing <> "DELETED"
WITH i LIMIT $most
RETURN count(i) AS count`,
  row: z.object({ count: z.number() }),
});

export interface NewInvestigation {
  readonly title: string;
  readonly state: string;
  readonly owner: string;
  readonly ownerName: string;
  readonly sharing: "PRIVATE";
  readonly version: 1;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly versionBy: string;
}

export const createInvestigation = defineQuery({
  name: "createInvestigation",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; properties: NewInvestigation }>(),
  cypher: `CREATE (i:Investigation {tenantId: $tenantId, id: $id}) SET i += $properties`,
  row: noRow,
});

/** A new version; the one before stays as a revision. */
export const reviseInvestigation = defineQuery({
  name: "reviseInvestigation",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; revisionId: string; changed: object; at: Instant; operationId: string }>(),
  cypher: `MATCH (i:Investigation {tenantId: $tenantId, id: $id})
CREATE (past:Revision {tenantId: $tenantId, id: $revisionId})-[:REVISION_OF]->(i)
SET past += i {.title, .state, .sharing}, past.of = i.id, past.n = i.version, past.validFrom = i.updatedAt, past.validTo = $at, past.by = i.versionBy
SET i += $changed, i.version = i.version + 1, i.updatedAt = $at, i.versionBy = $operationId`,
  row: noRow,
});

export const investigationQueries = [lockInvestigation, countInvestigations, createInvestigation, reviseInvestigation];

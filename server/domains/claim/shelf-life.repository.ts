import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, params } from "../../graph/query.js";

/** Cypher that is true of a claim whose day of check has come and that nobody has marked yet. One that is WRONG stays so. */
const isDue = `c.status = "STATED" AND c.recheckBy <= $at`;
/** All of them, off the index of ids. */
const due = `MATCH (c:Claim {tenantId: $tenantId})
WHERE c.id > "" AND ${isDue}`;

export const dueClaims = defineQuery({
  name: "claimsPastTheirShelfLife",
  mode: "write",
  scope: "tenant",
  params: params<{ at: Instant; most: number }>(),
  cypher: `${due}
WITH c ORDER BY c.tenantId, c.id LIMIT $most
RETURN c.id AS id`,
  row: z.object({ id: z.string() }),
});

/** Those of these that are due: asked once they are locked. */
export const stillDue = defineQuery({
  name: "claimsStillPastTheirShelfLife",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[]; at: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})
WHERE ${isDue}
RETURN c.id AS id, c.kind AS kind, c.recheckBy AS recheckBy`,
  row: z.object({ id: z.string(), kind: z.string(), recheckBy: z.number() }),
});

export const countDueClaims = defineQuery({
  name: "countClaimsPastTheirShelfLife",
  mode: "read",
  scope: "tenant",
  params: params<{ at: Instant }>(),
  cypher: `${due}
RETURN count(c) AS count`,
  row: z.object({ count: z.number() }),
});

export const shelfLifeQueries = [dueClaims, stillDue, countDueClaims];

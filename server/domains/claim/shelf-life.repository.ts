import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, params } from "../../graph/query.js";

/** Claims whose day of check has come and that nobody has marked yet, in order of id. One that is WRONG stays so. */
const due = `MATCH (c:Claim {tenantId: $tenantId})
WHERE c.id > "" AND c.status = "STATED" AND c.recheckBy <= $at`;

export const dueClaims = defineQuery({
  name: "claimsPastTheirShelfLife",
  mode: "write",
  scope: "tenant",
  params: params<{ at: Instant; most: number }>(),
  cypher: `${due}
WITH c ORDER BY c.tenantId, c.id LIMIT $most
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

export const shelfLifeQueries = [dueClaims, countDueClaims];

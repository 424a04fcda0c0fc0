import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Role } from "../../../graph-schema/nodes/principal.js";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

/** What the graph keeps of a token: everything but the token. */
export interface StoredToken {
  readonly id: string;
  /** The principal's key and name, and its public id. */
  readonly actor: string;
  readonly actorName: string;
  readonly principalId: string;
  /** The person who answers for it. */
  readonly ownerId: string;
  /** The person whom it acts for. */
  readonly onBehalfOf: string | null;
  readonly onBehalfOfId: string | null;
  readonly scopes: readonly string[];
  readonly roles: readonly Role[];
  readonly issuedBy: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

const createQuery = defineQuery({
  name: "createAccessToken",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; properties: Omit<StoredToken, "id"> }>(),
  cypher: `CREATE (t:AccessToken {tenantId: $tenantId, id: $id}) SET t += $properties`,
  row: noRow,
});

const revokeQuery = defineQuery({
  name: "revokeAccessToken",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; at: Instant; by: string }>(),
  // The lock comes before the look: of two who revoke it, one does.
  cypher: `MATCH (t:AccessToken {tenantId: $tenantId, id: $id})
SET t._lock = true
WITH t, t.revokedAt IS NULL AS held
FOREACH (x IN CASE WHEN held THEN [t] ELSE [] END | SET x.revokedAt = $at, x.revokedBy = $by)
RETURN held`,
  row: z.object({ held: z.boolean() }),
});

export const accessTokenQueries = [createQuery, revokeQuery];

export async function createAccessToken(tx: WriteTx, { id, ...properties }: StoredToken): Promise<void> {
  await tx.run(createQuery, { id, properties });
}

/** "gone" for one that was revoked before, null for one that isn't there. */
export async function revokeAccessToken(
  tx: WriteTx,
  id: string,
  by: string,
  at: Instant,
): Promise<"revoked" | "gone" | null> {
  const [row] = await tx.run(revokeQuery, { id, by, at });
  return row === undefined ? null : row.held ? "revoked" : "gone";
}

import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, params } from "../../graph/query.js";

/** Quotes of live episodes that one capture by hand is held against. */
export const MOST_QUOTES = 1_000;

/** Quotes from the source that support what live episodes state; one more than are compared. */
export const quotesOfLive = defineQuery({
  name: "quotesOfLiveEpisodes",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; live: readonly string[]; most: number; forever: Instant }>(),
  cypher: `MATCH (source:Source {tenantId: $tenantId, id: $id})<-[:CAPTURED_FROM {validTo: $forever}]-(s:Snapshot)<-[:QUOTED_FROM {validTo: $forever}]-(f:Fact)<-[:SUPPORTED_BY {validTo: $forever}]-(c:Claim)
WHERE EXISTS { MATCH (c)<-[:STATES {validTo: $forever}]-(:Scene)<-[:HAS_SCENE {validTo: $forever}]-(e:Episode) WHERE e.status IN $live }
RETURN c.id AS claimId, f.quoteExact AS quote, s.revision AS revision ORDER BY claimId, f.id LIMIT $most`,
  row: z.object({ claimId: z.string(), quote: z.string(), revision: z.string().nullable() }),
});

export const snapshotOfKey = defineQuery({
  name: "snapshotOfKey",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string }>(),
  cypher: `MATCH (s:Snapshot {tenantId: $tenantId, key: $key}) RETURN s.id AS id`,
  row: z.object({ id: z.string() }),
});

export const quoteGoneQueries = [quotesOfLive, snapshotOfKey];

import { z } from "zod";
import { defineQuery, noRow, params } from "./query.js";

/* Texts by their hash, of contents that were approved and documents of runs. A text never changes, and is kept once for whoever names it. */

export const keepBody = defineQuery({
  name: "keepBody",
  mode: "write",
  scope: "tenant",
  params: params<{ sha256: string; text: string }>(),
  cypher: `MERGE (b:Body {tenantId: $tenantId, sha256: $sha256})
ON CREATE SET b.text = $text`,
  row: noRow,
});

export const bodiesByHash = defineQuery({
  name: "bodiesByHash",
  mode: "read",
  scope: "tenant",
  params: params<{ hashes: readonly string[] }>(),
  cypher: `UNWIND $hashes AS sha256
MATCH (b:Body {tenantId: $tenantId, sha256: sha256})
RETURN sha256, b.text AS text`,
  row: z.object({ sha256: z.string(), text: z.string() }),
});

export const bodyQueries = [keepBody, bodiesByHash];

import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { readPack, type ReadPack } from "../../domains/proposal/pack.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/** The pack that an episode was published on, or corrected, last before the instant: one node, found over its proposal. */
export const evidencePackQuery = defineQuery({
  name: "evidencePack",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant }>(),
  // A proposal that is done never changes again: its last version is from when it was carried out.
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $id})<-[:PROPOSES]-(p:Proposal)
WHERE p.packSha256 IS NOT NULL AND p.versionFrom <= $asOf
WITH p ORDER BY p.versionFrom DESC, p.id DESC LIMIT 1
MATCH (b:Body {tenantId: $tenantId, sha256: p.packSha256})
RETURN p.packSha256 AS sha256, b.text AS text`,
  row: z.object({ sha256: z.string(), text: z.string() }),
});

export interface KeptPack {
  readonly sha256: string;
  readonly text: string;
}

/** The text of the pack as it was frozen; undefined for an episode that wasn't published by then. */
export const keptPack = async (
  graph: Graph,
  scope: Scope,
  wanted: { readonly id: string; readonly asOf: Instant },
): Promise<KeptPack | undefined> => (await graph.read(scope, evidencePackQuery, wanted))[0];

/** The same, read. Throws PackAltered for one that isn't what was frozen. */
export async function evidencePack(
  graph: Graph,
  scope: Scope,
  wanted: { readonly id: string; readonly asOf: Instant },
): Promise<ReadPack | undefined> {
  const kept = await keptPack(graph, scope, wanted);
  return kept === undefined ? undefined : readPack(kept.text, kept.sha256);
}

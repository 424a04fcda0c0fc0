import { z } from "zod";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { CorrectionTaskProperties } from "../../../graph-schema/nodes/correction-task.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { holdsAt } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/** Claims of a task that are looked at. */
export const MOST_TASK_CLAIMS = 1_000;
/** Facts that are computed from others, and sources that cite others, are followed so far. */
const FAR = 8;

/** Claims that the episode stated and that stood on the source at the instant, in order of id; one more than are looked at. */
export const claimsOfTask = defineQuery({
  name: "claimsOfCorrectionTask",
  mode: "read",
  scope: "tenant",
  params: params<{ episodeId: string; sourceId: string; asOf: Instant; after: string; most: number }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $episodeId})-[hs:HAS_SCENE]->(:Scene)-[st:STATES]->(c:Claim)
WHERE ${holdsAt("hs")} AND ${holdsAt("st")} AND c.id > $after
WITH DISTINCT c ORDER BY c.id
MATCH (c)-[path:SUPPORTED_BY|DERIVED_FROM*1..${FAR + 1}]->(f:Fact)
WHERE all(r IN path WHERE ${holdsAt("r")})
MATCH (f)-[q:QUOTED_FROM]->(:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
WHERE ${holdsAt("q")} AND ${holdsAt("t")}
WITH DISTINCT c, s
MATCH (s)-[cites:CITES*0..${FAR}]->(root:Source)
WHERE root.tenantId = $tenantId AND root.id = $sourceId AND all(r IN cites WHERE ${holdsAt("r")})
WITH DISTINCT c ORDER BY c.id LIMIT $most
RETURN c.id AS id`,
  row: z.object({ id: z.string() }),
});

const idOf = (publicId: string): string => parseNodeId(publicId)?.id ?? "";

/** The claims of a task: what its episode stated on the source just before that fell. A fall itself may close links. */
export async function claimsOfCorrection(
  reader: Reader,
  { episodeId, sourceId, openedAt }: Pick<CorrectionTaskProperties, "episodeId" | "sourceId" | "openedAt">,
  { after = "", most = MOST_TASK_CLAIMS + 1 }: { readonly after?: string; readonly most?: number } = {},
): Promise<string[]> {
  const asked = { episodeId: idOf(episodeId), sourceId: idOf(sourceId), asOf: openedAt - 1, after, most };
  return (await reader.run(claimsOfTask, asked)).map(({ id }) => id);
}

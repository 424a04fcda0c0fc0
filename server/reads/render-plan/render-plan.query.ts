import { z } from "zod";
import { cutPlan, type CutPlan } from "../../../graph-schema/documents/cut-plan.js";
import { episode as episodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { bodiesByHash } from "../../graph/body.query.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";
import type { SpokenScene } from "./speech.js";

/** As many as a document of scenes has. */
const MOST_SCENES = 500;
/** How fast something is read out whose run nobody knows: words a minute. */
const WORDS_PER_MINUTE = 145;

const finishedEpisode = defineQuery({
  name: "finishedEpisode",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; most: number }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $id})
WHERE ${holdsAt("e")}
CALL (e) {
  MATCH (e)-[h:HAS_SCENE]->(s:Scene)
  WHERE ${holdsAt("h")}
  WITH s, ${versionAt("s")} AS sv
  ORDER BY sv.ordinal, s.id LIMIT toInteger($most)
  CALL (s) {
    MATCH (s)-[st:STATES]->(c:Claim)
    WHERE ${holdsAt("st")}
    WITH c, ${versionAt("c")} AS cv ORDER BY c.id
    RETURN collect(cv.title) AS claims
  }
  RETURN collect([sv.ordinal, coalesce(sv.narration, ""), claims]) AS scenes
}
CALL (e) {
  MATCH (e)-[p:PRODUCED_BY]->(:PipelineRun)<-[:PART_OF]-(t:StageRun)
  WHERE ${holdsAt("p")} AND t.executor = "scenes" AND t.outputHash IS NOT NULL AND NOT t.superseded
  WITH t ORDER BY t.id DESC LIMIT 1
  RETURN collect(t.outputHash) AS documents
}
CALL (e) {
  MATCH (e)<-[f:FINISHES]-(p:PostProduction)
  WHERE ${holdsAt("f")} AND ${holdsAt("p")}
  WITH p, ${versionAt("p")} AS pv ORDER BY p.id LIMIT 1
  RETURN collect([p.id, pv.settings, pv.cutPlan]) AS finishes
}
WITH e, scenes, documents, finishes, ${versionAt("e")} AS ev
RETURN ev.title AS title, scenes, documents, finishes`,
  row: z.object({
    title: z.string(),
    scenes: z.array(z.tuple([z.number(), z.string(), z.array(z.string())])),
    documents: z.array(z.string()),
    finishes: z.array(z.tuple([z.string(), z.string().nullable(), z.string().nullable()])),
  }),
});

export const renderPlanQueries: readonly AnyQuery[] = [finishedEpisode];

export interface FinishedEpisode {
  readonly title: string;
  readonly scenes: readonly SpokenScene[];
  /** As they are stored. */
  readonly settings: string | null;
  readonly cutPlan: CutPlan | null;
  /** Whether a cut plan is stored that isn't one any more, so that there is none. */
  readonly cutPlanDropped: boolean;
  /** Public id of what is saved; null while nothing is. */
  readonly postProductionId: string | null;
}

const wordsIn = (text: string): number => text.split(/\s+/u).filter(Boolean).length;
const readOut = (text: string): number => Math.max(1, Math.round((wordsIn(text) / WORDS_PER_MINUTE) * 600) / 10);

function storedCutPlan(text: string | null): CutPlan | null {
  if (text === null) return null;
  try {
    return cutPlan.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What an episode is finished from; null where there is none at the instant. */
export async function readFinishedEpisode(reader: Reader, id: string, asOf: Instant): Promise<FinishedEpisode | null> {
  const [row] = await reader.run(finishedEpisode, { id, asOf, most: MOST_SCENES });
  if (row === undefined) return null;
  const planned = await plannedScenes(reader, row.documents);
  const [finish] = row.finishes;
  const stored = finish?.[2] ?? null;
  const plan = storedCutPlan(stored);
  return {
    title: row.title,
    settings: finish?.[1] ?? null,
    cutPlan: plan,
    cutPlanDropped: stored !== null && plan === null,
    postProductionId: finish === undefined ? null : `PostProduction:${finish[0]}`,
    scenes: row.scenes.map(([ordinal, narration, claims]) => {
      // A scene that was changed since its run isn't as long as it was planned there.
      const known = planned.find((one) => one.ordinal === ordinal && one.narration === narration);
      return known === undefined
        ? { ordinal, narration, claims, pacing: "STEADY" as const, seconds: readOut(narration) }
        : { ordinal, narration, claims, pacing: known.pacing, seconds: known.duration_s };
    }),
  };
}

/** The scenes as the run planned them that made the episode; none where no run did. */
async function plannedScenes(reader: Reader, hashes: readonly string[]) {
  if (hashes.length === 0) return [];
  const [body] = await reader.run(bodiesByHash, { hashes });
  const parsed = body === undefined ? undefined : episodeDocument.safeParse(JSON.parse(body.text));
  return parsed?.success === true ? parsed.data.scenes : [];
}

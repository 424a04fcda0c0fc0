import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { SceneDocument } from "../../../graph-schema/documents/scene.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import { stateClaim } from "../../domains/claim/claim.service.js";
import { createEpisode } from "../../domains/episode/episode.service.js";
import { linkEvidence, linkVerbatim } from "../../domains/evidence/evidence.service.js";
import { saysVerbatim } from "../../domains/fact/facts-of-text.js";
import { factKey } from "../../domains/fact/quote.js";
import { createScene } from "../../domains/scene/scene.service.js";
import { StageFailure, type StageContext } from "../executor.js";
import { factsOf, type ResearchFact } from "./check-episode.js";
import { episodesOfRun, factsByKeys, type CitedSource, type EpisodeOfRun } from "./evidence.query.js";

/*
 * Puts the scenes on the graph: the episode, its scenes, what they claim, and the facts that each claim stands on. Support is only
 * what a quote says word for word; anything else is linked as considered, and waits for a person.
 */

export interface Written {
  readonly episodeId: string;
  /** Public ids of what this run made. Claims aren't among them: another episode may have stated one before. */
  readonly produced: readonly string[];
}

export async function writeEpisode(
  context: StageContext,
  episode: EpisodeDocument,
  research: Research,
  cited: ReadonlyMap<string, CitedSource>,
): Promise<Written> {
  const facts = await heldFacts(context, episode, research, cited);
  const standing = await standingOf(context, episode);
  const episodeId =
    standing === undefined
      ? (
          await context.execute("episode", createEpisode, {
            title: episode.title,
            channelId: episode.channel_id,
            topicId: episode.topic_id,
          })
        ).episodeId
      : `Episode:${standing.id}`;
  const produced = [episodeId];
  const held = new Map(standing?.scenes.map(([ordinal, , , id]) => [ordinal, `Scene:${id}`]));
  for (const scene of episode.scenes) {
    const claimIds: string[] = [];
    for (const [i, claim] of scene.claims.entries())
      claimIds.push(await writeClaim(context, `${scene.ordinal}/${i + 1}`, claim, facts));
    produced.push(held.get(scene.ordinal) ?? (await writeScene(context, episodeId, scene, claimIds)));
  }
  return { episodeId, produced };
}

const writeScene = async (
  context: StageContext,
  episodeId: string,
  { ordinal, title, narration }: SceneDocument,
  claimIds: readonly string[],
): Promise<string> =>
  (
    await context.execute(`scene/${ordinal}`, createScene, {
      ...{ episodeId, ordinal, title, narration },
      claimIds: [...new Set(claimIds)],
    })
  ).sceneId;

interface HeldFact {
  readonly id: string;
  readonly exact: string;
}

async function writeClaim(
  context: StageContext,
  place: string,
  { text, kind, evidence }: SceneDocument["claims"][number],
  facts: ReadonlyMap<string, HeldFact>,
): Promise<string> {
  const { claimId } = await context.execute(`claim/${place}`, stateClaim, { text, kind });
  for (const ref of evidence) {
    const { id: factId, exact } = facts.get(ref)!;
    const part = `claim/${place}/${ref}`;
    if (saysVerbatim(text, exact)) await context.execute(part, linkVerbatim, { claimId, factId });
    else await context.execute(part, linkEvidence, { claimId, factId, stance: "CONSIDERED" });
  }
  return claimId;
}

/** The facts that the claims name, as the graph has them. Refuses where one is gone: nothing is claimed on it then. */
async function heldFacts(
  { reader }: StageContext,
  episode: EpisodeDocument,
  research: Research,
  cited: ReadonlyMap<string, CitedSource>,
): Promise<ReadonlyMap<string, HeldFact>> {
  const known = factsOf(research);
  const named = new Set(episode.scenes.flatMap(({ claims }) => claims.flatMap(({ evidence }) => evidence)));
  const keyOf = (fact: ResearchFact | undefined): string | null => {
    const snapshotKey = fact === undefined ? null : (cited.get(fact.source_ref)?.snapshotKey ?? null);
    return fact === undefined || snapshotKey === null ? null : factKey(snapshotKey, fact.quote);
  };
  const keys = new Map([...named].map((ref) => [ref, keyOf(known.get(ref))]));
  const rows = await reader.run(factsByKeys, { keys: [...keys.values()].flatMap((key) => key ?? []) });
  const ids = new Map(rows.map(({ key, id }) => [key, id]));
  const held = new Map<string, HeldFact>();
  for (const [ref, key] of keys) {
    const id = key === null ? undefined : ids.get(key);
    if (id !== undefined) held.set(ref, { id: `Fact:${id}`, exact: known.get(ref)!.quote.exact });
  }
  const missing = [...named].filter((ref) => !held.has(ref));
  if (missing.length > 0)
    throw new StageFailure(
      "NOT_READY",
      `The graph doesn't hold the facts ${missing.slice(0, 10).join(", ")} of the research: start a new run, which reads them again.`,
    );
  return held;
}

/** The draft that an earlier try of this run has begun, as far as it is of these scenes; undefined without one. */
async function standingOf(
  { reader, runId }: StageContext,
  episode: EpisodeDocument,
): Promise<EpisodeOfRun | undefined> {
  const begun = await reader.run(episodesOfRun, {
    topicId: parseNodeId(episode.topic_id)!.id,
    run: `run/${parseNodeId(runId)!.id}/`,
    forever: FOREVER,
  });
  return begun.find((one) => isDraftOf(one, episode));
}

/** Whether an episode has none but scenes of the document, each as it says it, and may still become it. */
export const isDraftOf = ({ title, status, scenes }: EpisodeOfRun, episode: EpisodeDocument): boolean =>
  (status === "DRAFT" || status === "IN_REVIEW") &&
  title === episode.title &&
  scenes.every(([ordinal, sceneTitle, narration]) => {
    const scene = episode.scenes[ordinal - 1];
    return scene !== undefined && scene.title === sceneTitle && scene.narration === narration;
  });

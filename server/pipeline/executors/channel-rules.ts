import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { QaRules } from "../../domains/spec/qa-rules.js";
import type { QaInput } from "./qa.js";
import type { Finding, Qa } from "./stage-documents.js";

/*
 * Holds an episode to its channel's own rules, beside what every episode is held to. What names a claim is left out by the next
 * round; what no round can mend blocks.
 */

/** Nothing that is left out brings more sources or scenes. */
const BLOCKING = new Set(["CHANNEL_SOURCES_TOO_FEW", "CHANNEL_SCENES_TOO_FEW", "CHANNEL_WORDS_OF_TEMPLATE"]);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/gu, "\\s+");

/** Whole words, whatever their case: `war` isn't in `warm`. */
const isSaid = (phrase: string, text: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${escaped(phrase)}(?![\\p{L}\\p{N}])`, "iu").test(text);

type Scene = EpisodeDocument["scenes"][number];
/** Where a claim of a scene is, in the words that a repair reads: what stands behind the colon is left out. */
const placeOf = ({ ordinal, claims }: Scene, i: number): string =>
  `scene ${ordinal}, claim ${i + 1}: ${claims[i]!.evidence.join(" ")}`.slice(0, 200);

export function brokenRules({ episode, script }: Pick<QaInput, "episode" | "script">, rules: QaRules): Finding[] {
  const found: Finding[] = [];
  for (const phrase of rules.banned)
    for (const scene of episode.scenes) {
      const said = scene.claims.flatMap(({ text }, i) => (isSaid(phrase, text) ? [i] : []));
      for (const i of said)
        found.push({
          code: "CHANNEL_BANNED_WORDS",
          at: placeOf(scene, i),
          message: `The claim says “${phrase}”, which this channel doesn't.`,
          remedy: "Leave the claim out, or take the phrase from the channel's QA rules.",
        });
      const parts = [scene.title, ...script.parts.flatMap((part) => (part.scene === scene.ordinal ? [part.text] : []))];
      if (said.length === 0 && parts.some((text) => isSaid(phrase, text)))
        found.push({
          code: "CHANNEL_WORDS_OF_TEMPLATE",
          at: `scene ${scene.ordinal}`,
          message: `What is said beside the claims has “${phrase}”, which this channel doesn't say.`,
          remedy: "Say it otherwise in the template, or take the phrase from the channel's QA rules.",
        });
    }
  const { mostSceneSeconds, leastScenes, leastSources, mostWords } = rules;
  for (const scene of episode.scenes)
    if (mostSceneSeconds !== null && scene.duration_s > mostSceneSeconds)
      found.push({
        code: "CHANNEL_SCENE_TOO_LONG",
        at: scene.claims.length === 0 ? `scene ${scene.ordinal}` : placeOf(scene, scene.claims.length - 1),
        message: `The scene takes ${Math.round(scene.duration_s)} s; this channel's take ${mostSceneSeconds} s at most.`,
        remedy: "Leave its last claim out, or tell fewer claims a scene in the template.",
      });
  if (leastScenes !== null && episode.scenes.length < leastScenes)
    found.push({
      code: "CHANNEL_SCENES_TOO_FEW",
      at: "episode",
      message: `It has ${episode.scenes.length} scenes; this channel's have ${leastScenes} at least.`,
      remedy: "Import more pages on the topic, or ask for fewer scenes in the channel's QA rules.",
    });
  const sources = new Set(episode.scenes.flatMap(({ claims }) => claims.flatMap(({ source_refs }) => source_refs)));
  if (leastSources !== null && sources.size < leastSources)
    found.push({
      code: "CHANNEL_SOURCES_TOO_FEW",
      at: "episode",
      message: `It stands on ${sources.size} sources; this channel's stand on ${leastSources} at least.`,
      remedy: "Import more sources on the topic, or ask for fewer in the channel's QA rules.",
    });
  const last = episode.scenes.findLast(({ claims }) => claims.length > 0);
  if (mostWords !== null && script.words > mostWords)
    found.push({
      code: "CHANNEL_SCRIPT_TOO_LONG",
      at: last === undefined ? "script" : placeOf(last, last.claims.length - 1),
      message: `The script has ${script.words} words; this channel's have ${mostWords} at most.`,
      remedy: "Leave claims out, or plan a shorter episode.",
    });
  return found;
}

/** The judgement of every episode, with what the channel's own rules add to it. */
export function judgedByChannel(judged: Qa, broken: readonly Finding[]): Qa {
  if (broken.length === 0) return judged;
  const mends = judged.verdict === "REPAIR" || broken.some(({ code }) => !BLOCKING.has(code));
  const verdict = judged.verdict !== "BLOCK" && mends ? "REPAIR" : "BLOCK";
  return { ...judged, verdict, findings: [...judged.findings, ...broken] };
}

import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import { DEFAULT_POST_PRODUCTION } from "../../../graph-schema/documents/post-production.js";
import { checkCues, cuesOf } from "../../reads/render-plan/subtitles.js";
import { speechOf } from "../../reads/render-plan/speech.js";
import { secondsOf } from "./scenes.js";
import type { Finding, Qa } from "./stage-documents.js";
import type { EpisodeTemplate } from "./template.js";

/*
 * What QA looked at, scene by scene: each item with whether it passed, why, and what mends it. The items say in a scene's terms what
 * the findings say of claims and sources; the last two are about how it is told, and hold nothing up.
 */

export const SCENE_ITEMS = {
  CLAIMS_SAID: "Each claim is said word for word, as a sentence of its own.",
  CLAIMS_TRACED: "Each claim says what the quotes under it say.",
  SOURCES_STAND: "The sources under it are neither stale, dead nor retracted, and are enough.",
  NOTHING_ADDED: "What is said beside the claims has no number, date or name that no quote has.",
  CHANNEL_RULES: "It keeps to the channel's own rules.",
  PACE: "It can be said in its time, at its pace.",
  SUBTITLES: "Its subtitles can be read along.",
} as const;
export type SceneItem = keyof typeof SCENE_ITEMS;

/** The item that a finding speaks of; a code that isn't named is of the claims. */
const ITEM_OF: Readonly<Record<string, SceneItem>> = {
  CLAIM_NOT_SAID: "CLAIMS_SAID",
  CLAIM_WITHOUT_WORDS: "CLAIMS_SAID",
  SENTENCE_UNTRACED: "NOTHING_ADDED",
  SOURCE_STALE: "SOURCES_STAND",
  SOURCE_RETRACTED: "SOURCES_STAND",
  SOURCE_DEAD: "SOURCES_STAND",
  TIER3_UNCORROBORATED: "SOURCES_STAND",
  CLAIM_CONTRADICTED_UNDECIDED: "SOURCES_STAND",
  CHANNEL_BANNED_WORDS: "CHANNEL_RULES",
  CHANNEL_WORDS_OF_TEMPLATE: "CHANNEL_RULES",
  CHANNEL_SCENE_TOO_LONG: "CHANNEL_RULES",
};

/** A scene may be this much longer or shorter than its words take, as a share. */
const SLACK = 0.25;
/** Longest text of a document's field, with room for what stands before it. */
const MOST_TOLD = 5;

type Item = NonNullable<Qa["checklist"]>[number]["items"][number];
type Wrong = Pick<Finding, "message" | "remedy">;

const scenesNamed = ({ at }: Finding): Set<number> =>
  new Set([...at.matchAll(/\bscene (\d+)/g)].map(([, ordinal]) => Number(ordinal)));

export function sceneChecklist(
  { scenes }: EpisodeDocument,
  findings: readonly Finding[],
  template: EpisodeTemplate,
): NonNullable<Qa["checklist"]> {
  const placed = findings.map((finding) => ({ finding, scenes: scenesNamed(finding) }));
  return scenes.map((scene) => {
    const own = placed.filter((one) => one.scenes.has(scene.ordinal)).map(({ finding }) => finding);
    const of = (item: SceneItem) => own.filter(({ code }) => (ITEM_OF[code] ?? "CLAIMS_TRACED") === item);
    const wrongIn: Readonly<Record<SceneItem, readonly Wrong[]>> = {
      CLAIMS_SAID: of("CLAIMS_SAID"),
      CLAIMS_TRACED: of("CLAIMS_TRACED"),
      SOURCES_STAND: of("SOURCES_STAND"),
      NOTHING_ADDED: of("NOTHING_ADDED"),
      CHANNEL_RULES: of("CHANNEL_RULES"),
      PACE: paceOf(scene, template),
      SUBTITLES: subtitlesOf(scene),
    };
    return {
      scene: scene.ordinal,
      title: scene.title,
      items: (Object.keys(SCENE_ITEMS) as SceneItem[]).map((item) => itemOf(item, wrongIn[item])),
    };
  });
}

function itemOf(item: SceneItem, wrong: readonly Wrong[]): Item {
  if (wrong.length === 0) return { item, passed: true, why: SCENE_ITEMS[item], remedy: null };
  const told = wrong.slice(0, MOST_TOLD).map(({ message }) => message);
  const more = wrong.length > MOST_TOLD ? [`And ${wrong.length - MOST_TOLD} more.`] : [];
  return { item, passed: false, why: [...told, ...more].join(" ").slice(0, 10_000), remedy: wrong[0]!.remedy };
}

type Scene = EpisodeDocument["scenes"][number];

function paceOf({ narration, pacing, duration_s }: Scene, template: EpisodeTemplate): Wrong[] {
  const takes = secondsOf(narration, pacing, template);
  if (Math.abs(takes - duration_s) <= SLACK * Math.max(takes, duration_s)) return [];
  return [
    {
      message: `It takes ${takes.toFixed(1)} s to say at its pace (${pacing}), and ${duration_s.toFixed(1)} s are planned.`,
      remedy:
        takes > duration_s
          ? "Say less, tell it faster, or plan more time."
          : "Say more, tell it slower, or plan less time.",
    },
  ];
}

function subtitlesOf({ ordinal, narration, pacing, duration_s, claims }: Scene): Wrong[] {
  const { subtitles } = DEFAULT_POST_PRODUCTION;
  const ms = Math.max(1, Math.round(duration_s * 1_000));
  const spoken = { ordinal, narration, pacing, seconds: duration_s, claims: claims.map(({ text }) => text) };
  return checkCues(cuesOf(speechOf([spoken], ms), [{ from: 0, to: ms }], subtitles), subtitles, ms).map(
    ({ cue, message, remedy }) => ({ message: `Cue ${cue}: ${message}`, remedy }),
  );
}

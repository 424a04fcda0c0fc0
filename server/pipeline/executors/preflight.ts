import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import { DEFAULT_POST_PRODUCTION } from "../../../graph-schema/documents/post-production.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import type { Reader } from "../../commands/judge.js";
import { freezeEpisode, obstaclesOf } from "../../domains/episode/frozen-episode.service.js";
import { compileRender } from "../../reads/render-plan/compile.js";
import type { Ffmpeg } from "../ffmpeg.js";
import type { GovernanceSettings } from "../../reads/governance/settings.js";
import type { CitedSource } from "./evidence.query.js";
import { judge } from "./qa.js";
import type { Finding, Qa, Script } from "./stage-documents.js";
import type { EpisodeTemplate } from "./template.js";

/*
 * What must hold before an episode is proposed. Whatever came before may lie hours back, or be somebody's resumed run: everything is
 * asked anew. A rule more is a line in one of the two lists: of the documents, before anything is written, or of the episode
 * as it stands on the graph, before it is proposed.
 */

/** What the stages handed on, and what the graph says of it now. */
export interface Handed {
  readonly episode: EpisodeDocument;
  readonly script: Script;
  readonly research: Research;
  readonly qa: Qa;
  /** What the run was started for. */
  readonly topicId: string | null;
  readonly channelId: string | null;
  readonly cited: ReadonlyMap<string, CitedSource>;
  readonly template: EpisodeTemplate;
  /** The studio's own rules of governance. */
  readonly settings: GovernanceSettings;
}

type DocumentRule = (handed: Handed) => readonly Finding[];
type EpisodeRule = (
  reader: Reader,
  episodeUlid: string,
  documents: Pick<Handed, "episode" | "research">,
) => Promise<readonly Finding[]>;

const found = (code: string, message: string, remedy: string): Finding => ({ code, at: "episode", message, remedy });

/** Research, scenes and run are of one topic and one channel. */
const ofTheRun: DocumentRule = ({ episode, research, topicId, channelId }) => {
  const wrong = [
    ...(research.topic.id === topicId ? [] : [`the research is of ${research.topic.id}`]),
    ...(episode.topic_id === topicId ? [] : [`the scenes are about ${episode.topic_id}`]),
    ...(episode.channel_id === channelId ? [] : [`the scenes are for ${episode.channel_id}`]),
  ];
  return wrong.length === 0
    ? []
    : [
        found(
          "TOPIC_DIFFERS",
          `The run is for ${topicId ?? "no topic"} on ${channelId ?? "no channel"}, and ${wrong.join(", ")}.`,
          "Start a run for the selected topic, on its channel.",
        ),
      ];
};

/** The topic was selected among candidates, and the research says with which scores. */
const scored: DocumentRule = ({ research: { topic, scoring } }) =>
  scoring?.candidates.some(({ topic_id }) => topic_id === topic.id) === true
    ? []
    : [
        found(
          "NO_SCORING_CONTEXT",
          "The research doesn't carry the scores that its topic was selected by.",
          "Resume the run from its scoring, so that the topic is ranked among its candidates.",
        ),
      ];

const passed: DocumentRule = ({ qa: { verdict } }) =>
  verdict === "PASS"
    ? []
    : [found("QA_NOT_PASSED", `QA says ${verdict}.`, "Mend what QA found, and have it look again.")];

/** QA once more, on the sources as they are by now. */
const stillStands: DocumentRule = ({ cited, template, settings, ...handed }) => {
  const { verdict, findings } = judge(handed, cited, template, settings);
  return verdict === "PASS" ? [] : findings;
};

/** What an exemption may let through; see ops.ts. */
export const PUBLISH_GATE = "PUBLISH_GATE";

/** What keeps the policy's gate from letting it through, whoever approves, source governance first: nobody is asked for what can't be. */
const publishGate: EpisodeRule = async (reader, ulid) =>
  (await obstaclesOf(reader, { label: "Episode", id: ulid }, await freezeEpisode(reader, ulid))).map((message) =>
    found(PUBLISH_GATE, message, "Mend it on the graph, and resume the run."),
  );

/** The sources that each scene names for a claim are those that its evidence on the graph is quoted from. */
const sourcesAgree: EpisodeRule = async (reader, ulid, { episode, research }) => {
  const items = new Map((await freezeEpisode(reader, ulid)).map((item) => [item.id, item]));
  const next = (from: readonly string[], ...types: string[]): string[] => [
    ...new Set(
      from.flatMap((id) => items.get(id)?.edges.flatMap(({ type, to }) => (types.includes(type) ? [to] : [])) ?? []),
    ),
  ];
  const ofLabel = (label: string) => [...items.values()].filter(({ id }) => id.startsWith(`${label}:`));
  const scenes = new Map(ofLabel("Scene").map(({ id, properties }) => [properties.ordinal, id]));
  const urls = new Map(research.sources.map(({ ref, url }) => [ref, url]));
  return episode.scenes.flatMap(({ ordinal, claims }) =>
    claims.flatMap((claim, i) => {
      const scene = scenes.get(ordinal);
      const stated = scene === undefined ? [] : next([scene], "STATES");
      const node = stated.filter((id) => items.get(id)?.title === claim.text.normalize("NFC"));
      const snapshots = next(next(node, "SUPPORTED_BY", "CONSIDERED"), "QUOTED_FROM");
      const held = new Set(next(snapshots, "CAPTURED_FROM").map((id) => items.get(id)?.properties.url));
      const missing = claim.source_refs.filter((ref) => !held.has(urls.get(ref)));
      if (missing.length === 0) return [];
      return [
        {
          code: "TRACE_MISMATCH",
          at: `scene ${ordinal}, claim ${i + 1}: ${missing.join(" ")}`.slice(0, 200),
          message: `The scene names ${missing.map((ref) => urls.get(ref) ?? ref).join(", ")} for the claim; none of its evidence on the graph is quoted from there.`,
          remedy: "Link the evidence that the scene names, or name the sources that it is quoted from.",
        },
      ];
    }),
  );
};

const DOCUMENT_RULES: readonly DocumentRule[] = [ofTheRun, scored, passed, stillStands];
const EPISODE_RULES: readonly EpisodeRule[] = [sourcesAgree, publishGate];

/** What the documents lack; empty when an episode may be made of them. */
export const lackOfDocuments = (handed: Handed): Finding[] => DOCUMENT_RULES.flatMap((rule) => rule(handed));

/** What the episode lacks; empty when it may be proposed. */
export async function lackOfEpisode(
  reader: Reader,
  episodeUlid: string,
  documents: Pick<Handed, "episode" | "research">,
): Promise<Finding[]> {
  const asked: Finding[] = [];
  for (const rule of EPISODE_RULES) asked.push(...(await rule(reader, episodeUlid, documents)));
  return asked;
}

/**
 * What would be rendered of the episode as it is planned, and whether it could be here. It lacks nothing without a renderer: the
 * plan stands, and whoever has ffmpeg renders it.
 */
export function renderOutlook(episode: EpisodeDocument, episodeId: string, ffmpeg: Ffmpeg) {
  const { plan, findings } = compileRender({
    ...{ episodeId, title: episode.title, settings: DEFAULT_POST_PRODUCTION, cutPlan: null },
    scenes: episode.scenes.map(({ ordinal, narration, pacing, duration_s, claims }) => ({
      ...{ ordinal, narration, pacing, seconds: duration_s },
      claims: claims.map(({ text }) => text),
    })),
  });
  return {
    ...{ highlights: plan.highlights, cuts: plan.cuts.length, duration_s: plan.duration_s },
    ...{ subtitle_findings: findings.length, ffmpeg: ffmpeg.found },
    said: ffmpeg.found ? ffmpeg.said : `${ffmpeg.said}: ${ffmpeg.remedy}.`,
  };
}

/** Findings that are told one by one. */
const MOST_TOLD = 10;

/** Findings as one text, each with what mends it. */
export const tellLack = (findings: readonly Finding[]): string =>
  findings
    .slice(0, MOST_TOLD)
    .map(({ code, at, message, remedy }) => `${at}: ${message} ${remedy} (${code})`)
    .join(" ") + (findings.length > MOST_TOLD ? ` And ${findings.length - MOST_TOLD} more.` : "");

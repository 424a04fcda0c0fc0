import { z } from "zod";
import { episode } from "../../graph-schema/documents/episode.js";
import { idOf, text, title } from "../../graph-schema/documents/parts.js";
import { research } from "../../graph-schema/documents/research.js";

/*
 * The work that flows may ask for, by the name of its executor: what it is given, and the document that it must answer
 * with. An executor is plugged in under such a name; whatever it says is held against these.
 */

const topic = idOf("Topic");
const channel = idOf("Channel");
const anyNode = z.string().min(3).max(100);
const findings = z.array(
  z.strictObject({
    code: z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/, "a code in capitals"),
    at: z.string().max(200).describe("What it is about: a scene's ordinal, a claim, a source."),
    message: text(),
    remedy: text(),
  }),
);

const plan = z.strictObject({
  topic_id: topic,
  channel_id: channel,
  title: title(),
  questions: z.array(text()).min(1).max(100).describe("What the research must answer."),
  duration_s: z.number().positive().max(36_000),
});

const scoring = z.strictObject({
  topic_id: topic,
  score: z.number(),
  formula_version: z.string().min(1).max(60),
  sample_size: z.int().min(0),
  inputs: z.array(
    z.strictObject({
      name: z.string().min(1).max(100),
      value: z.number(),
      weight: z.number(),
      sample_size: z.int().min(0).optional().describe("Things that the value was counted from."),
    }),
  ),
  weights_version: z
    .int()
    .min(0)
    .optional()
    .describe("The version of the channel's weights; 0 for those that come along."),
  note: text().optional().describe("Which formula was taken, and why, for people."),
  candidates: z.array(z.strictObject({ topic_id: topic, score: z.number() })).max(500),
});

/** What a platform is told of the episode. */
const metadata = z.strictObject({
  title: title(),
  description: text(),
  tags: z.array(z.string().min(1).max(100)).max(50),
  chapters: z.array(z.strictObject({ at_s: z.number().min(0), title: title() })).max(500),
  sources: z.array(text()).max(500),
});

const script = z.strictObject({
  title: title(),
  parts: z
    .array(z.strictObject({ scene: z.int().min(1), text: text() }))
    .min(1)
    .max(500),
  words: z.int().min(1),
  metadata: metadata.optional(),
});

const KPI_METRICS = ["views_per_day", "ctr", "avd_s", "rpm"] as const;
const rewrites = z.strictObject({
  weeks: z.int().min(2).max(52),
  runs: z.int().min(0),
  count: z.int().min(0).describe("How often scenes were sent back."),
  direction: z.enum(["RISING", "FALLING", "STEADY", "UNKNOWN"]),
  certain: z.boolean().describe("Whether chance doesn't explain the direction."),
  triggers: z
    .array(z.strictObject({ code: z.string().max(60), count: z.int().min(1), direction: z.string().max(20) }))
    .max(100),
});

const qa = z.strictObject({
  verdict: z.enum(["PASS", "REPAIR", "BLOCK"]),
  findings,
  checklist: z
    .array(
      z.strictObject({
        scene: z.int().min(1).max(500),
        title: title(),
        items: z.array(
          z.strictObject({
            item: z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/, "a code in capitals"),
            passed: z.boolean(),
            why: text(),
            remedy: text().nullable(),
          }),
        ),
      }),
    )
    .max(500)
    .optional()
    .describe("What was looked at, scene by scene."),
  kpi_targets: z
    .array(
      z.strictObject({
        metric: z.enum(KPI_METRICS),
        target: z.number(),
        value: z.number().nullable().describe("What the channel's episodes had; null without figures."),
        sample: z.number().min(0).describe("Impressions or views that it was taken from."),
        verdict: z.enum(["MET", "MISSED", "NO_FIGURES"]),
      }),
    )
    .max(20)
    .optional(),
  rewrites: rewrites.optional().describe("How often this channel's scenes were sent back lately."),
});
const ops = z.strictObject({
  episode_id: idOf("Episode"),
  proposal_id: idOf("Proposal").nullable(),
  render: z
    .strictObject({
      highlights: z.boolean(),
      cuts: z.int().min(1),
      duration_s: z.number().min(0),
      subtitle_findings: z.int().min(0),
      ffmpeg: z.boolean().describe("Whether it could be rendered where the stage ran; the plan stands either way."),
      said: text(),
    })
    .optional()
    .describe("What the render plan of the episode has, before anybody cuts."),
});
const topics = z.strictObject({
  topics: z.array(z.strictObject({ topic_id: topic, score: z.number(), why: text() })).max(500),
});
const affected = z.strictObject({
  source_id: idOf("Source"),
  claim_ids: z.array(idOf("Claim")).max(10_000),
  episode_ids: z.array(idOf("Episode")).max(10_000),
});
const correction = z.strictObject({
  repairs: z.array(
    z.strictObject({
      claim_id: idOf("Claim"),
      how: z.enum(["BETTER_QUOTE", "NARROWED", "DROPPED"]),
      because: text(),
    }),
  ),
  unresolved: z.int().min(0),
});
const change = z.strictObject({
  title: title(),
  summary: text(),
  about: z.array(anyNode).max(500),
  accepted: z.boolean(),
});

/** Every document that a stage may answer with. */
export const DOCUMENTS_OF_STAGES = {
  plan,
  scoring,
  research,
  episode,
  script,
  qa,
  ops,
  topics,
  affected,
  correction,
  change,
} as const;
export type StageDocument = keyof typeof DOCUMENTS_OF_STAGES;

export interface Task {
  readonly said: string;
  /** Of the fields that a flow's `input` names. */
  readonly input: z.ZodType;
  /** Name and schema of the answer. */
  readonly output: string;
  readonly schema: z.ZodType;
}

const task = <D extends StageDocument>(said: string, output: D, input: z.core.$ZodLooseShape): Task => ({
  said,
  output,
  schema: DOCUMENTS_OF_STAGES[output],
  input: z.strictObject(input as z.ZodRawShape),
});

const repair = qa.nullable().default(null);
/** The only sources that a research may use; null lets it look for them. */
const sources = z.array(idOf("Source")).max(400).nullable().default(null);
/** What whoever started the run couldn't hold, such as a page that was refused: told on with what the research leaves out. */
const leftOut = z
  .array(z.strictObject({ what: text(), message: text() }))
  .max(500)
  .nullable()
  .default(null);

/** The tasks by the name of their executor. */
export const TASKS: Readonly<Record<string, Task>> = {
  planner: task("plans an episode about a topic", "plan", { topic_id: topic, channel_id: channel }),
  "topic-scoring": task("scores the topic among its candidates", "scoring", { plan }),
  research: task("reads sources and quotes facts from them", "research", { plan, scoring, sources, left_out: leftOut }),
  scenes: task("makes scenes of facts", "episode", {
    plan,
    research,
    repair,
    before: episode.nullable().default(null),
  }),
  script: task("writes what is said in the scenes", "script", { episode, research }),
  qa: task("checks scenes and script against their evidence", "qa", { episode, script, research }),
  ops: task("brings the episode to its proposal", "ops", { episode, script, research, qa }),
  "topic-candidates": task("collects topics that a channel could take up", "topics", {
    channel_id: channel,
    limit: z.int().min(1).max(500).nullable(),
  }),
  "topic-ranking": task("ranks topics by their scores", "topics", { channel_id: channel, candidates: topics }),
  "topic-proposals": task("proposes the topics that were ranked first", "topics", {
    channel_id: channel,
    ranked: topics,
  }),
  "correction-scope": task("finds what stands on a source that fell", "affected", { source_id: idOf("Source") }),
  "claim-repair": task("finds better quotes, narrows claims or drops them", "correction", { affected, repair }),
  "correction-check": task("checks that what is corrected stands", "qa", { affected, correction }),
  "correction-proposal": task("proposes the corrected episodes", "correction", { affected, correction }),
  "feature-spec": task("says what a change is for and how it is judged", "change", { feature: text() }),
  "feature-build": task("hands a change on to whoever makes it", "change", { spec: change }),
  "feature-check": task("judges a change by what was asked", "qa", { spec: change, built: change }),
  "feature-release": task("releases a change", "change", { built: change, checked: qa }),
};

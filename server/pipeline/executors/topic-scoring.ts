import type { z } from "zod";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { weightsOf, type ScoreInput, type Weights } from "../../domains/channel/topic-weights.js";
import { dayOf } from "../../domains/kpi/kpi-row.js";
import { searchQuery, toLuceneAny } from "../../graph/search.js";
import { defineExecutor, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { rivalTopics } from "./evidence.query.js";
import { figuresOfChannel, topicWeightsOfChannel } from "./kpi.query.js";
import { KPI_INPUTS, kpiSignals, LEAST_MEASURED, measuredOf, type MeasuredEpisode } from "./kpi-signals.js";
import { searchWords } from "./sources.js";
import type { Plan, Scoring } from "./stage-documents.js";

/*
 * How ready the studio is to tell of a topic, beside those that it could take up instead, and how episodes of its like did on
 * the channel. It counts what is held and what was measured, and nothing that would have to be guessed: how many people want
 * to see it isn't known here.
 */

/** Change with the arithmetic. */
export const FORMULAS = { evidence: "evidence-held/1", kpis: "evidence-and-kpis/1" } as const;
/** Other topics that it is held against. */
const RIVALS = 7;
/** Matches that are counted. */
const COUNTED = 200;
/** Episodes of the channel, and days back from now, whose figures count. */
const MOST_EPISODES = 300;
const DAYS = 365;

const NAMES: Readonly<Record<ScoreInput, string>> = {
  FACTS_HELD: "facts held",
  SOURCES_HELD: "sources held",
  WORDS_FOUND: "share of the topic's words that are found",
  VIEWS: "views a day of alike episodes, in doublings of the channel's median",
  CTR: "click-through rate of alike episodes, in doublings of the channel's median",
  AVD: "average view duration of alike episodes, in doublings of the channel's median",
  RPM: "revenue for a thousand views of alike episodes, in doublings of the channel's median",
};

export const embeddedScoring = (): Executor =>
  defineExecutor({
    name: "topic-scoring",
    version: "1.1.0",
    input: TASKS["topic-scoring"]!.input as z.ZodType<{ readonly plan: Plan }>,
    output: DOCUMENTS_OF_STAGES.scoring,
    async run({ reader, startedAt }, { plan }) {
      const topicId = parseNodeId(plan.topic_id)!.id;
      const channelId = parseNodeId(plan.channel_id)!.id;
      const { score, weightsVersion } = await topicScorer(reader, channelId, startedAt);
      const scored = await score(plan.title);
      const rivals = await reader.run(rivalTopics, { topicId, most: RIVALS });
      const others = await Promise.all(
        rivals.map(async ({ id, title }) => ({ topic_id: `Topic:${id}`, score: (await score(title)).score })),
      );
      const output: Scoring = {
        topic_id: plan.topic_id,
        ...scored,
        weights_version: weightsVersion,
        candidates: [{ topic_id: plan.topic_id, score: scored.score }, ...others].sort(
          (a, b) => b.score - a.score || (a.topic_id < b.topic_id ? -1 : 1),
        ),
      };
      return { output, provider: "embedded" };
    },
  }) as Executor;

export interface TopicScorer {
  score(title: string): Promise<Scored>;
  readonly weightsVersion: number;
}

/** How topics are scored for a channel: by its weights, and its figures as they were at the instant. */
export async function topicScorer(reader: Reader, channelId: string, at: number): Promise<TopicScorer> {
  const [own] = await reader.run(topicWeightsOfChannel, { channelId });
  const weights = weightsOf(own?.weights);
  const since = dayOf(at - DAYS * 86_400_000);
  const wanted = { channelId, forever: FOREVER, since, most: MOST_EPISODES };
  const measured = measuredOf(await reader.run(figuresOfChannel, wanted));
  return {
    score: async (title) => scoreOf(await heldOn(reader, title), title, measured, weights),
    weightsVersion: own?.version ?? 0,
  };
}

/** What the studio holds on a topic. */
export interface Held {
  readonly facts: number;
  readonly sources: number;
  /** Share of the topic's words that is found, 0 to 1, and how many words it has. */
  readonly found: number;
  readonly words: number;
}

async function heldOn(reader: Reader, title: string): Promise<Held> {
  const words = searchWords(title);
  const lucene = toLuceneAny(reader.tenantId, words, ["Fact", "Source"]);
  const asked = { phrase: "", asOf: FOREVER - 1, skip: 0, first: COUNTED, most: COUNTED };
  const [found] = lucene === null ? [] : await reader.run(searchQuery, { lucene, ...asked });
  const nodes = found?.nodes ?? [];
  const text = nodes.map((node) => node.title.toLowerCase()).join("\n");
  return {
    facts: nodes.filter(({ label }) => label === "Fact").length,
    sources: nodes.filter(({ label }) => label === "Source").length,
    found: words.length === 0 ? 0 : words.filter((word) => text.includes(word)).length / words.length,
    words: words.length,
  };
}

type Scored = Pick<Scoring, "score" | "formula_version" | "sample_size" | "inputs" | "note">;

/**
 * The score of a topic: its inputs by their weights, added up. Figures take part once the channel has enough of them; all
 * topics of one answer go by the same formula, so that they can be compared.
 */
export function scoreOf(held: Held, title: string, measured: readonly MeasuredEpisode[], weights: Weights): Scored {
  const evidence: readonly (readonly [ScoreInput, number, number])[] = [
    ["FACTS_HELD", Math.log2(1 + held.facts), held.facts],
    ["SOURCES_HELD", Math.log2(1 + held.sources), held.sources],
    ["WORDS_FOUND", held.found, held.words],
  ];
  const enough = measured.length >= LEAST_MEASURED;
  const signals = enough ? kpiSignals(title, measured) : null;
  const kpis =
    signals === null ? [] : KPI_INPUTS.map((name) => [name, signals[name].value, signals[name].sample] as const);
  const inputs = [...evidence, ...kpis].map(([name, value, sample]) => ({
    name: NAMES[name],
    value: round(value),
    weight: weights[name],
    sample_size: sample,
  }));
  const episodes = measured.length === 1 ? "1 episode" : `${measured.length} episodes`;
  return {
    score: round(inputs.reduce((sum, { value, weight }) => sum + value * weight, 0)),
    formula_version: enough ? FORMULAS.kpis : FORMULAS.evidence,
    sample_size: held.facts + held.sources + (enough ? measured.length : 0),
    inputs,
    note: enough
      ? `Figures of ${episodes} of the channel from the last ${DAYS} days take part.`
      : `By what is held alone: ${episodes} of the channel ${measured.length === 1 ? "has" : "have"} figures from the last ${DAYS} days, and ${LEAST_MEASURED} are needed before they count.`,
  };
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

import type { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Reader } from "../../commands/judge.js";
import { searchQuery, toLuceneAny } from "../../graph/search.js";
import { defineExecutor, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { rivalTopics } from "./evidence.query.js";
import { searchWords } from "./sources.js";
import type { Plan, Scoring } from "./stage-documents.js";

/*
 * How ready the studio is to tell of a topic, beside those that it could take up instead. It counts what is held, and nothing
 * that would have to be guessed: how many people want to see it isn't known here.
 */

/** Changes with the arithmetic. */
export const FORMULA = "evidence-held/1";
/** Other topics that it is held against. */
const RIVALS = 7;
/** Matches that are counted. */
const COUNTED = 200;

const WEIGHTS = { "facts held": 1, "sources held": 2, "share of the topic's words that are found": 3 } as const;
type InputName = keyof typeof WEIGHTS;

export const embeddedScoring = (): Executor =>
  defineExecutor({
    name: "topic-scoring",
    version: "1.0.0",
    input: TASKS["topic-scoring"]!.input as z.ZodType<{ readonly plan: Plan }>,
    output: DOCUMENTS_OF_STAGES.scoring,
    async run({ reader }, { plan }) {
      const topicId = parseNodeId(plan.topic_id)!.id;
      const own = await scoreOf(reader, plan.title);
      const rivals = await reader.run(rivalTopics, { topicId, most: RIVALS });
      const others = await Promise.all(
        rivals.map(async ({ id, title }) => ({ topic_id: `Topic:${id}`, score: (await scoreOf(reader, title)).score })),
      );
      const output: Scoring = {
        topic_id: plan.topic_id,
        score: own.score,
        formula_version: FORMULA,
        sample_size: own.sample,
        inputs: own.inputs,
        candidates: [{ topic_id: plan.topic_id, score: own.score }, ...others].sort(
          (a, b) => b.score - a.score || (a.topic_id < b.topic_id ? -1 : 1),
        ),
      };
      return { output, provider: "embedded" };
    },
  }) as Executor;

async function scoreOf(reader: Reader, title: string): Promise<Pick<Scoring, "score" | "inputs"> & { sample: number }> {
  const words = searchWords(title);
  const lucene = toLuceneAny(reader.tenantId, words, ["Fact", "Source"]);
  const asked = { phrase: "", asOf: FOREVER - 1, skip: 0, first: COUNTED, most: COUNTED };
  const [found] = lucene === null ? [] : await reader.run(searchQuery, { lucene, ...asked });
  const nodes = found?.nodes ?? [];
  const text = nodes.map((node) => node.title.toLowerCase()).join("\n");
  const held = {
    "facts held": Math.log2(1 + nodes.filter(({ label }) => label === "Fact").length),
    "sources held": Math.log2(1 + nodes.filter(({ label }) => label === "Source").length),
    "share of the topic's words that are found":
      words.length === 0 ? 0 : words.filter((word) => text.includes(word)).length / words.length,
  } satisfies Record<InputName, number>;
  const inputs = (Object.keys(WEIGHTS) as InputName[]).map((name) => ({
    name,
    value: round(held[name]),
    weight: WEIGHTS[name],
  }));
  const score = round(inputs.reduce((sum, { value, weight }) => sum + value * weight, 0));
  return { score, inputs, sample: nodes.length };
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

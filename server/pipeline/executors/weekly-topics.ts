import type { z } from "zod";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { Refusal } from "../../commands/problem.js";
import { recordDecision } from "../../domains/decision/decision.service.js";
import { defineExecutor, StageFailure, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { rivalTopics, topicTitles } from "./evidence.query.js";
import { topicScorer } from "./topic-scoring.js";

/* What a channel could take up next: topics without an episode, ranked as the episode flow scores them, and the first ones proposed. */

type Topics = z.infer<typeof DOCUMENTS_OF_STAGES.topics>;

/** Topics that are looked at where the run doesn't say, and those that are proposed in the end. */
const CANDIDATES = 50;
const PROPOSED = 5;

export const topicCandidates = (): Executor =>
  defineExecutor({
    name: "topic-candidates",
    version: "1.0.0",
    input: TASKS["topic-candidates"]!.input as z.ZodType<{ channel_id: string; limit: number | null }>,
    output: DOCUMENTS_OF_STAGES.topics,
    async run({ reader }, { limit }) {
      const found = await reader.run(rivalTopics, { topicId: "", most: limit ?? CANDIDATES });
      if (found.length === 0)
        throw new StageFailure(
          "NO_TOPICS",
          "Every topic of the studio has its episode: create topics, and resume the run.",
        );
      const topics = found.map(({ id }) => ({ topic_id: `Topic:${id}`, score: 0, why: "It has no episode yet." }));
      return { output: { topics }, provider: "embedded" };
    },
  }) as Executor;

export const topicRanking = (): Executor =>
  defineExecutor({
    name: "topic-ranking",
    version: "1.0.0",
    input: TASKS["topic-ranking"]!.input as z.ZodType<{ channel_id: string; candidates: Topics }>,
    output: DOCUMENTS_OF_STAGES.topics,
    async run({ reader, startedAt, signal }, { channel_id, candidates }) {
      const ids = candidates.topics.map(({ topic_id }) => parseNodeId(topic_id)!.id);
      const scorer = await topicScorer(reader, parseNodeId(channel_id)!.id, startedAt);
      const topics: Topics["topics"] = [];
      for (const { id, title } of await reader.run(topicTitles, { ids })) {
        signal.throwIfAborted();
        const { score, inputs, formula_version, note } = await scorer.score(title);
        const arithmetic = inputs.map(({ name, value, weight }) => `${name} ${value} x ${weight}`).join(", ");
        topics.push({ topic_id: `Topic:${id}`, score, why: `${formula_version}: ${arithmetic}. ${note ?? ""}`.trim() });
      }
      topics.sort((a, b) => b.score - a.score || (a.topic_id < b.topic_id ? -1 : 1));
      return { output: { topics }, provider: "embedded" };
    },
  }) as Executor;

export const topicProposals = (): Executor =>
  defineExecutor({
    name: "topic-proposals",
    version: "1.0.0",
    input: TASKS["topic-proposals"]!.input as z.ZodType<{ channel_id: string; ranked: Topics }>,
    output: DOCUMENTS_OF_STAGES.topics,
    async run(context, { channel_id, ranked }) {
      const topics = ranked.topics.slice(0, PROPOSED);
      if (topics.length === 0) throw new StageFailure("NO_TOPICS", "No topic was ranked: there is nothing to propose.");
      // Who starts it by the clock may decide nothing of a studio's: then the stage's own document is the record.
      const decided = await context.attemptTo("decision", recordDecision, {
        title: `What could ${channel_id} take up next?`,
        outcome: "PROPOSED",
        rationale: topics.map(({ topic_id, score, why }, i) => `${i + 1}. ${topic_id}, ${score}: ${why}`).join("\n"),
        aboutIds: topics.map(({ topic_id }) => topic_id),
      });
      const refused = decided.ok ? [] : decided.problems.filter(({ code }) => code !== "FORBIDDEN");
      if (refused.length > 0) throw new Refusal(refused);
      const produced = decided.ok ? [decided.result.decisionId] : [];
      return { output: { topics }, provider: "embedded", produced };
    },
  }) as Executor;

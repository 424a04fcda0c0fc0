import type { z } from "zod";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { defineExecutor, StageFailure, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { runSubjects } from "./evidence.query.js";
import { searchWords } from "./sources.js";
import type { Plan } from "./stage-documents.js";
import { fill, type EpisodeTemplate } from "./template.js";

export interface PlannerInput {
  readonly topic_id: string;
  readonly channel_id: string;
}

/** Plans an episode by the channel's template: what the research must answer, and how long it may get. */
export const embeddedPlanner = (templateOf: (channelId: string) => EpisodeTemplate): Executor =>
  defineExecutor({
    name: "planner",
    version: "1.0.0",
    input: TASKS["planner"]!.input as z.ZodType<PlannerInput>,
    output: DOCUMENTS_OF_STAGES.plan,
    async run({ reader }, { topic_id, channel_id }) {
      const ids = { topicId: parseNodeId(topic_id)!.id, channelId: parseNodeId(channel_id)!.id };
      const [subject] = await reader.run(runSubjects, ids);
      if (subject === undefined)
        throw new StageFailure("NOT_FOUND", "The topic or the channel of this run isn't there any more.");
      if (searchWords(subject.topic).length === 0)
        throw new StageFailure(
          "NO_WORDS",
          `The topic “${subject.topic}” has no words to look for: give it a title that names something.`,
        );
      const { planner } = templateOf(channel_id);
      const output: Plan = {
        topic_id,
        channel_id,
        title: subject.topic,
        questions: planner.questions.map((question) => fill(question, { topic: subject.topic })),
        duration_s: planner.duration_s,
      };
      return { output, provider: "embedded" };
    },
  }) as Executor;

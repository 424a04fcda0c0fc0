import { z } from "zod";
import { foreignId, httpAddress, slug, when } from "./parts.js";

const stage = {
  run_id: foreignId().describe("The run: by its id here, or in the words of whoever runs it."),
  stage: slug().describe("The stage's name."),
  attempt: z.int().min(1).max(1_000).describe("Which try of the stage this was, from 1 on."),
  at: when().describe("When it ended."),
};

/** An orchestrator outside has finished a stage. */
export const stageCompleted = z.strictObject({
  ...stage,
  output: z
    .record(z.string().max(100), z.unknown())
    .optional()
    .describe(
      "What the stage made, as the document that its flow says: it takes the place of what was handed on. Refused where it isn't that document; a message has 64 kB in all.",
    ),
  output_url: httpAddress()
    .optional()
    .describe(
      "Where its output can be fetched, for whoever listens; refused for a run of this installation's own, which fetches nothing.",
    ),
});

/** An orchestrator outside has given a stage up, or will try it again. */
export const stageFailed = z.strictObject({
  ...stage,
  error: z.string().min(1).max(2_000).describe("What went wrong, for people."),
  retryable: z.boolean().describe("Whether another try may mend it."),
});

import { z } from "zod";
import { flowFaults } from "./flow-faults.js";

/** Names of stages and executors; webhooks name stages the same way. */
const name = () => z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, "lower-case letters, digits and hyphens, at most 60");

const duration = () =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,5}(ms|s|m|h|d)$/, "a whole number and a unit of ms, s, m, h or d, such as 90s")
    .describe("A whole number and a unit: ms, s, m, h or d, such as `90s`.");

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as `90s`. */
export function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text)!;
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

const reference = () =>
  z
    .string()
    .max(200)
    .regex(/^[a-z][a-z0-9-]*(\.[A-Za-z0-9_-]+)*$/, "a path such as run.topic_id or research.sources")
    .describe(
      "A value by its path: `run.id`, `run.topic_id`, `run.channel_id`, `run.input.…`; the output of a stage that comes before, such as `research.sources`; or `repair`, the output that asked for this round, null in the first.",
    );

const scalar = z.union([z.string().max(500), z.number(), z.boolean(), z.null()]);
const TESTS = ["equals", "not_equals", "at_least", "at_most", "exists"] as const;

const condition = z
  .strictObject({
    value: reference(),
    equals: scalar.optional().describe("True when the value is this one."),
    not_equals: scalar.optional().describe("True when the value is another one, or missing."),
    at_least: z.number().optional().describe("True when the value is a number, and this or more."),
    at_most: z.number().optional().describe("True when the value is a number, and this or less."),
    exists: z.boolean().optional().describe("True when the value is there and not null, or isn't."),
  })
  .refine((one) => TESTS.filter((test) => one[test] !== undefined).length === 1, {
    error: `give exactly one of ${TESTS.join(", ")}`,
  })
  .describe("A test of one value, with exactly one of the operators.");
export type FlowCondition = z.infer<typeof condition>;

const backoff = z.strictObject({
  first: duration().default("1s"),
  factor: z.number().min(1).max(10).default(2).describe("How many times as long each next pause is."),
  most: duration().default("5m"),
  jitter: z.number().min(0).max(1).default(0.5).describe("The part of a pause that is left to chance."),
});

const stage = z.strictObject({
  name: name(),
  run: name().describe("The executor that does the work."),
  input: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "lower-case letters, digits and underscores"), reference())
    .default({})
    .describe("What the executor is given, by field."),
  output: name().describe("The document that it must answer with; one that doesn't fit its schema has failed."),
  needs: z.array(name()).max(50).default([]).describe("Stages that must be done, or left out, before."),
  when: condition.optional().describe("Without it being true, the stage is left out and its output is null."),
  retries: z.int().min(0).max(20).default(0).describe("Further tries after one that failed and may be tried again."),
  backoff: backoff.prefault({}),
  timeout: duration().default("5m").describe("Longest try."),
  concurrency: z.int().min(1).max(100).optional().describe("Tries of this stage at once, in all runs of the studio."),
  cache: z
    .strictObject({
      by: z.array(reference()).min(1).max(20).describe("The values that the output follows from."),
      for: duration().default("7d").describe("How long an output may be used again."),
    })
    .optional()
    .describe("Uses the output of any channel's run with equal values, and the same executor and version."),
  approval: z
    .strictObject({ question: z.string().min(1).max(500).describe("What the approver is asked.") })
    .optional()
    .describe("Waits before it begins until somebody else than who started the run has approved."),
  wait: z
    .literal("callback")
    .optional()
    .describe("Is done when a webhook reports so, after the executor handed it on."),
  wait_timeout: duration().default("7d").describe("Longest wait for the callback."),
  repair: z
    .strictObject({
      to: name().describe("The earlier stage that is done anew, with everything behind it."),
      when: condition,
      rounds: z.int().min(1).max(10).describe("How often at most; then the run has failed."),
    })
    .optional()
    .describe("Sends the run back to an earlier stage."),
  block: z
    .strictObject({
      when: condition,
      because: reference().optional().describe("What says why: a text, or a list of findings as `qa` has them."),
    })
    .optional()
    .describe("Ends the run as BLOCKED once the stage is done: nothing behind it begins."),
});

/** A task graph: what the runner of the pipeline goes by. */
export const flow = z
  .strictObject({
    flow: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, "letters, digits, underscores and hyphens, at most 60"),
    version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, "a semantic version such as 1.0.0"),
    title: z.string().min(1).max(200),
    requires: z
      .array(z.enum(["topic", "channel"]))
      .default([])
      .describe("What a run of it must be started for."),
    stages: z.array(stage).min(1).max(50),
  })
  .superRefine(({ stages }, context) => {
    for (const { path, message } of flowFaults(stages)) context.addIssue({ code: "custom", path, message });
  })
  .meta({ id: "Flow", title: "Flow", description: "A task graph of the pipeline: stages, and what each waits for." });

export type FlowDocument = z.infer<typeof flow>;
export type FlowStage = FlowDocument["stages"][number];

import { z } from "zod";
import { defineNode, optional } from "../node.js";
import { ROLES } from "./principal.js";

export const RUN_STATES = ["RUNNING", "WAITING", "DONE", "BLOCKED", "FAILED", "CANCELLED"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One run of a flow: the record that a runner goes by, whichever process it is in. */
export const pipelineRun = defineNode({
  label: "PipelineRun",
  shape: z.object({
    flow: z.string(),
    flowVersion: z.string(),
    /** SHA-256 of the flow as it was when the run began; the Body of this hash holds it, and the run keeps to it. */
    flowHash: z.string(),
    /** SHA-256 of what the run took from its channel's config as it began; the Body of this hash holds it. Null without a channel. */
    pinsHash: optional(z.string()),
    status: z.enum(RUN_STATES),
    /** While WAITING: when something is due by itself; null when only a signal wakes it. */
    wakeAt: optional(z.number()),
    /** What the run was given beside topic and channel, as JSON. */
    input: z.string(),
    /** Natural key and name of who started it, and the roles of their token: its stages act in their name. */
    startedBy: z.string(),
    startedByName: z.string(),
    startedByRoles: z.array(z.enum(ROLES)),
    /** The person whom an agent started it for. */
    onBehalfOf: optional(z.string()),
    startedAt: z.number(),
    finishedAt: optional(z.number()),
    /** 1, and one more with each repair. */
    round: z.number().int(),
    /** Why it ended other than DONE: a code, and words for people. */
    outcome: optional(z.string()),
    problem: optional(z.string()),
  }),
  searched: false,
});
export type PipelineRunProperties = z.infer<typeof pipelineRun.shape>;

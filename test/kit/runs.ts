import { flow } from "../../graph-schema/documents/flow.js";
import { systemCaller } from "../../server/commands/caller.js";
import { cancelRun, startRun } from "../../server/domains/run/run.service.js";
import { beginStage } from "../../server/domains/run/stage.service.js";
import { done } from "./approvals.js";
import type { TestTenant } from "./tenant.js";

/** A flow of one stage, which waits for approval. */
export const FLOW = flow.parse({
  flow: "test",
  version: "1.0.0",
  title: "A test",
  stages: [{ name: "one", run: "a", output: "thing", approval: { question: "Shall we?" } }],
});

/** A run that somebody else started and whose stage waits for approval, and one that was cancelled. */
export async function buildRuns(t: TestTenant): Promise<{ run: string; ended: string }> {
  const order = { flow: FLOW.flow, resolved: FLOW, missing: [] };
  const ed = t.person("ed", "editor");
  const { runId: run } = await done(startRun, ed, order);
  await done(beginStage, systemCaller(t.id), { runId: run, stage: "one", attempt: 1, executor: "a", how: "ASK" });
  const { runId: ended } = await done(startRun, ed, order);
  await done(cancelRun, ed, { runId: ended });
  return { run, ended };
}

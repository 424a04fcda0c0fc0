import { z } from "zod";
import { INBOUND_EVENTS } from "../../graph-schema/events.js";
import { flow as flowDocument } from "../../graph-schema/documents/flow.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Reader } from "../commands/judge.js";
import { documentOf } from "../domains/run/document.js";
import { readDocuments, readRun } from "../domains/run/record.service.js";
import type { JudgedOutput } from "../domains/run/signal.service.js";
import type { Installation } from "./office.js";
import { misfit } from "./run-stage.js";

const brings = z.looseObject({ type: z.literal("stage.completed"), data: INBOUND_EVENTS["stage.completed"] });

/**
 * What a report brings as the output of a stage, held against the document that the run's own flow says: as strictly as what an
 * executor answers with. Null where it brings none, or is of no run that is here; then the report itself says what it may.
 */
export async function judgeReport(
  reader: Reader,
  { tasks, executors }: Pick<Installation, "tasks" | "executors">,
  event: unknown,
): Promise<JudgedOutput | null> {
  const parsed = brings.safeParse(event);
  if (!parsed.success || parsed.data.data.output === undefined) return null;
  const { run_id, stage: name, output } = parsed.data.data;
  const id = parseNodeId(run_id);
  const record = id?.label === "PipelineRun" ? await readRun(reader, id.id) : undefined;
  if (record === undefined) return null;
  const { flowHash } = record.run;
  const flow = flowDocument.parse((await readDocuments(reader, [flowHash])).get(flowHash));
  const stage = flow.stages.find((one) => one.name === name);
  if (stage === undefined) return null;
  const task = Object.hasOwn(tasks, stage.run) ? tasks[stage.run] : undefined;
  if (task === undefined) return { ok: false, problem: `Nobody here knows what ${stage.run} answers with.` };
  for (const schema of [task.schema, executors.get(stage.run)?.output]) {
    const problem = schema === undefined ? null : misfit(schema, output);
    if (problem !== null) return { ok: false, problem: `It is no ${stage.output}: ${problem}`.slice(0, 2_000) };
  }
  return { ok: true, ...documentOf(output) };
}

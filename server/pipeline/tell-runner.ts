import type { Runner } from "./runner.js";

/** Commands that a runner is told of, whichever door they came by. */
const TOLD: Readonly<Record<string, keyof Runner>> = {
  startRun: "start",
  startWeekly: "start",
  resumeRun: "signal",
  cancelRun: "cancel",
  decideStage: "signal",
  receiveEvent: "signal",
};

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Tells a runner of what was committed. The record stands: one that couldn't be told looks at it by itself. */
export function tellRunner(runner: Runner, command: string, tenantId: string, input: unknown, result: unknown): void {
  const told = Object.hasOwn(TOLD, command) ? TOLD[command] : undefined;
  if (told === undefined) return;
  const run = { tenantId, runId: text(field(result, "runId")) };
  const telling =
    told === "start"
      ? runner.start(run, text(field(input, "flow")), field(input, "input"))
      : told === "cancel"
        ? runner.cancel(run)
        : runner.signal(run, command, result);
  telling.catch(() => undefined);
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FlowDocument } from "../../graph-schema/documents/flow.js";
import { ConfigError } from "../config.js";
import { readFlow } from "./flow-file.js";
import { TASKS, type Task } from "./tasks.js";

/** The flows beside this file; the build copies no YAML, so the built output finds them in the sources. */
const FOLDER = [
  join(import.meta.dirname, "flows"),
  join(import.meta.dirname, "../../../server/pipeline/flows"),
] as const;

/** The flows of a folder by name. Throws a ConfigError with every problem of every file, by line. */
export function loadFlows(
  folder: string = FOLDER.find((one) => existsSync(one)) ?? FOLDER[0],
  tasks: Readonly<Record<string, Task>> = TASKS,
): ReadonlyMap<string, FlowDocument> {
  const flows = new Map<string, FlowDocument>();
  const problems: string[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()) {
    const read = readFlow(readFileSync(join(folder, file), "utf8"), tasks);
    if (!read.ok)
      problems.push(
        ...read.problems.map(({ line, path, message }) => `${file}:${line}: ${path ? `${path}: ` : ""}${message}`),
      );
    else if (flows.has(read.flow.flow)) problems.push(`${file}:1: flow: another file has the flow ${read.flow.flow}`);
    else flows.set(read.flow.flow, read.flow);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return flows;
}

import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { flow as flowDocument, type FlowDocument } from "../../graph-schema/documents/flow.js";
import type { Task } from "./tasks.js";

/** What is wrong with a flow's file, and where: its first line is 1. */
export interface FlowProblem {
  readonly line: number;
  /** Such as `stages.2.needs.0`; empty where the file is no YAML. */
  readonly path: string;
  readonly message: string;
}

export type ReadFlow =
  | { readonly ok: true; readonly flow: FlowDocument }
  | { readonly ok: false; readonly problems: readonly FlowProblem[] };

/** Largest file, in characters. */
const MAX_LENGTH = 200_000;

/** Reads a flow from YAML, with everything that is wrong with it: as a text, as a graph, and by the tasks that there are. */
export function readFlow(text: string, tasks: Readonly<Record<string, Task>>): ReadFlow {
  if (text.length > MAX_LENGTH)
    return { ok: false, problems: [{ line: 1, path: "", message: `longer than ${MAX_LENGTH} characters` }] };
  const lines = new LineCounter();
  // Aliases are refused below: a flow has no use for them, and a few can stand for millions of nodes.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false });
  if (document.errors.length > 0)
    return {
      ok: false,
      problems: document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        path: "",
        message: message.split("\n")[0]!,
      })),
    };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return { ok: false, problems: [{ line: 1, path: "", message: (error as Error).message }] };
  }
  const problems: FlowProblem[] = [];
  const tell = (path: readonly PropertyKey[], message: string) =>
    problems.push({ line: lineOf(document, lines, path), path: path.map(String).join("."), message });
  const parsed = flowDocument.safeParse(value);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      if (issue.code !== "unrecognized_keys") tell(issue.path, issue.message);
      else for (const key of issue.keys) tell([...issue.path, key], `there is no such key: ${key}`);
    }
    return { ok: false, problems };
  }
  for (const { path, message } of taskFaults(parsed.data, tasks)) tell(path, message);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, flow: parsed.data };
}

/** Stages whose executor or document nobody knows. */
function taskFaults({ stages }: FlowDocument, tasks: Readonly<Record<string, Task>>) {
  return stages.flatMap((stage, i) => {
    const task = Object.hasOwn(tasks, stage.run) ? tasks[stage.run] : undefined;
    if (task === undefined)
      return [
        {
          path: ["stages", i, "run"],
          message: `there is no executor ${stage.run}; known are ${Object.keys(tasks).join(", ")}`,
        },
      ];
    if (task.output !== stage.output)
      return [
        { path: ["stages", i, "output"], message: `${stage.run} answers with ${task.output}, not ${stage.output}` },
      ];
    return [];
  });
}

/** The line of what a path leads to: of a map's entry, its key. What isn't there is told of by what it is missing in. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const step of path) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next: unknown = pair === undefined ? (isSeq(node) ? node.items[Number(step)] : undefined) : pair.value;
    const start = (pair?.key ?? next) as Node | undefined;
    if (start?.range == null) break;
    offset = start.range[0];
    node = next;
  }
  return lines.linePos(offset).line;
}

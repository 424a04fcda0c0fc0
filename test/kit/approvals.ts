import { parseNodeId } from "../../graph-schema/node-id.js";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import type { Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import { execute, type Executed } from "../../server/commands/execute.js";
import type { Graph } from "../../server/graph/graph.js";
import type { NodeOf } from "../../server/graph/projection.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { testGraph } from "./graph.js";
import { testOffice } from "./office.js";
import { operationId, type TestTenant } from "./tenant.js";

/** One command of somebody, in the tenant alone: its twin has another past. */
export const act = <I, R>(
  command: Command<I, R>,
  who: Caller,
  input: object,
  graph: Graph = testGraph(),
): Promise<Executed<R>> =>
  execute({ ...testOffice(), graph }, command, who, { operationId: operationId(), reason: "a test", ...input });

/** The same, for what must be done. */
export async function done<I, R>(command: Command<I, R>, who: Caller, input: object): Promise<R> {
  const executed = await act(command, who, input);
  if (!executed.ok) throw new Error(`${command.name}: ${JSON.stringify(executed.problems)}`);
  return executed.result;
}

/** The problem codes of a refusal; empty when it was done. */
export const codesOf = (executed: Executed<unknown>): string[] =>
  executed.ok ? [] : executed.problems.map(({ code }) => code);

/** A node as it is now. */
export async function nodeNow<L extends NodeLabel>(t: TestTenant, label: L, id: string): Promise<NodeOf<L>> {
  const found = (await nodesById(testGraph(), t.scope, [parseNodeId(id)!], Date.now() + 60_000)).get(id);
  if (found?.label !== label) throw new Error(`there is no ${id}`);
  return found as unknown as NodeOf<L>;
}

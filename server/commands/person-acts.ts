import type { CommandContext } from "./command.js";
import { readFacts } from "./judge.js";

/**
 * Whether a person's own judgement stands behind a command: not an agent's, by kind or role as in the policy's mission lock, nor
 * that of whoever acts for another, nor a run's of the pipeline, which acts in its starter's name. What these say is suggested.
 */
export async function personActs({
  tx,
  caller,
  operationId,
}: Pick<CommandContext, "tx" | "caller" | "operationId">): Promise<boolean> {
  if (operationId.startsWith("run/") || caller.onBehalfOf !== undefined || caller.roles.includes("agent")) return false;
  // This process itself and its seeds stand for whoever installed it; the platform's people have no principal here.
  if (caller.internal !== undefined || caller.home !== undefined) return true;
  const [kind = null] = (await readFacts(tx, caller)).actor ?? [];
  return kind !== "AGENT";
}

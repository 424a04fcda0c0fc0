import type { Caller } from "../../commands/caller.js";
import type { Command } from "../../commands/command.js";
import { systemCaller } from "../../commands/caller.js";
import type { Executed } from "../../commands/execute.js";
import { SYSTEM_TENANT } from "../../graph/graph.js";

interface Act {
  readonly command: Pick<Command, "name" | "capability">;
  readonly caller: Caller;
  readonly input: unknown;
  readonly executed: Executed<unknown>;
  readonly region: string;
}

/**
 * What stands in the platform's audit beside the tenant's own: everything that the platform's people or this process do to a
 * tenant as a whole. It follows from the operation, so that a retry notes it once. Null for everything else.
 */
export function platformAct({ command, caller, input, executed, region }: Act) {
  const acts = caller.home !== undefined || (caller.internal === "system" && command.capability.startsWith("tenant."));
  if (!acts || caller.tenantId === SYSTEM_TENANT || executed.operationId === "") return null;
  const outcome = executed.ok ? "DONE" : "REFUSED";
  const reason =
    typeof input === "object" && input !== null && "reason" in input ? String(input.reason).slice(0, 2_000) : "";
  return {
    // In their own name, but by right of this process: that they may do nothing is no reason not to note it.
    caller: { ...systemCaller(SYSTEM_TENANT), actor: caller.actor, name: caller.name },
    input: {
      operationId: `platform/${executed.operationId}/${outcome}`.slice(0, 128),
      reason: reason.trim() === "" ? command.name : reason,
      command: command.name,
      tenantId: caller.tenantId,
      outcome,
      region,
    },
  };
}

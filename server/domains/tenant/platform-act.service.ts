import type { Caller } from "../../commands/caller.js";
import type { Command } from "../../commands/command.js";
import { systemCaller } from "../../commands/caller.js";
import { text } from "../../commands/input.js";
import { sha256, type Executed } from "../../commands/execute.js";
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
  const given = typeof input === "object" && input !== null && "reason" in input ? input.reason : "";
  // A refused change may have been given anything as its reason.
  const { data: reason = command.name } = text(2_000).safeParse(given);
  const told = { reason, command: command.name, tenantId: caller.tenantId, outcome, region };
  return {
    // In their own name, but by right of this process: that they may do nothing is no reason not to note it.
    caller: { ...systemCaller(SYSTEM_TENANT), actor: caller.actor, name: caller.name },
    input: {
      // Operations of two tenants may have one id, and what was refused may be asked again otherwise: each is noted.
      operationId: `platform/${sha256([caller.actor, executed.operationId, told])}`,
      ...told,
    },
  };
}

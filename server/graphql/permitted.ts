import type { Caller } from "../commands/caller.js";
import type { Capability } from "../policy/capabilities.js";
import { callerOf, type Context } from "./context.js";

/** Who calls, for reads that need a right; FORBIDDEN, with the rules that deny, for everybody else. */
export async function permitted(context: Context, capability: Capability): Promise<Caller> {
  const caller = callerOf(context);
  await context.services.demand(caller, capability);
  return caller;
}

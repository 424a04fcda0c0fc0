import type { Caller } from "../commands/caller.js";
import { DomainError } from "../errors.js";
import type { Capability } from "../policy/capabilities.js";
import { RULES } from "../policy/decision.js";
import { callerOf, type Context } from "./context.js";

/** Who calls, for reads that need a right; FORBIDDEN, with the rules that deny, for everybody else. */
export async function permitted(context: Context, capability: Capability): Promise<Caller> {
  const caller = callerOf(context);
  const { decision } = await context.services.judge(caller, capability);
  if (decision.allow) return caller;
  const reasons = decision.denied.map((rule) => RULES[rule]).join("; ");
  throw new DomainError("FORBIDDEN", `Not allowed (${capability}): ${reasons}.`);
}

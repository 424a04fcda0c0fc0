import { ulid } from "ulid";
import { DomainError } from "../errors.js";
import type { Capability } from "../policy/capabilities.js";
import { RULES } from "../policy/decision.js";
import type { Caller } from "./caller.js";
import { recordRefusal, sha256, type Office } from "./execute.js";
import { Denial, judgeRead } from "./judge.js";

/**
 * For reads that not everybody may do, and for a word before a long upload: goes through for whom policy lets. For
 * everybody else it throws FORBIDDEN with the reasons, and the denial stands in the decision log as a command's would.
 */
export async function demand(
  office: Office,
  caller: Caller,
  capability: Capability,
  channels: readonly string[],
): Promise<void> {
  const judgement = await judgeRead(office, caller, { capability, channels, irreversible: null });
  const { allow, denied } = judgement.decision;
  if (allow) return;
  const call = {
    caller,
    command: { name: "ask", capability },
    operationId: `ask/${ulid()}`,
    reason: "Somebody was turned away.",
    adr: null,
    inputHash: sha256({ command: "ask", told: capability }),
    detail: null,
  };
  await recordRefusal(office.graph, call, new Denial(judgement));
  throw new DomainError("FORBIDDEN", `Not allowed (${capability}): ${denied.map((rule) => RULES[rule]).join("; ")}.`);
}

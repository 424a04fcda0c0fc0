import { ulid } from "ulid";
import { GOVERNANCE, IRREVERSIBLE, type Capability } from "../policy/capabilities.js";
import { identityOf } from "./caller.js";
import type { Call } from "./execute.js";
import type { Judgement } from "./judge.js";
import type { AuditRecord } from "./operation.query.js";

/** The decision that the exercise of power follows where nobody names another. */
const RECORD_OF_POWER = "docs/adr/0008";
const hasPower = (capability: Capability): boolean =>
  GOVERNANCE.includes(capability) || IRREVERSIBLE.includes(capability);

/** What the audit says of one command: who, what, why, by which decision, with what result. */
export function auditRecord(
  { caller, command, operationId, reason, adr, inputHash }: Call,
  told: Pick<AuditRecord, "outcome" | "at" | "outputHash" | "detail"> & { readonly judgement: Judgement | null },
): AuditRecord {
  const { judgement, ...rest } = told;
  // An allowance of the daily kind follows from its entry; what was denied or can't be taken back keeps all it rested on.
  const whole = judgement !== null && (!judgement.decision.allow || judgement.input.irreversible !== null);
  return {
    id: ulid(),
    operationId,
    command: command.name,
    capability: command.capability,
    actor: identityOf(caller),
    actorName: caller.name,
    onBehalfOf: caller.onBehalfOf ?? null,
    reason,
    adr: adr ?? (hasPower(command.capability) ? RECORD_OF_POWER : null),
    inputHash,
    ...rest,
    denied: judgement?.decision.denied ?? [],
    policy: judgement?.policy ?? null,
    decisionInput: whole ? JSON.stringify(judgement.input) : null,
  };
}

import type { Caller } from "../commands/caller.js";
import { refusalRecord, sha256 } from "../commands/execute.js";
import { Denial, type Judgement } from "../commands/judge.js";
import type { AuditRecord } from "../commands/operation.query.js";
import type { Claimed } from "./delivery.query.js";

/** What a delivery's log says of a try that policy denied. */
export const DENIED = "region";

/**
 * An event that isn't sent because the tenant's data may not go there, or not from here, as the decision log has it. Null where
 * the log has it already: a delivery that is tried again is denied once.
 */
export function denialOf(caller: Caller, { id, attempts, last, event, webhook }: Claimed, judgement: Judgement) {
  const before = last === null ? null : (JSON.parse(last) as { readonly error?: unknown });
  // A replay counts its attempts anew: somebody asked for it, and is told.
  if (attempts > 0 && before?.error === DENIED) return null;
  const command = { name: "deliverEvent", capability: "webhook.write" } as const;
  const operationId = `webhook/${webhook.id}/deliver/${event.id}`;
  const reason = `An event was to be sent by webhook ${webhook.title}`;
  const inputHash = sha256({ command: command.name, told: { deliveryId: id } });
  const call = { caller, command, operationId, reason, adr: null, inputHash, detail: null };
  return refusalRecord(call, new Denial(judgement)) satisfies AuditRecord;
}

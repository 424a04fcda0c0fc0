import { decodeTime, isValid, ulid } from "ulid";
import type { WriteTx } from "../graph/graph.js";
import { auditAlso, type AuditRecord } from "../commands/operation.query.js";
import { entriesToErase, eraseTexts, lockTree } from "./audit.query.js";
import { ERASABLE, erasureOf, isErased } from "./leaf.js";
import { ERASURE } from "./log-check.js";

const PAGE = 1_000;
const GONE = Object.fromEntries([...ERASABLE, "salt"].map((name) => [name, null]));

/**
 * Erases what people wrote and who they are from all entries of the transaction's tenant, and says so in the log. What is sealed
 * stays valid: digests stand in place of the texts, and nobody has the salt any more. For a command that erases a tenant.
 */
export async function eraseAuditTexts(
  tx: WriteTx,
  by: Pick<AuditRecord, "operationId" | "actor" | "actorName" | "reason" | "at">,
): Promise<{ erased: number }> {
  // The sealer waits, so that no entry is sealed with a text that is going.
  await tx.run(lockTree, {});
  let erased = 0;
  let newest = 0;
  for (let after: string | undefined = ""; after !== undefined;) {
    const found: { entry: Record<string, unknown> }[] = await tx.run(entriesToErase, { after, limit: PAGE });
    const rows = found
      .filter(({ entry }) => !isErased(entry))
      .map(({ entry }) => ({ id: String(entry.id), erased: erasureOf(entry) }));
    await tx.run(eraseTexts, { rows, operationId: by.operationId, gone: GONE });
    erased += rows.length;
    for (const { id } of rows) if (isValid(id)) newest = Math.max(newest, decodeTime(id));
    after = found.length < PAGE ? undefined : String(found.at(-1)!.entry.id);
  }
  const record: AuditRecord = {
    ...by,
    // Entries are sealed in order of their ids, and what was erased must stand before this, whatever the writers' clocks say.
    id: ulid(Math.max(Date.now(), newest + 1)),
    command: ERASURE,
    capability: "tenant.erase",
    outcome: "DONE",
    onBehalfOf: null,
    adr: null,
    inputHash: "",
    outputHash: null,
    denied: [],
    policy: null,
    decisionInput: null,
    detail: JSON.stringify({ erased }),
  };
  await tx.run(auditAlso, { audit: record });
  return { erased };
}

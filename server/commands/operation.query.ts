import { z } from "zod";
import { defineQuery, noRow, params } from "../graph/query.js";

/** First statement of every command: takes the operation's lock, and finds what an earlier run of it answered. */
export const prologue = defineQuery({
  name: "operationPrologue",
  mode: "write",
  scope: "tenant",
  params: params<{
    operationId: string;
    attempt: string;
    command: string;
    inputHash: string;
    actorKey: string;
    actorName: string;
    reason: string;
  }>(),
  cypher: `MERGE (o:Operation {tenantId: $tenantId, operationId: $operationId})
ON CREATE SET o.attempt = $attempt, o.command = $command, o.inputHash = $inputHash,
  o.actor = $actorKey, o.actorName = $actorName, o.reason = $reason
RETURN o.attempt = $attempt AS mine, o.inputHash = $inputHash AS sameInput, o.result AS result, coalesce(o.at, o.doneAt) AS at`,
  row: z.object({
    mine: z.boolean(),
    sameInput: z.boolean(),
    result: z.string().nullable(),
    at: z.number().nullable(),
  }),
});

export interface AuditRecord {
  readonly id: string;
  readonly operationId: string;
  readonly command: string;
  readonly capability: string;
  readonly actor: string;
  readonly actorName: string;
  /** Key of the person whom an agent acted for. */
  readonly onBehalfOf: string | null;
  readonly reason: string;
  /** The decision record that it follows. */
  readonly adr: string | null;
  readonly inputHash: string;
  readonly outputHash: string | null;
  readonly outcome: "DONE" | "REFUSED";
  /** The rules that denied, SHA-256 of the policy, and the whole input of the decision as JSON where it denied or can't be taken back. */
  readonly denied: readonly string[];
  readonly policy: string | null;
  readonly decisionInput: string | null;
  /** JSON: counts of a bulk command, or the problems of a refusal. */
  readonly detail: string | null;
  readonly at: number;
}

export interface EventRecord {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** JSON. */
  readonly data: string;
  readonly operationId: string;
  readonly at: number;
}

/**
 * Last statement of a command that was done: its result, its audit entry and its events, in the transaction of the change.
 * What watches and alerts tell of themselves is held against no watch.
 */
export const epilogue = defineQuery({
  name: "operationEpilogue",
  mode: "write",
  scope: "tenant",
  params: params<{ operationId: string; result: string; at: number; audit: AuditRecord; events: EventRecord[] }>(),
  cypher: `MATCH (o:Operation {tenantId: $tenantId, operationId: $operationId})
SET o.result = $result, o.at = $at
CREATE (a:AuditEntry:Unsealed {tenantId: $tenantId, id: $audit.id})
SET a += $audit
FOREACH (event IN [one IN $events WHERE one.type STARTS WITH "watch."] | CREATE (e:OutboxEvent:Undispatched {tenantId: $tenantId, id: event.id}) SET e += event)
FOREACH (event IN [one IN $events WHERE NOT one.type STARTS WITH "watch."] | CREATE (e:OutboxEvent:Undispatched:Unwatched {tenantId: $tenantId, id: event.id}) SET e += event)`,
  row: noRow,
});

/** An audit entry beside the operation's own, of what the command carried out. MERGE, because a lost COMMIT reply runs it twice. */
export const auditAlso = defineQuery({
  name: "auditAlso",
  mode: "write",
  scope: "tenant",
  params: params<{ audit: AuditRecord }>(),
  cypher: `MERGE (a:AuditEntry {tenantId: $tenantId, id: $audit.id})
SET a:Unsealed, a += $audit`,
  row: noRow,
});

/**
 * Of a refusal, in a transaction of its own. A tenant that isn't there has no log, and the log of one that is on its way is
 * closed until it has arrived. The tenant is locked, or for the platform the first line of its ledger: after a lost COMMIT
 * reply the second run waits for the first, and finds its entry.
 */
export const auditRefusal = defineQuery({
  name: "auditRefusal",
  mode: "write",
  scope: "tenant",
  params: params<{ audit: AuditRecord }>(),
  cypher: `OPTIONAL MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
OPTIONAL MATCH (m:Migration {tenantId: $tenantId, id: "0001"})
WITH coalesce(t, m) AS home WHERE home IS NOT NULL AND NOT coalesce(home.status, "") IN ["RESTORING", "MOVING", "MOVED"]
SET home._lock = true
WITH home
MERGE (a:AuditEntry {tenantId: $tenantId, id: $audit.id})
SET a:Unsealed, a += $audit`,
  row: noRow,
});

const operationRow = z.object({
  operationId: z.string(),
  actor: z.string(),
  actorName: z.string(),
  onBehalfOf: z.string().nullable(),
  reason: z.string(),
  command: z.string(),
  at: z.number(),
});
export type OperationRow = z.infer<typeof operationRow>;

/** Who did it, for whom, and why: by the operations that did. For whom stands in the audit alone, at the operation's instant. */
export const operationsById = defineQuery({
  name: "operationsById",
  mode: "read",
  scope: "tenant",
  params: params<{ operationIds: string[] }>(),
  cypher: `UNWIND $operationIds AS operationId
MATCH (o:Operation {tenantId: $tenantId, operationId: operationId})
OPTIONAL MATCH (a:AuditEntry {tenantId: $tenantId})
WHERE a.at = coalesce(o.at, o.doneAt) AND a.operationId = o.operationId AND a.command = o.command AND a.outcome = "DONE"
WITH o, max(a.onBehalfOf) AS onBehalfOf
RETURN o.operationId AS operationId, o.actor AS actor, o.actorName AS actorName, onBehalfOf, o.reason AS reason, o.command AS command, coalesce(o.at, o.doneAt) AS at`,
  row: operationRow,
});

import { createHash, randomUUID } from "node:crypto";
import canonicalize from "canonicalize";
import { ulid } from "ulid";
import type { z } from "zod";
import type { Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import type { Graph, WriteTx } from "../graph/graph.js";
import { mayDo } from "./authorize.js";
import type { Caller } from "./caller.js";
import type { Command, Outcome } from "./command.js";
import { envelope, toProblems } from "./input.js";
import { auditRefusal, epilogue, prologue, type AuditRecord } from "./operation.query.js";
import { Refusal, refuse, type Problem } from "./problem.js";

export type Executed<R> =
  | {
      readonly ok: true;
      readonly result: R;
      /** The instant of the change, the earlier one's on a replay. */
      readonly at: Instant;
      readonly operationId: string;
      readonly replayed: boolean;
      readonly bookmarks: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly operationId: string };

const sha256 = (value: unknown): string =>
  createHash("sha256")
    .update(canonicalize(value) ?? "null")
    .digest("hex");

interface Call {
  readonly caller: Caller;
  readonly command: Command;
  readonly operationId: string;
  readonly reason: string;
  readonly inputHash: string;
  readonly detail: string | null;
}

/**
 * The one way in: judges the input, then runs the command between its prologue and epilogue in ONE write transaction, so
 * that change, operation, audit entry and events stand or fall together. The same operation id with the same input
 * answers the stored result; a lost COMMIT reply makes the driver run it again, and the second run finds the first.
 */
export async function execute<I, R>(
  graph: Graph,
  command: Command<I, R>,
  caller: Caller,
  rawInput: unknown,
  newId: () => string = ulid,
): Promise<Executed<R>> {
  const head = envelope.safeParse(rawInput);
  const body = command.input.safeParse(rawInput);
  const operationId = head.success ? head.data.operationId : operationIdOf(rawInput);
  if (!head.success || !body.success) {
    const problems = [head, body].flatMap((part) => (part.success ? [] : toProblems(part.error as z.ZodError)));
    return { ok: false, problems, operationId };
  }
  const input = body.data;
  const call: Call = {
    caller,
    command: command as Command,
    operationId,
    reason: head.data.reason,
    inputHash: sha256({ command: command.name, told: command.digest?.(input) ?? { reason: head.data.reason, input } }),
    detail: command.summarize === undefined ? null : JSON.stringify(command.summarize(input)),
  };
  try {
    if (!mayDo(caller, command.capability))
      throw refuse("FORBIDDEN", "", `Needs the capability ${command.capability}.`);
    const attempt = randomUUID();
    const { value, bookmarks } = await graph.write(
      { tenantId: caller.tenantId, timeoutMs: command.timeoutMs },
      async (tx) => {
        const earlier = await begin(tx, call, attempt);
        if (earlier !== undefined) return earlier as { result: R; at: Instant; replayed: boolean };
        const outcome = await command.run({ tx, caller, operationId, newId }, input);
        await finish(tx, call, outcome);
        return { result: outcome.result, at: outcome.at, replayed: false };
      },
    );
    return { ok: true, ...value, operationId, bookmarks };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await recordRefusal(graph, call, error.problems);
    return { ok: false, problems: error.problems, operationId };
  }
}

/** What an earlier run of this operation answered, if there was one. */
async function begin(
  tx: WriteTx,
  call: Call,
  attempt: string,
): Promise<{ result: unknown; at: Instant; replayed: boolean } | undefined> {
  const { caller, command, operationId, reason, inputHash } = call;
  const [found] = await tx.run(prologue, {
    operationId,
    attempt,
    command: command.name,
    inputHash,
    actor: caller.actor,
    actorName: caller.name,
    reason,
  });
  if (found === undefined) throw new Error("the prologue answers one row");
  if (command.needsTenant !== false) {
    // A token for a tenant that isn't there is as good as no token.
    if (found.tenantStatus === null)
      throw new DomainError("UNAUTHENTICATED", "This token is for a tenant that isn't here.");
    if (found.tenantStatus === "SUSPENDED")
      throw refuse("TENANT_SUSPENDED", "", "The tenant is suspended and takes no changes.");
  }
  if (!found.sameInput) {
    throw refuse(
      "OPERATION_ID_REUSED",
      "operationId",
      "This operation id was used before with another input; take a new one.",
    );
  }
  if (found.result === null) return undefined;
  return { result: JSON.parse(found.result), at: found.at ?? 0, replayed: !found.mine };
}

async function finish(tx: WriteTx, call: Call, { result, at, events }: Outcome<unknown>): Promise<void> {
  await tx.run(epilogue, {
    operationId: call.operationId,
    result: JSON.stringify(result),
    at,
    audit: auditRecord(call, "DONE", at, sha256(result), call.detail),
    events: events.map((event) => ({
      ...event,
      id: ulid(),
      data: JSON.stringify(event.data),
      operationId: call.operationId,
      at,
    })),
  });
}

async function recordRefusal(graph: Graph, call: Call, problems: readonly Problem[]): Promise<void> {
  // Made once: the write may run twice, and its MERGE finds the first run's entry by its id.
  const audit = auditRecord(call, "REFUSED", Date.now(), null, JSON.stringify(problems));
  await graph.write({ tenantId: call.caller.tenantId }, (tx) => tx.run(auditRefusal, { audit }));
}

function auditRecord(
  call: Call,
  outcome: AuditRecord["outcome"],
  at: number,
  outputHash: string | null,
  detail: string | null,
): AuditRecord {
  const { caller, command, operationId, reason, inputHash } = call;
  return {
    id: ulid(),
    operationId,
    command: command.name,
    capability: command.capability,
    actor: caller.actor,
    actorName: caller.name,
    reason,
    inputHash,
    outputHash,
    outcome,
    detail,
    at,
  };
}

function operationIdOf(input: unknown): string {
  const value = typeof input === "object" && input !== null && "operationId" in input ? input.operationId : undefined;
  return typeof value === "string" ? value.slice(0, 128) : "";
}

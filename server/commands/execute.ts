import { createHash, randomUUID } from "node:crypto";
import canonicalize from "canonicalize";
import { ulid } from "ulid";
import type { z } from "zod";
import type { Instant } from "../../graph-schema/time.js";
import { SYSTEM_TENANT, type Graph, type WriteTx } from "../graph/graph.js";
import { auditRecord } from "./audit-record.js";
import type { Caller } from "./caller.js";
import type { Command, CommandContext, Outcome } from "./command.js";
import type { Facts } from "./facts.query.js";
import { envelope, toProblems } from "./input.js";
import { Denial, judge, readFacts, type Act, type Judge, type Judgement } from "./judge.js";
import { auditAlso, auditRefusal, epilogue, prologue, type AuditRecord } from "./operation.query.js";
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

/** Where commands run: the graph, who decides, and what makes ids. */
export interface Office extends Judge {
  readonly graph: Graph;
  /** Makes the ids of new nodes: ULIDs unless a test says otherwise. */
  readonly newId?: () => string;
}

export const sha256 = (value: unknown): string =>
  createHash("sha256")
    .update(canonicalize(value) ?? "null")
    .digest("hex");

/** One command as it was given, with what the audit will say of it. */
export interface Call {
  readonly caller: Caller;
  readonly command: Pick<Command, "name" | "capability" | "allowedRegions">;
  readonly operationId: string;
  readonly reason: string;
  readonly adr: string | null;
  readonly inputHash: string;
  readonly detail: string | null;
}

/**
 * The one way in: judges the input, then runs the command between its prologue and epilogue in ONE write transaction, so
 * that change, operation, audit entry and events stand or fall together. The same operation id with the same input
 * answers the stored result; a lost COMMIT reply makes the driver run it again, and the second run finds the first.
 */
export async function execute<I, R>(
  office: Office,
  command: Command<I, R>,
  caller: Caller,
  rawInput: unknown,
): Promise<Executed<R>> {
  const head = envelope.safeParse(rawInput);
  const body = command.input.safeParse(rawInput);
  const operationId = head.success ? head.data.operationId : operationIdOf(rawInput);
  if (!head.success || !body.success) {
    const problems = [head, body].flatMap((part) => (part.success ? [] : toProblems(part.error as z.ZodError)));
    return { ok: false, problems, operationId };
  }
  const input = body.data;
  const { reason, adr = null } = head.data;
  const call: Call = { caller, operationId, adr, ...told(command, input, reason) };
  const attempt = randomUUID();
  try {
    const { value, bookmarks } = await office.graph.write(
      { tenantId: caller.tenantId, timeoutMs: command.timeoutMs, urgent: command.urgent },
      async (tx) => {
        const { earlier, facts } = await begin(tx, call, attempt);
        if (earlier !== undefined) return earlier as { result: R; at: Instant; replayed: boolean };
        const judgement = await judgeCommand(office, tx, caller, facts, command, input, null);
        const outcome = await command.run(contextOf(office, tx, call), input);
        await finish(tx, call, outcome, judgement);
        return { result: outcome.result, at: outcome.at, replayed: false };
      },
    );
    return { ok: true, ...value, operationId, bookmarks };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await recordRefusal(office.graph, call, error);
    return { ok: false, problems: error.problems, operationId };
  }
}

/** What of a command with its input stands in the audit. */
const told = <I>(command: Command<I, unknown>, input: I, reason: string) => ({
  command: command as Command,
  reason,
  inputHash: sha256({ command: command.name, told: command.digest?.(input) ?? { reason, input } }),
  detail: command.summarize === undefined ? null : JSON.stringify(command.summarize(input)),
});

/** Answers the judgement of a command that policy allows; throws the Denial of any other. */
async function judgeCommand<I>(
  office: Office,
  tx: WriteTx,
  caller: Caller,
  facts: Facts,
  command: Command<I, unknown>,
  input: I,
  irreversible: Act["irreversible"],
): Promise<Judgement> {
  const judgement = await judge(office, tx, caller, facts, {
    capability: command.capability,
    channels: (await command.channels?.(tx, input)) ?? [],
    irreversible,
    allowedRegions: command.allowedRegions?.(input),
  });
  if (!judgement.decision.allow) throw new Denial(judgement);
  return judgement;
}

function contextOf(office: Office, tx: WriteTx, call: Call): CommandContext {
  const { caller, operationId, reason } = call;
  const context: CommandContext = {
    tx,
    caller,
    operationId,
    reason,
    region: office.region,
    newId: office.newId ?? ulid,
    judge: async (who, act) => judge(office, tx, who, await readFacts(tx, who), act),
    async carryOut(command, proposer, rawInput, { irreversible, reason }) {
      const input = command.input.parse(rawInput);
      const facts = await readFacts(tx, proposer);
      const judgement = await judgeCommand(office, tx, proposer, facts, command, input, irreversible);
      const outcome = await command.run({ ...context, caller: proposer, reason }, input);
      const carried: Call = { ...call, ...told(command, input, reason), caller: proposer };
      await tx.run(auditAlso, { audit: doneRecord(carried, outcome, judgement) });
      return outcome;
    },
  };
  return context;
}

/** What the command is judged on, and what an earlier run of this operation answered, if there was one. */
async function begin(
  tx: WriteTx,
  call: Call,
  attempt: string,
): Promise<{ facts: Facts; earlier?: { result: unknown; at: Instant; replayed: boolean } }> {
  const { caller, command, operationId, reason, inputHash } = call;
  // One behind the other, without waiting for the first's answer: what is judged on is read under the operation's lock.
  const [[found], facts] = await Promise.all([
    tx.run(prologue, {
      operationId,
      attempt,
      command: command.name,
      inputHash,
      actorKey: caller.actor,
      actorName: caller.name,
      reason,
    }),
    readFacts(tx, caller),
  ]);
  if (found === undefined) throw new Error("the prologue answers one row");
  if (!found.sameInput) {
    throw refuse(
      "OPERATION_ID_REUSED",
      "operationId",
      "This operation id was used before with another input; take a new one.",
    );
  }
  if (found.result === null && found.at !== null)
    throw refuse("CONFLICT", "operationId", "This operation was done so long ago that its result isn't kept any more.");
  if (found.result === null) return { facts };
  return {
    facts,
    earlier: { result: JSON.parse(found.result), at: found.at ?? 0, replayed: !found.mine },
  };
}

function doneRecord(call: Call, { result, at, detail }: Outcome<unknown>, judgement: Judgement): AuditRecord {
  const more = detail === undefined ? call.detail : JSON.stringify(detail);
  return auditRecord(call, { outcome: "DONE", at, outputHash: sha256(result), detail: more, judgement });
}

async function finish(tx: WriteTx, call: Call, outcome: Outcome<unknown>, judgement: Judgement): Promise<void> {
  const { result, at, events } = outcome;
  await tx.run(epilogue, {
    operationId: call.operationId,
    result: JSON.stringify(result),
    at,
    audit: doneRecord(call, outcome, judgement),
    events: events.map((event) => ({
      ...event,
      id: ulid(),
      data: JSON.stringify(event.data),
      operationId: call.operationId,
      at,
    })),
  });
}

export async function recordRefusal(graph: Graph, call: Call, refusal: Refusal): Promise<void> {
  // Made once: the write may run twice, and its MERGE finds the first run's entry by its id.
  const audit = auditRecord(call, {
    outcome: "REFUSED",
    at: Date.now(),
    outputHash: null,
    detail: JSON.stringify(refusal.problems),
    judgement: refusal instanceof Denial ? refusal.judgement : null,
  });
  // A tenant that wasn't made has no log: that somebody tried stands in the platform's.
  const tenantId = call.command.allowedRegions === undefined ? call.caller.tenantId : SYSTEM_TENANT;
  await graph.write({ tenantId }, (tx) => tx.run(auditRefusal, { audit }));
}

function operationIdOf(input: unknown): string {
  const value = typeof input === "object" && input !== null && "operationId" in input ? input.operationId : undefined;
  return typeof value === "string" ? value.slice(0, 128) : "";
}

import { parseNodeId } from "../graph-schema/node-id.js";
import type { Instant } from "../graph-schema/time.js";
import { systemCaller } from "./commands/caller.js";
import type { Command } from "./commands/command.js";
import type { Reader } from "./commands/judge.js";
import { Refusal } from "./commands/problem.js";
import { sealAll, tenantsWaiting, type AuditOffice } from "./audit/sealer.js";
import { countExpired, expireProposals } from "./domains/proposal/expiry.service.js";
import { continueFall, countWaitingFalls } from "./domains/correction/continue-fall.service.js";
import { lookAtAll } from "./domains/link-health/round.js";
import {
  nextAddresses,
  noteLinks,
  roundBehind,
  witnessesBut,
  wouldTurn,
} from "./domains/link-health/link-health.service.js";
import { continueRecheck, countWaitingRechecks } from "./domains/claim/recheck.service.js";
import { countDue, recheckDueClaims } from "./domains/claim/shelf-life.service.js";
import { countUnwatched, raiseOnce } from "./domains/watch/raising.service.js";
import { TroubledWatches } from "./domains/watch/troubled-watches.js";
import { countOldResults, dropOldResults } from "./domains/operation/results.service.js";
import { dueChannels, startWeekly, weekOf } from "./domains/run/weekly.service.js";
import type { PipelineDesk } from "./pipeline/desk.js";
import { deliverDue, type DeliveryOffice } from "./webhooks/deliver.js";
import { dispatchOutbox } from "./webhooks/dispatch.js";
import { countToReseal, reseal } from "./webhooks/reseal.js";
import { countWaiting } from "./webhooks/waiting.query.js";
import { listTenants } from "./domains/tenant/tenant.service.js";
import { eraseContent, whatIsLeft } from "./tenancy/erase.js";
import { isOnItsWay } from "./tenancy/move.js";
import type { MoveFiles } from "./tenancy/move-files.js";

/*
 * What has to be done again and again, in one tenant at a time: jobs say when, this says what. Each duty answers how many
 * effects it had; each has a count of what there is to do, for whoever only wants to know.
 */

interface DutyOffice extends DeliveryOffice {
  /** Undefined where nobody seals. */
  readonly audit: AuditOffice | undefined;
  readonly pipeline: PipelineDesk;
  readonly moves: MoveFiles | undefined;
}

/** One run of a duty in a tenant. */
export interface Duty {
  readonly tenantId: string;
  readonly scheduledAt: Instant;
  readonly signal: AbortSignal;
  /** Tells of what went wrong and doesn't keep the rest from being done. */
  trouble(error: unknown): void;
  /** Of one effect: the same in each go of the same run. */
  operationId(part: string | number): string;
}

/** The flow that each channel has once a week. */
const WEEKLY_TOPICS = "weekly-topics";
/** Channels that one run of the job starts it for; the next one takes those behind them. */
const MOST_CHANNELS = 500;
/** From then on no further source is turned by the looks of a tick: the job has 480 seconds, and one such transaction up to 60. */
const NOTING_MS = 380_000;
/** Longer than a go of a move takes; the next one exports anew. */
const MOVE_MS = 86_400_000;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

export function createDuties(office: DutyOffice) {
  const { graph, execute, audit, moves } = office;
  const troubled = new TroubledWatches();
  /** Runs a bounded command again until nothing is left for it. */
  async function untilDone<R extends { readonly more: boolean }>(
    { tenantId, signal, operationId }: Duty,
    command: Command<Record<string, never>, R>,
    reason: string,
    effectsOf: (result: R) => number,
  ): Promise<number> {
    let effects = 0;
    for (let part = 1; ; part++) {
      signal.throwIfAborted();
      const executed = await execute(command, systemCaller(tenantId), { operationId: operationId(part), reason });
      if (!executed.ok) {
        // A tenant that takes no changes just now has them made later.
        if (executed.problems.every(({ code }) => PASSING.includes(code))) return effects;
        throw new Refusal(executed.problems);
      }
      effects += effectsOf(executed.result);
      if (!executed.result.more) return effects;
    }
  }

  const readerOf = (tenantId: string): Reader => ({
    tenantId,
    run: (query, params) => graph.read({ tenantId }, query, params),
  });
  const countRechecks = async (tenantId: string): Promise<number> =>
    (await countWaitingRechecks(readerOf(tenantId))) + (await countWaitingFalls(readerOf(tenantId)));
  const channelsOfWeek = ({ tenantId, scheduledAt }: Duty): Promise<string[]> =>
    dueChannels(readerOf(tenantId), WEEKLY_TOPICS, weekOf(scheduledAt), MOST_CHANNELS);

  /** Whose exports lie there though no move of them goes on: it was called off, they were erased, or its process ended. */
  async function strandedMoves(): Promise<string[]> {
    const lie = (await moves?.tenants()) ?? [];
    if (lie.length === 0) return [];
    const onTheirWay = (await listTenants(graph)).filter(({ status }) => isOnItsWay(status));
    const mayGoOn = ({ id, at }: { id: string; at: number }) =>
      Date.now() - at < MOVE_MS && onTheirWay.some((tenant) => tenant.id === id);
    return lie.filter((one) => !mayGoOn(one)).map(({ id }) => id);
  }

  return {
    /** Seals the audit of every tenant, up to the last entry. */
    async sealAudit({ trouble }: Duty): Promise<number> {
      if (audit === undefined) return 0;
      const { sealed, failed } = await sealAll(audit);
      for (const { error } of failed) trouble(error);
      return sealed;
    },
    /** Tenants with audit entries that no checkpoint covers. */
    countUnsealed: async () => (audit === undefined ? 0 : (await tenantsWaiting(graph)).length),
    /** Hands events to the webhooks that listen, and sends the deliveries whose time has come. */
    async deliver({ tenantId, scheduledAt, signal }: Duty): Promise<number> {
      const { events } = await countWaiting(graph, tenantId, scheduledAt);
      const dispatched = events === 0 ? 0 : await dispatchOutbox(office, tenantId, signal);
      const { deliveries } = await countWaiting(graph, tenantId, scheduledAt);
      if (deliveries === 0) return dispatched;
      const { delivered, retried, ended } = await deliverDue(office, tenantId, signal);
      return dispatched + delivered + retried + ended;
    },
    async countDeliveries({ tenantId, scheduledAt }: Duty): Promise<number> {
      const { events, deliveries } = await countWaiting(graph, tenantId, scheduledAt);
      return events + deliveries;
    },
    /** Seals webhooks' secrets anew that the key of before a rotation sealed. */
    async resealWebhooks({ tenantId, signal, operationId }: Duty): Promise<number> {
      signal.throwIfAborted();
      const done = await reseal(office, tenantId, operationId);
      const failed = done.flatMap((each) => (each.ok ? [] : each.problems)).filter(({ code }) => !LATER.includes(code));
      if (failed.length > 0) throw new Refusal(failed);
      return done.filter(({ ok }) => ok).length;
    },
    countToReseal: ({ tenantId }: Duty) => countToReseal(office, tenantId),
    /** Says of approvals, exemptions and switches whose time is over that they have ended. */
    async expire(duty: Duty): Promise<number> {
      if ((await countExpired(graph, duty.tenantId, duty.scheduledAt)) === 0) return 0;
      return untilDone(duty, expireProposals, "their time is over", (ended) => {
        return ended.proposals + ended.exemptions + ended.switches;
      });
    },
    countExpired: ({ tenantId, scheduledAt }: Duty) => countExpired(graph, tenantId, scheduledAt),
    async dropOldResults(duty: Duty): Promise<number> {
      if ((await countOldResults(graph, duty.tenantId, duty.scheduledAt)) === 0) return 0;
      return untilDone(duty, dropOldResults, "results are kept for 30 days", ({ dropped }) => dropped);
    },
    /** Tenant by tenant; one that is done has nothing left, and costs its counts. What moves left in the home goes too. */
    async eraseTenants({ signal }: Duty): Promise<number> {
      let deleted = 0;
      for (const id of await strandedMoves()) {
        await moves?.drop(id);
        deleted += 1;
      }
      for (const { id, status } of await listTenants(graph)) {
        signal.throwIfAborted();
        if (status !== "ERASED" || sum(await whatIsLeft(graph, id)) === 0) continue;
        deleted += (await eraseContent(graph, id))?.deleted ?? 0;
      }
      return deleted;
    },
    async countErasable(_duty: Duty): Promise<number> {
      const erased = (await listTenants(graph)).filter(({ status }) => status === "ERASED");
      const left = await Promise.all(erased.map(({ id }) => whatIsLeft(graph, id)));
      return left.reduce((nodes, one) => nodes + sum(one), (await strandedMoves()).length);
    },
    /** Raises an alert for each watch whose node's lineage an operation changed. */
    async raiseAlerts({ tenantId, signal, operationId, trouble }: Duty): Promise<number> {
      for (let alerts = 0; ;) {
        signal.throwIfAborted();
        const raised = await raiseOnce({ graph, execute, troubled, trouble }, tenantId, operationId);
        if (!raised.ok) {
          if (raised.problems.every(({ code }) => PASSING.includes(code))) return alerts;
          throw new Refusal(raised.problems);
        }
        alerts += raised.result.alerts;
        if (!raised.result.more) return alerts;
      }
    },
    countUnwatched: ({ tenantId }: Duty) => countUnwatched(graph, tenantId),
    /** Marks the claims, and opens the correction tasks, that one transaction couldn't when what they stand on changed. */
    async recheckClaims(duty: Duty): Promise<number> {
      const reader = readerOf(duty.tenantId);
      const because = "what they stand on changed";
      const [rechecks, falls] = [await countWaitingRechecks(reader), await countWaitingFalls(reader)];
      const marked = rechecks === 0 ? 0 : await untilDone(duty, continueRecheck, because, ({ claims }) => claims);
      if (falls === 0) return marked;
      const opening = { ...duty, operationId: (part: string | number) => duty.operationId(`fall-${part}`) };
      return marked + (await untilDone(opening, continueFall, because, ({ tasks }) => tasks));
    },
    /** Looks whether the next addresses still answer. Answers how many it looked at; what there is no time for is left to the next tick. */
    async lookAtLinks({ tenantId, scheduledAt, signal, operationId, trouble }: Duty): Promise<number> {
      const over = performance.now() + NOTING_MS;
      const reader = readerOf(tenantId);
      const batch = await nextAddresses(reader, scheduledAt);
      if (batch === null) return 0;
      const { addresses } = batch;
      const asked = addresses.map(({ id, url, health }) => ({
        ...{ id, url, etag: health?.etag ?? null, lastModified: health?.lastModified ?? null },
      }));
      // Nothing secret travels, so that pages without a certificate are looked at in production too.
      const reach = { ...office.webhooks.reach, httpsOnly: false };
      const seen = await lookAtAll(asked, { reach, signal, witnesses: (but) => witnessesBut(reader, but) });
      const silent = seen.filter(({ outcome, counted }) => outcome === "UNREACHED" && !counted).length;
      if (silent > 0)
        trouble(
          new Error(
            `${silent} addresses couldn't be reached, nor could most of those that answered before: taken for our own network's fault`,
          ),
        );
      const known = new Map(addresses.map((one) => [one.id, one]));
      const turning = seen.filter((one) => wouldTurn(known.get(one.id)!, one, scheduledAt));
      const others = seen.filter((one) => !turning.includes(one));
      const note = async (part: number, some: typeof seen, round: ReturnType<typeof roundBehind> | null) => {
        const executed = await execute(noteLinks, systemCaller(tenantId), {
          operationId: operationId(part),
          reason: "to see whether sources can still be read where they were",
          looks: some.map(({ id, ...look }) => ({ ...look, sourceId: `Source:${id}` })),
          lookedAt: scheduledAt,
          round,
        });
        if (executed.ok) return executed.result.looked;
        // Another go of this run noted what it saw then: that stands.
        if (executed.problems.every(({ code }) => NOTED.includes(code))) return 0;
        throw new Refusal(executed.problems);
      };
      let looked = 0;
      const done = new Set(others.map(({ id }) => id));
      // What falls takes its time; at least one does in each tick.
      for (const [i, one] of turning.entries()) {
        if (i > 0 && performance.now() >= over) break;
        looked += await note(i + 1, [one], null);
        done.add(one.id);
      }
      // The round goes on once all of it is noted.
      return looked + (await note(turning.length + 1, others, roundBehind(batch, done)));
    },
    countLinks: async ({ tenantId, scheduledAt }: Duty) =>
      (await nextAddresses(readerOf(tenantId), scheduledAt))?.addresses.length ?? 0,
    /** Marks the claims whose shelf life is over. */
    async recheckDue(duty: Duty): Promise<number> {
      if ((await countDue(readerOf(duty.tenantId), duty.scheduledAt)) === 0) return 0;
      return untilDone(duty, recheckDueClaims, "their shelf life is over", ({ claims }) => claims);
    },
    countDueClaims: ({ tenantId, scheduledAt }: Duty) => countDue(readerOf(tenantId), scheduledAt),
    /** Drives the runs of the pipeline on until nothing more is due. Answers how many tries of stages ended. */
    driveRuns: ({ tenantId, signal, trouble }: Duty) => office.pipeline.drive({ tenantId, signal, trouble }),
    countDueRuns: ({ tenantId }: Duty) => office.pipeline.countDue(tenantId),
    /** Starts the week's batch of topics for each channel; one that may not have it just now has it later in the week. */
    async startWeeklyTopics(duty: Duty): Promise<number> {
      const { tenantId, scheduledAt, signal, operationId } = duty;
      const { resolved, missing, house } = office.pipeline.resolve(WEEKLY_TOPICS);
      if (resolved === null || missing.length > 0) return 0;
      const since = weekOf(scheduledAt);
      let started = 0;
      for (const channelId of await channelsOfWeek(duty)) {
        signal.throwIfAborted();
        const executed = await execute(startWeekly, systemCaller(tenantId), {
          operationId: operationId(parseNodeId(channelId)!.id),
          reason: `topics of the week from ${new Date(since).toISOString().slice(0, 10)} on`,
          ...{ resolved, house, channelId, since },
        });
        if (executed.ok) started += executed.result.runId === null ? 0 : 1;
        else if (!executed.problems.every(({ code }) => LATER.includes(code))) throw new Refusal(executed.problems);
      }
      return started;
    },
    async countWeeklyTopics(duty: Duty): Promise<number> {
      const { resolved, missing } = office.pipeline.resolve(WEEKLY_TOPICS);
      return resolved === null || missing.length > 0 ? 0 : (await channelsOfWeek(duty)).length;
    },
    countRechecks: ({ tenantId }: Duty) => countRechecks(tenantId),
    countOldResults: ({ tenantId, scheduledAt }: Duty) => countOldResults(graph, tenantId, scheduledAt),
  };
}

export type Duties = ReturnType<typeof createDuties>;

const PASSING: readonly string[] = ["TENANT_SUSPENDED", "KILL_SWITCH", "RESIDENCY"];
const NOTED: readonly string[] = [...PASSING, "OPERATION_ID_REUSED"];
/** Beside these, what somebody changed or deleted meanwhile: the next run looks again. */
const LATER: readonly string[] = [...PASSING, "CONFLICT", "NOT_FOUND"];

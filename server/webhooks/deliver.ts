import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.js";
import type { Caller } from "../commands/caller.js";
import type { Command } from "../commands/command.js";
import type { Executed } from "../commands/execute.js";
import type { Judgement } from "../commands/judge.js";
import { auditRefusal, type AuditRecord } from "../commands/operation.query.js";
import type { Graph } from "../graph/graph.js";
import type { Capability } from "../policy/capabilities.js";
import { CLOUD_EVENTS, cloudEvent } from "./cloud-event.js";
import { courier } from "./courier.js";
import { claimDeliveries, dueDeliveries, noteOutcomes, type Claimed, type Outcome } from "./delivery.query.js";
import { denialOf, DENIED } from "./denied.js";
import { disableWebhook } from "./disable.command.js";
import { post, type Posted } from "./post.js";
import { nextAttempt } from "./schedule.js";
import { openSecrets } from "./secrets.js";
import type { WebhookSettings } from "./settings.js";
import { signedHeaders } from "./signing.js";

/** What delivering needs; `Services` is one. */
export interface DeliveryOffice {
  readonly graph: Graph;
  readonly clock: Pick<Clock, "now">;
  readonly webhooks: WebhookSettings;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
  judge(caller: Caller, capability: Capability, where?: { readonly region?: string }): Promise<Judgement>;
}

/** Deliveries that are taken at a time, and those under way at once. */
const BATCH = 40;
const WIDTH = 10;
/** Longer than a whole batch can take: 4 rounds of 10 s. */
const CLAIM_MS = 120_000;
/** Attempts that a delivery's log keeps, replays counted. */
const KEPT_ATTEMPTS = 30;

export interface Delivered {
  readonly delivered: number;
  /** Will be tried again. */
  readonly retried: number;
  /** Failed for the last time, or their webhook listens no more. */
  readonly ended: number;
}

/** What came of a delivery, and the denial that nobody was told of yet, if it was one. */
interface Ended {
  readonly outcome: Outcome;
  readonly denial: AuditRecord | null;
}

/** One go at some deliveries: what they are claimed with, and what policy says of them, here and for other regions. */
interface Round {
  readonly office: DeliveryOffice;
  readonly tenantId: string;
  readonly claim: string;
  readonly here: Judgement;
  readonly elsewhere: ReadonlyMap<string | null, Judgement>;
}

/**
 * Sends the tenant's deliveries whose time has come, each at least once: what was sent and not noted, because the process
 * died, is sent again after two minutes under the same id. Ten attempts over three days (schedule.ts); 2xx ends it well, 410
 * disables the webhook. Nothing more is taken once policy stops the tenant: suspension, a kill switch. What may not go where its
 * receiver is ends, what may not go from here is tried later, and each denial stands in the decision log in the transaction that
 * notes it. Safe to run by several at once.
 */
export async function deliverDue(office: DeliveryOffice, tenantId: string, signal?: AbortSignal): Promise<Delivered> {
  const total = { delivered: 0, retried: 0, ended: 0 };
  for (;;) {
    const here = await office.judge(courier(tenantId), "webhook.write");
    if (here.decision.denied.some((rule) => rule !== "residency")) return total;
    const claim = randomUUID();
    const now = office.clock.now();
    const { value: claimed } = await office.graph.write({ tenantId }, async (tx) => {
      const ids = (await tx.run(dueDeliveries, { now, limit: BATCH })).map(({ id }) => id).sort();
      return ids.length === 0 ? [] : tx.run(claimDeliveries, { ids, now, until: now + CLAIM_MS, claim });
    });
    if (claimed.length === 0) return total;
    // Before anything is sent: what fails here has sent nothing.
    const elsewhere = new Map<string | null, Judgement>();
    for (const { abroad, webhook } of claimed)
      if (abroad && !elsewhere.has(webhook.region))
        elsewhere.set(
          webhook.region,
          await office.judge(courier(tenantId), "webhook.write", { region: webhook.region ?? "nowhere" }),
        );
    const round = { office, tenantId, claim, here, elsewhere };
    const ended = await inParallel(claimed, WIDTH, (delivery) => deliver(round, delivery));
    await note(round, ended);
    for (const { status, nextAt } of ended.map(({ outcome }) => outcome))
      total[status === "DELIVERED" ? "delivered" : nextAt === null ? "ended" : "retried"]++;
    if (signal?.aborted === true) return total;
  }
}

/** Who has taken a delivery since notes its denial too. */
async function note({ office, tenantId, claim }: Round, ended: readonly Ended[]): Promise<void> {
  const outcomes = ended.map(({ outcome }) => outcome);
  await office.graph.write({ tenantId }, async (tx) => {
    const rows = await tx.run(noteOutcomes, { claim, outcomes, now: office.clock.now(), kept: KEPT_ATTEMPTS });
    const noted = new Set(rows.map(({ id }) => id));
    for (const { outcome, denial } of ended)
      if (denial !== null && noted.has(outcome.id)) await tx.run(auditRefusal, { audit: denial });
  });
}

async function deliver(round: Round, delivery: Claimed): Promise<Ended> {
  const { office, tenantId, claim, here, elsewhere } = round;
  const { id, attempts, abroad, event, webhook } = delivery;
  const undenied = (outcome: Omit<Outcome, "id">): Ended => ({ outcome: { id, ...outcome }, denial: null });
  if (webhook.status !== "ACTIVE" || webhook.url === null)
    return undenied({ status: "CANCELLED", nextAt: null, attempt: null });
  const at = office.clock.now();
  const later = (attempt: string): Omit<Outcome, "id"> => {
    const nextAt = nextAttempt(attempts + 1, office.clock.now(), Math.random());
    return { status: nextAt === null ? "FAILED" : "PENDING", nextAt, attempt };
  };
  const judgement = (abroad ? elsewhere.get(webhook.region) : undefined) ?? here;
  if (abroad || !judgement.decision.allow) {
    // It was allowed between the two looks, or something else stops it now: the next round sees.
    if (!judgement.decision.denied.includes("residency"))
      return undenied({ status: "PENDING", nextAt: at + CLAIM_MS, attempt: null });
    const attempt = JSON.stringify({ at, ms: 0, status: null, error: DENIED });
    const outcome = abroad ? ({ status: "CANCELLED", nextAt: null, attempt } as const) : later(attempt);
    return { outcome: { id, ...outcome }, denial: denialOf(courier(tenantId), delivery, judgement) };
  }
  const posted = await tryOnce(office, tenantId, event, webhook);
  const attempt = JSON.stringify({ at, ms: Math.max(0, office.clock.now() - at), ...posted });
  if (posted.status !== null && posted.status >= 200 && posted.status < 300)
    return undenied({ status: "DELIVERED", nextAt: null, attempt });
  if (posted.status === 410) {
    await disableGone(office, tenantId, webhook.id, claim);
    return undenied({ status: "FAILED", nextAt: null, attempt });
  }
  return undenied(later(attempt));
}

async function tryOnce(
  { clock, webhooks }: DeliveryOffice,
  tenantId: string,
  event: Claimed["event"],
  webhook: Claimed["webhook"],
): Promise<Posted> {
  const now = clock.now();
  let secrets: string[];
  try {
    secrets = openSecrets(await webhooks.vault(), tenantId, webhook, now);
  } catch {
    // Changed in the database, or sealed under another key: nothing can be signed, and the others go on.
    return { status: null, error: "secret" };
  }
  const body = cloudEvent(tenantId, event);
  const headers = {
    ...signedHeaders(secrets, event.id, now, body),
    "content-type": CLOUD_EVENTS,
    "user-agent": "Throughline",
  };
  return post(webhook.url!, headers, body, webhooks.reach);
}

/** Told to whoever listens to `webhook.disabled`, and in the audit, like a disabling by hand. */
async function disableGone(office: DeliveryOffice, tenantId: string, id: string, claim: string): Promise<void> {
  await office.execute(disableWebhook, courier(tenantId), {
    operationId: `webhook/${id}/gone/${claim}`,
    reason: "Its receiver answered 410 Gone.",
    webhookId: `Webhook:${id}`,
    cause: "gone",
  });
}

async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

import { TIMEOUT_MS } from "../../graph/graph.js";
import { z } from "zod";
import { INBOUND_TYPES, inboundEnvelopes, type InboundData, type InboundType } from "../../../graph-schema/events.js";
import { parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { toProblems } from "../../commands/input.js";
import { notFound, refuse, type Problem } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { webhookId } from "../../webhooks/disable.command.js";
import { inboundWebhook } from "../../webhooks/webhook.query.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { fall } from "../correction/fall.service.js";
import { eventPath, kpiOfEvent } from "../kpi/kpi-of-event.js";
import { nameVideo, writeKpis } from "../kpi/kpi.service.js";
import { callBack, judgedOutput, type JudgedOutput } from "../run/signal.service.js";
import { normalizeUrl } from "../source/source-url.js";
import { recordInbound, sourceByKey } from "./webhook.repository.js";

/** What an event did: the thing that it is about, and the instant. */
interface Effect {
  readonly subject: string;
  readonly at: Instant;
  /** Why it did nothing, though what it names is there. */
  readonly problems?: readonly Problem[];
  /** What it made happen, beside that it was reported. */
  readonly events?: readonly DomainEvent[];
}

type Received = CommandContext & { readonly webhook: string; readonly output: JudgedOutput | null };

/** What an event is about, where that is of a channel: people held to channels and channel switches are judged by it. */
const SUBJECTS = {
  "episode.external_status": ({ episode_id }: InboundData<"episode.external_status">) => episode_id,
  "kpi.reported": ({ subject_id }: InboundData<"kpi.reported">) => subject_id,
} as const;

/** What each type does beside being recorded and told on. Null where what it names isn't there. */
const EFFECTS: { readonly [T in InboundType]: (context: Received, data: InboundData<T>) => Promise<Effect | null> } = {
  "stage.completed": ofStage,
  "stage.failed": ofStage,
  "episode.external_status": hearOfVideo,
  "kpi.reported": keepFigure,
  "source.changed": changeSource,
};

/** A run of ours goes on with it; of any other, whoever listens to `inbound.stage.*` does. */
async function ofStage(
  context: Received,
  data: InboundData<"stage.completed"> | InboundData<"stage.failed">,
): Promise<Effect | null> {
  const called = await callBack(context, data, context.output);
  if (called !== undefined) return called;
  return { subject: `Webhook:${context.webhook}`, at: (await lock(context.tx, [])).at };
}

async function about({ tx }: Received, id: string): Promise<Effect | null> {
  const { at, found } = await lock(tx, [parseNodeId(id)!]);
  return found.has(id) ? { subject: id, at } : null;
}

/** What the platform calls the episode is how its figures name it from now on; another episode's id is refused. */
async function hearOfVideo(context: Received, data: InboundData<"episode.external_status">): Promise<Effect | null> {
  const effect = await about(context, data.episode_id);
  if (effect === null || data.external_id === undefined) return effect;
  const meant = await nameVideo(context, data.external_id, parseNodeId(data.episode_id)!.id, effect.at);
  if (meant === null) return effect;
  const problem = `It is the id of Episode:${meant} already: report that one, or the id that this one has.`;
  return { ...effect, problems: refuse("CONFLICT", "data.external_id", problem).problems };
}

/** A figure of those that are kept is written as any other row; what else is measured is only told on. */
async function keepFigure(context: Received, data: InboundData<"kpi.reported">): Promise<Effect | null> {
  const kept = kpiOfEvent(data);
  if (kept === null || "problems" in kept) {
    const effect = await about(context, data.subject_id);
    return effect === null || kept === null ? effect : { ...effect, problems: kept.problems };
  }
  const { judged, at, counts } = await writeKpis(context, [kept.row]);
  if (counts === undefined) {
    const faults = judged.flatMap((one) => ("row" in one ? [] : one.faults));
    if (faults.some(({ code, path }) => code === "NOT_FOUND" && path === "subjectId")) return null;
    const problems = faults.map(({ code, path, message }) => ({ code, message, path: eventPath(path) }));
    return { subject: data.subject_id, at, problems };
  }
  const subject = `Tenant:${context.tx.tenantId}`;
  return {
    subject: data.subject_id,
    at,
    events: [{ type: "kpis.recorded", subject, data: { ...counts } }],
  };
}

const SAID_OF = { content: "changed", gone: "gone", retracted: "retracted" } as const;
/** To retract a source can't be taken back and needs its approval: what is only reported makes it stale, and somebody proposes it. */
const STATUS_OF = { content: "STALE", gone: "DEAD", retracted: "STALE" } as const;

/** A source only gets worse by what others report: nobody makes a retracted one stale, or any of them good again. */
async function changeSource(context: Received, data: InboundData<"source.changed">): Promise<Effect | null> {
  const { tx, newId, operationId } = context;
  const id = await sourceNamed(context, data.source);
  if (id === null) return null;
  const { at: before, found } = await lock(tx, [id]);
  const subject = `Source:${id.id}`;
  const present = found.has(subject) ? await presentNode(tx, "Source", id.id) : undefined;
  if (present === undefined) return null;
  const status = STATUS_OF[data.change];
  const isWorse = SOURCE_STATUSES.indexOf(status) > SOURCE_STATUSES.indexOf(present.status);
  // Another change, or that its publisher took it back, is news of one that is stale or gone as well: it may have been checked since.
  const isNews = isWorse || (data.change !== "gone" && present.status !== "RETRACTED");
  if (!isNews) return { subject, at: before };
  const because = `The source “${present.title}” was reported as ${SAID_OF[data.change]}.`;
  const { at, events } = await fall(context, { source: present, cause: status, because }, before);
  if (isWorse) await reviseNode(tx, present, { status }, newId(), { at, operationId });
  return { subject, at, events };
}

async function sourceNamed({ tx }: Received, name: string): Promise<NodeId | null> {
  const id = parseNodeId(name);
  if (id !== null) return id;
  const [found] = await tx.run(sourceByKey, { key: normalizeUrl(name) });
  return found === undefined ? null : { label: "Source", id: found.id };
}

interface Judged {
  readonly problems: readonly Problem[];
  readonly type?: InboundType;
  readonly data?: object;
}

/** What is wrong with a body, for this webhook. */
function judgeBody(allowed: readonly InboundType[], body: unknown): Judged {
  const given = typeof body === "object" && body !== null && "type" in body ? body.type : undefined;
  const type = INBOUND_TYPES.find((known) => known === given);
  if (type === undefined || !allowed.includes(type))
    return { problems: refuse("BAD_INPUT", "type", "is no type that this webhook may report").problems };
  const parsed = inboundEnvelopes[type].safeParse(body);
  return parsed.success ? { problems: [], type, data: parsed.data.data } : { problems: toProblems(parsed.error) };
}

/**
 * Takes what a webhook in reported, once for each of its message ids. What isn't of its type's shape, or names what isn't
 * there, is recorded as refused and does nothing else; the answer says so. The caller is the webhook's principal.
 */
export const receiveEvent = defineCommand({
  name: "receiveEvent",
  capability: "event.receive",
  door: "webhook",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({
    webhookId,
    messageId: z.string().min(1).max(80),
    /** SHA-256 of the raw body. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    body: z.unknown(),
    /** What the body brings as a stage's output, as the pipeline judged it. */
    output: judgedOutput.nullish(),
  }),
  // The body's hash says all of it: other white space is another message, as it is to the signature.
  digest: ({ webhookId: webhook, messageId, sha256 }) => ({ webhook, messageId, sha256 }),
  async channels(tx, { body }) {
    const { type, data } = judgeBody(INBOUND_TYPES, body);
    if (type !== "episode.external_status" && type !== "kpi.reported") return [];
    return data === undefined ? [] : channelsOf(tx, parseNodeId(SUBJECTS[type](data as never))!);
  },
  async run(context, { webhookId: webhook, messageId, sha256, body, output }) {
    const { tx, operationId } = context;
    const [found] = await tx.run(inboundWebhook, { id: webhook });
    if (found === undefined) throw notFound("webhookId");
    if (found.webhook.status !== "ACTIVE") throw refuse("CONFLICT", "webhookId", "This webhook is disabled.");
    const judged = judgeBody(found.webhook.types, body);
    const { type, data } = judged;
    const effect =
      type === undefined
        ? null
        : await (EFFECTS[type] as (c: Received, d: unknown) => Promise<Effect | null>)(
            { ...context, webhook, output: output ?? null },
            data,
          );
    const problems =
      type !== undefined && effect === null
        ? refuse("NOT_FOUND", "data", "What it is about isn't there, or isn't this studio's.").problems
        : [...judged.problems, ...(effect?.problems ?? [])];
    const accepted = effect !== null && problems.length === 0;
    const at = effect?.at ?? (await lock(tx, [])).at;
    const id = `${webhook}/${messageId}`;
    const [recorded] = await tx.run(recordInbound, {
      id,
      record: {
        webhookId: webhook,
        messageId,
        type: type ?? "",
        status: accepted ? "ACCEPTED" : "REFUSED",
        problems: accepted ? null : JSON.stringify(problems),
        data: accepted ? JSON.stringify(data) : null,
        sha256,
        at,
        operationId,
      },
    });
    if (recorded?.first !== true) throw refuse("CONFLICT", "messageId", "This message was received before.");
    const events =
      type === undefined || effect === null || !accepted
        ? []
        : [{ type: `inbound.${type}`, subject: effect.subject, data: { ...data } }, ...(effect.events ?? [])];
    return { result: { webhookId: `Webhook:${webhook}`, accepted, problems }, at, events };
  },
});

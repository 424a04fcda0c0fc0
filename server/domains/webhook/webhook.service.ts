import { z } from "zod";
import { INBOUND_TYPES, type InboundType } from "../../../graph-schema/events.js";
import { parseNodeId, ULID } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { httpUrl, text } from "../../commands/input.js";
import { notFound, refuse } from "../../commands/problem.js";
import type { WriteTx } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import { webhookId } from "../../webhooks/disable.command.js";
import { isPattern } from "../../webhooks/event-catalog.js";
import { ROTATION_MS } from "../../webhooks/signing.js";
import { DIRECTIONS, lockWebhook, setWebhook, type StoredWebhook } from "../../webhooks/webhook.query.js";
import { allowedRegionsQuery, countQuery, createQuery, principalQuery, replayQuery } from "./webhook.repository.js";

/** Webhooks of one tenant: each event goes to each of them. */
const MAX_WEBHOOKS = 100;

const isInboundType = (type: string): type is InboundType => (INBOUND_TYPES as readonly string[]).includes(type);

/** Both ends of a webhook, and what each needs. */
const ends = z
  .object({
    direction: z.enum(DIRECTIONS),
    title: text(200),
    types: z.array(text(100)).min(1).max(50),
    url: httpUrl.nullish(),
    region: text(40).nullish(),
    principalId: z.string().max(100).nullish(),
  })
  .superRefine(({ direction, types, url, region, principalId }, context) => {
    const wrong = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    const known = direction === "IN" ? isInboundType : isPattern;
    types.forEach((type, i) => known(type) || wrong(["types", i], "no event has such a type; see docs/webhooks.md"));
    if (direction === "OUT") {
      if (url == null) wrong(["url"], "must be given: where the events are sent");
      if (principalId != null) wrong(["principalId"], "is for webhooks in: whom their events count as");
    } else {
      if (url != null) wrong(["url"], "is for webhooks out: where the events are sent");
      if (region != null) wrong(["region"], "is for webhooks out: where the receiver keeps the events");
      if (parseNodeId(principalId ?? "")?.label !== "Principal")
        wrong(["principalId"], "must be the id of a Principal: whom the events count as");
    }
  });

/** Of a secret that was given, by the vault: the operation is another one with another secret. Without one each go makes its own. */
const fingerprint = z.string().min(1).max(100).optional();

/**
 * Registers a webhook. Its id and sealed secret are made by whoever calls (see secret.service.ts), since no command answers a
 * secret: what it answers is stored.
 */
export const createWebhook = defineCommand({
  name: "createWebhook",
  capability: "webhook.write",
  input: z.intersection(
    ends,
    z.object({ id: z.string().regex(ULID), sealed: z.string().min(1).max(500), fingerprint }),
  ),
  digest: ({ id: _id, sealed: _sealed, ...told }) => told,
  async run({ tx, caller }, { id, sealed, fingerprint: _told, principalId, url, region, ...input }) {
    const { at } = await lock(tx, []);
    const [counted] = await tx.run(countQuery, { statuses: ["ACTIVE", "DISABLED"] });
    if ((counted?.count ?? 0) >= MAX_WEBHOOKS)
      throw refuse("CONFLICT", "", `A studio has at most ${MAX_WEBHOOKS} webhooks; delete one first.`);
    const properties: Omit<StoredWebhook, "id"> = {
      ...input,
      status: "ACTIVE",
      url: url ?? null,
      region: input.direction === "OUT" ? await receiversRegion(tx, region ?? null) : null,
      principal: input.direction === "IN" ? await serviceKey(tx, principalId ?? "") : null,
      secret: sealed,
      previousSecret: null,
      previousUntil: null,
      createdAt: at,
      createdBy: caller.actor,
      disabledAt: null,
      disabledCause: null,
    };
    await tx.run(createQuery, { id, properties });
    const subject = `Webhook:${id}`;
    const events = [{ type: "webhook.created", subject, data: { direction: input.direction } }];
    return { result: { webhookId: subject }, at, events };
  },
});

/** The region where the receiver keeps what it is told: one that the tenant allows, the first unless said. */
async function receiversRegion(tx: WriteTx, wanted: string | null): Promise<string> {
  const regions = (await tx.run(allowedRegionsQuery, {}))[0]?.regions ?? [];
  const region = wanted ?? regions[0];
  if (region !== undefined && regions.includes(region)) return region;
  throw refuse("RESIDENCY", "region", "The tenant's data may not go to this region.");
}

/** A person's rights aren't lent to a machine: only a service or an agent stands behind a webhook in. */
async function serviceKey(tx: WriteTx, principalId: string): Promise<string> {
  const [principal] = await tx.run(principalQuery, { id: parseNodeId(principalId)!.id });
  if (principal === undefined) throw notFound("principalId");
  if (principal.kind === "HUMAN")
    throw refuse("BAD_INPUT", "principalId", "must be a service or an agent, never a person");
  return principal.key;
}

async function locked(tx: WriteTx, id: string): Promise<StoredWebhook> {
  const [found] = await tx.run(lockWebhook, { id });
  if (found === undefined) throw notFound("webhookId");
  return found.webhook;
}

/** Gives a webhook a new secret; the old one counts beside it for a day, the one before that no more. */
export const rotateWebhookSecret = defineCommand({
  name: "rotateWebhookSecret",
  capability: "webhook.write",
  input: z.object({ webhookId, sealed: z.string().min(1).max(500), fingerprint }),
  digest: ({ webhookId: id, fingerprint: given }) => ({ webhookId: id, fingerprint: given }),
  async run({ tx }, { webhookId: id, sealed }) {
    const webhook = await locked(tx, id);
    const { at } = await lock(tx, []);
    const previousUntil = at + ROTATION_MS;
    await tx.run(setWebhook, {
      id,
      properties: { secret: sealed, previousSecret: webhook.secret, previousUntil },
    });
    const subject = `Webhook:${id}`;
    const events = [{ type: "webhook.secret-rotated", subject, data: { previousUntil } }];
    return { result: { webhookId: subject }, at, events };
  },
});

export const enableWebhook = defineCommand({
  name: "enableWebhook",
  capability: "webhook.write",
  input: z.object({ webhookId }),
  async run({ tx }, { webhookId: id }) {
    const webhook = await locked(tx, id);
    if (webhook.status === "ACTIVE") throw refuse("CONFLICT", "webhookId", "It is enabled already.");
    const { at } = await lock(tx, []);
    await tx.run(setWebhook, { id, properties: { status: "ACTIVE", disabledAt: null, disabledCause: null } });
    const subject = `Webhook:${id}`;
    return { result: { webhookId: subject }, at, events: [{ type: "webhook.enabled", subject, data: {} }] };
  },
});

/** Ends a webhook for good: its secrets go, its log stays. */
export const deleteWebhook = defineCommand({
  name: "deleteWebhook",
  capability: "webhook.write",
  input: z.object({ webhookId }),
  async run({ tx }, { webhookId: id }) {
    await locked(tx, id);
    const { at } = await lock(tx, []);
    const gone = { status: "DELETED", secret: "", previousSecret: null, previousUntil: null } as const;
    await tx.run(setWebhook, { id, properties: gone });
    const subject = `Webhook:${id}`;
    return { result: { webhookId: subject }, at, events: [{ type: "webhook.deleted", subject, data: {} }] };
  },
});

/** Sends a webhook an event of its own, whatever it listens to. */
export const pingWebhook = defineCommand({
  name: "pingWebhook",
  capability: "webhook.write",
  input: z.object({ webhookId }),
  async run({ tx }, { webhookId: id }) {
    const webhook = await locked(tx, id);
    if (webhook.direction !== "OUT" || webhook.status !== "ACTIVE")
      throw refuse("CONFLICT", "webhookId", "Only an enabled webhook out can be sent something.");
    const { at } = await lock(tx, []);
    const subject = `Webhook:${id}`;
    return { result: { webhookId: subject }, at, events: [{ type: "webhook.ping", subject, data: {} }] };
  },
});

const DELIVERY = new RegExp(`^Delivery:${ULID.source.slice(1, -1)}-${ULID.source.slice(1, -1)}$`);

/** Sends a delivery that has ended once more, with all its attempts before it. */
export const replayDelivery = defineCommand({
  name: "replayDelivery",
  capability: "webhook.write",
  input: z.object({ deliveryId: z.string().regex(DELIVERY, "must be the id of a Delivery") }),
  async run({ tx }, { deliveryId }) {
    const { at } = await lock(tx, []);
    const [found] = await tx.run(replayQuery, { id: deliveryId.slice("Delivery:".length), now: at });
    if (found === undefined) throw notFound("deliveryId");
    if (!found.ended) throw refuse("CONFLICT", "deliveryId", "It is still under way.");
    const subject = `Webhook:${found.webhookId}`;
    const events = [{ type: "webhook.replayed", subject, data: { deliveryId } }];
    return { result: { webhookId: subject, deliveryId }, at, events };
  },
});

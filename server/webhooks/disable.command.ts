import { z } from "zod";
import { ULID } from "../../graph-schema/node-id.js";
import { defineCommand } from "../commands/command.js";
import { notFound, refuse } from "../commands/problem.js";
import { lock } from "../graph/lock.js";
import { lockWebhook, setWebhook } from "./webhook.query.js";

/** A webhook's public id, `Webhook:<ulid>`; answers the ULID. */
export const webhookId = z
  .string()
  .regex(new RegExp(`^Webhook:${ULID.source.slice(1, -1)}$`), "must be the id of a Webhook")
  .transform((value) => value.slice("Webhook:".length));

/** Why a webhook is disabled: somebody wanted it, or its receiver answered 410 Gone. */
export const DISABLE_CAUSES = ["asked", "gone"] as const;

/** Stops a webhook: nothing more is sent to it, or taken from it, until it is enabled. */
export const disableWebhook = defineCommand({
  name: "disableWebhook",
  capability: "webhook.write",
  input: z.object({ webhookId, cause: z.enum(DISABLE_CAUSES).default("asked") }),
  async run({ tx }, { webhookId: id, cause }) {
    const [found] = await tx.run(lockWebhook, { id });
    if (found === undefined) throw notFound("webhookId");
    if (found.webhook.status === "DISABLED") throw refuse("CONFLICT", "webhookId", "It is disabled already.");
    const { at } = await lock(tx, []);
    await tx.run(setWebhook, { id, properties: { status: "DISABLED", disabledAt: at, disabledCause: cause } });
    const subject = `Webhook:${id}`;
    return {
      result: { webhookId: subject },
      at,
      events: [{ type: "webhook.disabled", subject, data: { cause } }],
    };
  },
});

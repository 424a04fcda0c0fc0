import { z } from "zod";
import { defineCommand } from "../commands/command.js";
import { notFound, refuse } from "../commands/problem.js";
import { lock } from "../graph/lock.js";
import { webhookId } from "./disable.command.js";
import { lockWebhook, setWebhook } from "./webhook.query.js";

const sealed = z.string().min(1).max(500);

/** Puts a webhook's secrets, as another key sealed them, under the one of now: what they are stays. */
export const resealWebhook = defineCommand({
  name: "resealWebhook",
  capability: "webhook.write",
  input: z.object({
    webhookId,
    seals: z
      .array(z.object({ was: sealed, is: sealed }))
      .min(1)
      .max(2),
  }),
  // Sealed text is another each time.
  digest: ({ webhookId: id }) => ({ webhookId: id }),
  async run({ tx }, { webhookId: id, seals }) {
    const [found] = await tx.run(lockWebhook, { id });
    if (found === undefined) throw notFound("webhookId");
    const anew = (text: string | null) => seals.find(({ was }) => was === text)?.is ?? text;
    const { secret, previousSecret } = found.webhook;
    const properties = { secret: anew(secret) ?? "", previousSecret: anew(previousSecret) };
    if (properties.secret === secret && properties.previousSecret === previousSecret)
      throw refuse("CONFLICT", "seals", "Its secrets were changed meanwhile.");
    const { at } = await lock(tx, []);
    await tx.run(setWebhook, { id, properties });
    const subject = `Webhook:${id}`;
    return { result: { webhookId: subject }, at, events: [{ type: "webhook.resealed", subject, data: {} }] };
  },
});

import type { StoredWebhook } from "../../webhooks/webhook.query.js";

/** A webhook as others see it: without its secrets. */
export function webhookOf(
  tenantId: string,
  { secret: _secret, previousSecret: _previous, ...webhook }: StoredWebhook,
): Omit<StoredWebhook, "secret" | "previousSecret"> & { readonly path: string | null } {
  const path = webhook.direction === "IN" ? `/webhooks/in/${tenantId}/${webhook.id}` : null;
  return { ...webhook, id: `Webhook:${webhook.id}`, path };
}

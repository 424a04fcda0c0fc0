import type { Instant } from "../../graph-schema/time.js";
import type { Vault } from "./vault.js";
import { ownerOf, type StoredWebhook } from "./webhook.query.js";

type Sealed = Pick<StoredWebhook, "id" | "secret" | "previousSecret" | "previousUntil">;

/**
 * The secrets that count now, the present one first: beside it, for a day, the one before. Throws when this vault didn't seal the
 * present one; one before it that another key sealed doesn't count, so that to rotate mends a webhook whose key is lost.
 */
export function openSecrets(vault: Vault, tenantId: string, webhook: Sealed, now: Instant): string[] {
  const { id, secret, previousSecret, previousUntil } = webhook;
  const open = (sealed: string) => vault.open(sealed, ownerOf(tenantId, id));
  const present = open(secret);
  if (previousSecret === null || now >= (previousUntil ?? 0)) return [present];
  try {
    return [present, open(previousSecret)];
  } catch {
    return [present];
  }
}

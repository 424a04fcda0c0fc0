import type { Instant } from "../../graph-schema/time.js";
import type { Vault } from "./vault.js";
import { ownerOf, type StoredWebhook } from "./webhook.query.js";

type Sealed = Pick<StoredWebhook, "id" | "secret" | "previousSecret" | "previousUntil">;

/** The secrets that count now, the present one first: beside it, for a day, the one before. Throws for what this vault didn't seal. */
export function openSecrets(vault: Vault, tenantId: string, webhook: Sealed, now: Instant): string[] {
  const { id, secret, previousSecret, previousUntil } = webhook;
  const sealed = [secret, ...(previousSecret !== null && now < (previousUntil ?? 0) ? [previousSecret] : [])];
  return sealed.map((each) => vault.open(each, ownerOf(tenantId, id)));
}

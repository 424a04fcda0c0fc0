import type { Config } from "../config.js";
import type { Reach } from "./reach.js";
import { closedVault, loadOrCreateVault, type Vault } from "./vault.js";

/** What webhooks need of this installation: the key of their secrets, and where they may lead. */
export interface WebhookSettings {
  readonly vault: Vault;
  readonly reach: Reach;
}

export async function openWebhooks(
  config: Pick<Config, "home" | "production" | "webhookNetworks">,
): Promise<WebhookSettings> {
  return {
    vault: await loadOrCreateVault(config.home),
    reach: { networks: config.webhookNetworks, httpsOnly: config.production },
  };
}

/** Of a process that has no business with webhooks: it can neither make one nor send anything. */
export const noWebhooks: WebhookSettings = { vault: closedVault, reach: { networks: [], httpsOnly: true } };

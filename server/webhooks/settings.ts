import type { Logger } from "pino";
import type { Config } from "../config.js";
import { errorMessage } from "../errors.js";
import { configuredSecrets } from "../secrets/configured.js";
import type { Reach } from "./reach.js";
import { closedVault, openVault, type Vault } from "./vault.js";

/** What webhooks need of this installation: the keys of their secrets, and where they may lead. */
export interface WebhookSettings {
  /** With the keys as they are now: asked for whenever it is needed, so that a rotation needs no restart. */
  vault(): Promise<Vault>;
  readonly reach: Reach;
}

export async function openWebhooks(
  config: Pick<Config, "home" | "production" | "webhookNetworks" | "secrets">,
  log: Logger,
): Promise<WebhookSettings> {
  const vault = await openVault({
    home: config.home,
    secrets: configuredSecrets(config),
    changed: () => log.info("the key of webhooks' secrets was rotated"),
    failed: (error) =>
      log.error(
        { reason: errorMessage(error) },
        "the key of webhooks' secrets can't be read; the one of before goes on",
      ),
  });
  return {
    vault: () => vault.current(),
    reach: { networks: config.webhookNetworks, httpsOnly: config.production },
  };
}

/** Of a process that has no business with webhooks: it can neither make one nor send anything. */
export const noWebhooks: WebhookSettings = {
  vault: async () => closedVault,
  reach: { networks: [], httpsOnly: true },
};

import { join } from "node:path";
import type { Logger } from "pino";
import { readMigrations } from "../migrations/migrate.js";
import type { Config } from "./config.js";
import { errorMessage } from "./errors.js";
import { createApp } from "./http/app.js";
import { openKeyRing } from "./identity/key-ring.js";
import { Oidc } from "./identity/oidc.js";
import { createLog } from "./log.js";
import { configuredSecrets } from "./secrets/configured.js";
import type { Services } from "./services.js";
import { warmUp } from "./warm-up.js";

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves API and page until closed. `port` 0 takes a free one; a taken one throws the system's EADDRINUSE. */
export async function startServer(options: {
  config: Config;
  services: Services;
  /** The folder with migrations/ and dist/. */
  projectRoot: string;
  port: number;
  host?: string;
  log?: Logger;
  /** How long reads may go by rights that were taken back. */
  presenceMs?: number;
}): Promise<RunningServer> {
  const { config, services, projectRoot, port, host = "127.0.0.1", log = createLog(config), presenceMs } = options;
  const secrets = configuredSecrets(config);
  const app = await createApp({
    services,
    keys: await openKeyRing({
      home: config.home,
      secrets,
      changed: ({ kid }) => log.info({ kid }, "the keys were rotated"),
      failed: (error) => log.error({ reason: errorMessage(error) }, "the keys can't be read; those of before go on"),
    }),
    migrations: await readMigrations(join(projectRoot, "migrations")),
    region: config.region,
    production: config.production,
    publicUrl: config.publicUrl,
    oidc: config.oidc === null ? null : new Oidc(config.oidc, secrets),
    presenceMs,
    limits: config.limits,
    trustedProxies: config.trustedProxies,
    metricsToken: config.metricsToken,
    log,
    pageFolder: join(projectRoot, "dist", "ui"),
  });
  const url = await app.listen({ port, host });
  const stopped = new AbortController();
  // Nobody waits for it, and nothing depends on it.
  warmUp(services.graph, stopped.signal).catch((error: unknown) =>
    log.debug({ err: error }, "the warm-up ended early"),
  );
  return {
    url,
    close: () => {
      stopped.abort();
      return app.close();
    },
  };
}

import { join } from "node:path";
import type { Logger } from "pino";
import { readMigrations } from "../migrations/migrate.js";
import type { Config } from "./config.js";
import { createApp } from "./http/app.js";
import { loadOrCreateKeys } from "./identity/keys.js";
import { createLog } from "./log.js";
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
}): Promise<RunningServer> {
  const { config, services, projectRoot, port, host = "127.0.0.1", log = createLog(config) } = options;
  const app = await createApp({
    services,
    keys: await loadOrCreateKeys(config.home),
    migrations: await readMigrations(join(projectRoot, "migrations")),
    region: config.region,
    production: config.production,
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

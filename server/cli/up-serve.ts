import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import { seedDemo } from "../../seed/seed.js";
import { sealTenant } from "../audit/sealer.js";
import { systemCaller } from "../commands/caller.js";
import { DomainError } from "../errors.js";
import { createTenant } from "../domains/tenant/tenant.service.js";
import { startJobs } from "../../jobs/main.js";
import { openGraph, type GraphOptions } from "../graph/graph.js";
import { startServer } from "../main.js";
import { openServices, type Services } from "../services.js";
import { CliError, EXIT } from "./exit.js";
import { projectRoot } from "./project.js";
import { refused } from "./refused.js";
import { removeRun, writeRun } from "./run-file.js";
import { migrationsFolder } from "./running.js";
import { openLog } from "./server-log.js";
import { DEMO_TENANT, signInLinks } from "./sign-in.js";
import type { UpReport } from "./up-report.js";
import type { Started, UpOptions } from "./up-run.js";

export interface Address extends GraphOptions {
  /** The embedded database's process. */
  readonly databasePid?: number;
}

export interface Stopping {
  readonly signal: AbortSignal;
  /** Settles when it is asked to stop. */
  readonly asked: Promise<void>;
  /** Settles when the database is gone: then nothing that needs it is waited for. */
  readonly gone: Promise<void>;
}

/** All above the database, until it is asked to stop. */
export async function serve(
  options: UpOptions,
  address: Address,
  { signal, asked, gone }: Stopping,
  started: Started,
): Promise<void> {
  const { config, report } = options;
  const graph = openGraph(address);
  started.add("connections", () => graph.close());
  await graph.ping().catch((error: unknown) => {
    throw config.database === null || !(error instanceof Error)
      ? error
      : new CliError(`${address.uri}: ${error.message}`, EXIT.failed, { cause: error });
  });
  const { applied } = await migrate(graph, await readMigrations(migrationsFolder), report.progress);
  if (applied.length > 0) report.progress(`migrated to ${applied.at(-1) ?? ""}`);
  signal.throwIfAborted();
  const log = await openLog(config);
  const services = await openServices(graph, config, log);
  await fillEmptyStore(options, services);
  signal.throwIfAborted();
  const server = await startServer({
    config,
    services,
    log,
    projectRoot,
    port: options.port ?? 0,
  });
  started.add("server", () => within(10_000, gone, server.close()));
  if (config.jobs) {
    const jobs = startJobs({ services, log });
    started.add("jobs", () => within(10_000, gone, jobs.close()));
  }
  started.add("run file", () => removeRun(config.home));
  const { url } = server;
  await writeRun(config.home, {
    url,
    graphql: `${url}/graphql`,
    bolt: address.uri,
    pid: process.pid,
    ready: true,
    ...(address.databasePid === undefined ? {} : { databasePid: address.databasePid }),
  });
  await report.ready(url, await signInLinks({ config, url, services }));
  await asked;
}

const SEED_ATTEMPTS = 5;

/** An interrupted seed leaves this file behind, and the next start goes on with it: its operations happen once. */
const seedingPath = (home: string): string => join(home, "seeding");

async function fillEmptyStore({ config, empty, report }: UpOptions, services: Services): Promise<void> {
  // The note names its database: what was begun on one must not be finished on another.
  const database = config.database === null ? "embedded" : `${config.database.uri} ${config.database.database ?? ""}`;
  const unfinished = (await readFile(seedingPath(config.home), "utf8").catch(() => undefined)) === database;
  if (!unfinished && (await services.tenants()).length > 0) return;
  if (empty) {
    const executed = await services.execute(createTenant, systemCaller(DEMO_TENANT), {
      id: DEMO_TENANT,
      name: "Demo",
      region: config.region,
      operationId: "cli/up/empty",
      reason: "up --empty",
    });
    if (!executed.ok && !executed.problems.some(({ code }) => code === "CONFLICT")) throw refused(executed.problems);
    await rm(seedingPath(config.home), { force: true });
    return;
  }
  report.progress("filling the empty store with the demo studio");
  await writeFile(seedingPath(config.home), database);
  // Jobs aren't running yet, and what is published needs an audit that is sealed up to now.
  const seal = async (tenantId: string) => services.audit && sealTenant(services.audit, tenantId);
  await patiently(() => seedDemo(services, report.progress, seal), report);
  await rm(seedingPath(config.home), { force: true });
}

/** A busy machine may time a cold database out. Each operation happens once, so trying again goes on where it stopped. */
async function patiently(work: () => Promise<void>, report: UpReport): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const passing = error instanceof DomainError && (error.code === "TIMEOUT" || error.code === "UNAVAILABLE");
      if (!passing || attempt === SEED_ATTEMPTS) throw error;
      report.progress(`the database is slow; going on (${attempt + 1} of ${SEED_ATTEMPTS})`);
    }
  }
}

/** Waits, but not for ever: a connection that never ends must not keep the database from being stopped. */
async function within(ms: number, gone: Promise<void>, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit, gone]);
  clearTimeout(timer);
}

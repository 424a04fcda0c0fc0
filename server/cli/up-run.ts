import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import { seedDemo } from "../../seed/seed.js";
import { systemCaller } from "../commands/caller.js";
import type { Config } from "../config.js";
import { createTenant } from "../domains/tenant/tenant.service.js";
import { startEmbedded } from "../graph/embedded/embedded.js";
import { errno } from "../graph/embedded/problem.js";
import { storePaths } from "../graph/embedded/store.js";
import { openGraph, type GraphOptions } from "../graph/graph.js";
import { startServer } from "../main.js";
import { createServices, type Services } from "../services.js";
import { CliError } from "./exit.js";
import { projectRoot } from "./project.js";
import { openLog } from "./server-log.js";
import { removeRun, writeRun } from "./run-file.js";
import { migrationsFolder } from "./running.js";
import { DEMO_TENANT, signInLinks } from "./sign-in.js";
import { refused } from "./refused.js";
import type { UpReport } from "./up-report.js";

export interface UpOptions {
  readonly config: Config;
  readonly port: number | undefined;
  readonly empty: boolean;
  readonly report: UpReport;
}

/** What was started, ended in reverse order. */
class Started {
  readonly #closers: { name: string; close: () => Promise<unknown> }[] = [];

  add(name: string, close: () => Promise<unknown>): void {
    this.#closers.push({ name, close });
  }

  async closeAll(progress: (text: string) => void): Promise<void> {
    for (const { name, close } of this.#closers.splice(0).reverse()) {
      await close().catch((error: unknown) =>
        progress(`stopping the ${name}: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  }
}

/** Runs everything until it is asked to stop, or until the database is gone, which is a failure. */
export async function runUp(options: UpOptions): Promise<void> {
  const { config, report } = options;
  const stop = new AbortController();
  const stopAsked = new Promise<void>((resolve) =>
    stop.signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  const onSignal = (): void => {
    // Whoever asks twice doesn't want to wait: the watchdog ends the database without us.
    if (stop.signal.aborted) process.exit(130);
    report.progress("stopping");
    stop.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  const started = new Started();
  try {
    if (options.port !== undefined) await checkPort(options.port);
    const { address, died } = await database(config, stop.signal, started, report);
    await Promise.race([serve(options, address, stop.signal, started, stopAsked), died]);
  } catch (error) {
    // Whatever a stop interrupts fails in its own way; that isn't news.
    if (!stop.signal.aborted) throw error;
  } finally {
    await started.closeAll(report.progress);
    for (const name of signals) process.off(name, onSignal);
  }
}

interface Database {
  readonly address: GraphOptions;
  readonly databasePid?: number;
  /** Rejects when the embedded database ends without having been asked to. */
  readonly died: Promise<never>;
}

async function database(
  config: Config,
  signal: AbortSignal,
  started: Started,
  report: UpReport,
): Promise<{ address: GraphOptions & { databasePid?: number }; died: Database["died"] }> {
  if (config.database !== null) {
    report.progress(`using the database at ${config.database.uri}`);
    return { address: config.database, died: new Promise<never>(() => undefined) };
  }
  report.progress("starting Neo4j");
  const embedded = await startEmbedded({ home: config.home, cache: config.cache, progress: report.progress, signal });
  started.add("database", () => embedded.stop());
  const died = embedded.exited.then((exit): Promise<never> => {
    if (exit.asked) return new Promise<never>(() => undefined);
    throw new CliError(
      `The database ended by itself (code ${exit.code}), so everything stops; start again with \`./throughline up\`: nothing acknowledged is lost. Its log is ${storePaths(config.home).consoleLog}.`,
    );
  });
  died.catch(() => undefined);
  const { uri, user, password, pid } = embedded;
  return { address: { uri, user, password, databasePid: pid }, died };
}

async function serve(
  options: UpOptions,
  address: GraphOptions & { databasePid?: number },
  signal: AbortSignal,
  started: Started,
  stopAsked: Promise<void>,
): Promise<void> {
  const { config, report } = options;
  const graph = openGraph(address);
  started.add("connections", () => graph.close());
  await graph.ping();
  const { applied } = await migrate(graph, await readMigrations(migrationsFolder), report.progress);
  if (applied.length > 0) report.progress(`migrated to ${applied.at(-1) ?? ""}`);
  signal.throwIfAborted();
  const services = createServices({ graph });
  await fillEmptyStore(options, services);
  signal.throwIfAborted();
  const server = await startServer({
    config,
    services,
    log: await openLog(config),
    projectRoot,
    port: options.port ?? 0,
  });
  started.add("server", () => within(10_000, server.close()));
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
  await report.ready(url, await signInLinks({ home: config.home, url, services }));
  await stopAsked;
}

/** An interrupted seed leaves this file behind, and the next start goes on with it: its operations happen once. */
const seedingPath = (home: string): string => join(home, "seeding");

async function fillEmptyStore({ config, empty, report }: UpOptions, services: Services): Promise<void> {
  const unfinished = (await readFile(seedingPath(config.home), "utf8").catch(() => undefined)) !== undefined;
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
    return;
  }
  report.progress("filling the empty store with the demo studio");
  await writeFile(seedingPath(config.home), "");
  await seedDemo(services);
  await rm(seedingPath(config.home), { force: true });
}

/** Told before the database has taken its seconds to start. */
async function checkPort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error) => reject(portProblem(port, error)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

function portProblem(port: number, error: Error): CliError {
  if (errno(error) === "EADDRINUSE")
    return new CliError(
      `Port ${port} is in use by another program; choose another with --port, or leave it out for a free one.`,
    );
  if (errno(error) === "EACCES")
    return new CliError(`Port ${port} needs privileges that this user hasn't got; choose one above 1023.`);
  return new CliError(`Port ${port} can't be used (${error.message}); choose another with --port.`);
}

/** Waits, but not for ever: a connection that never ends must not keep the database from being stopped. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { destination, pino } from "pino";
import { migrationState, readMigrations } from "../../migrations/migrate.js";
import type { Config } from "../config.js";
import { storePaths, USER } from "../graph/embedded/store.js";
import { openGraph, type GraphOptions } from "../graph/graph.js";
import { configuredDatabase } from "../secrets/configured.js";
import { openServices, type Services } from "../services.js";
import { CliError } from "./exit.js";
import { projectRoot } from "./project.js";
import { readRun, upPid, type Run } from "./run-file.js";

export const migrationsFolder: string = join(projectRoot, "migrations");

const HOW_TO_START = "start it with `./throughline up --detach`";

/** The server that runs in this home. */
export async function runningServer(home: string): Promise<Run> {
  const run = await readRun(home);
  if (run?.ready === true) return run;
  if (run !== undefined || (await upPid(home)) !== undefined)
    throw new CliError("Throughline is still starting here; try again when it is ready (see `./throughline status`).");
  throw new CliError(`Nothing runs here; ${HOW_TO_START}, then run this again.`);
}

/** How to reach the database: the one that the configuration names, else the embedded one while it runs. */
export async function databaseAddress(config: Config): Promise<GraphOptions | undefined> {
  const configured = configuredDatabase(config);
  if (configured !== null) return configured;
  const run = await readRun(config.home);
  if (run === undefined) return undefined;
  const password = (await readFile(storePaths(config.home).passwordFile, "utf8").catch(() => "")).trim();
  return { uri: run.bolt, user: USER, password };
}

/** Runs `work` on the database of this configuration, migrated to the head that this version knows. */
export async function withDatabase<T>(config: Config, work: (services: Services) => Promise<T>): Promise<T> {
  const address = await databaseAddress(config);
  if (address === undefined) throw new CliError(`No database runs here; ${HOW_TO_START}, or set NEO4J_URI.`);
  const graph = openGraph({ ...address, poolSize: 2 });
  try {
    await graph.ping();
    const state = await migrationState(graph, await readMigrations(migrationsFolder));
    if (state.problem !== null) throw new CliError(state.problem);
    if (state.pending.length > 0)
      throw new CliError("The database isn't migrated to this version yet; run `./throughline up` on it once.");
    const log = pino({ level: config.logLevel }, destination({ dest: 2, sync: true }));
    return await work(await openServices(graph, config, log));
  } finally {
    await graph.close();
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import neo4j from "neo4j-driver";
import type { TestProject } from "vitest/node";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import { loadConfig } from "../../server/config.js";
import { startEmbedded } from "../../server/graph/embedded/embedded.js";
import { openGraph, type GraphOptions } from "../../server/graph/graph.js";
import { environment } from "./env.js";
import type {} from "./graph.js";
import { projectRoot } from "./project-root.js";

let shared: Promise<{ address: GraphOptions; stop(): Promise<void> }> | undefined;
let users = 0;

/** One real database for all suites of a run, in a home of its own that goes with it. */
async function startDatabase() {
  if (environment.database !== undefined) return openScratch(new URL(environment.database));
  const home = await mkdtemp(join(tmpdir(), "throughline-test-"));
  const { cache } = loadConfig(
    { THROUGHLINE_CACHE: environment.cache, XDG_CACHE_HOME: environment.xdgCache },
    projectRoot,
  );
  const embedded = await startEmbedded({
    home,
    cache,
    progress: (text) => process.stderr.write(`${text}\n`),
    memory: { heapMb: 1_024, pageCacheMb: 256 },
  });
  const address: GraphOptions = { uri: embedded.uri, user: embedded.user, password: embedded.password };
  const graph = openGraph(address);
  await migrate(graph, await readMigrations(join(projectRoot, "migrations")));
  await graph.close();
  return {
    address,
    stop: async () => {
      await embedded.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The label of the node that says: this store is for tests. */
const MARKER = "ThroughlineTestStore";

/** Whoever tests again and again keeps a database running, with its plans warm; it is taken only when it is empty or has our marker. */
async function openScratch({ protocol, host, username, password }: URL) {
  const address = { uri: `${protocol}//${host}`, user: username, password: decodeURIComponent(password) };
  const driver = neo4j.driver(address.uri, neo4j.auth.basic(address.user, address.password));
  const { records } = await driver.executeQuery(
    `OPTIONAL MATCH (marker:${MARKER}) WITH count(marker) AS markers OPTIONAL MATCH (n) WITH markers, n LIMIT 1 RETURN markers > 0 OR n IS NULL AS ours`,
  );
  if (records[0]?.get("ours") !== true) throw new Error(`${host} isn't a store of tests: it holds other things`);
  await driver.executeQuery(`MERGE (:${MARKER})`);
  await driver.close();
  const graph = openGraph(address);
  await migrate(graph, await readMigrations(join(projectRoot, "migrations")));
  await graph.close();
  return { address, stop: async () => {} };
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared ??= startDatabase();
  users++;
  const { address, stop } = await shared;
  project.provide("database", address);
  return async () => {
    if (--users === 0) {
      shared = undefined;
      await stop();
    }
  };
}

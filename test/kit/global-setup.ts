import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

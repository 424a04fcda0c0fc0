import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestProject } from "vitest/node";
import type { GraphOptions } from "../../server/graph/graph.js";
import { measure } from "../bench/pipeline.measure.js";
import { setup } from "../kit/global-setup.js";
import { projectRoot } from "../kit/project-root.js";

/*
 * The short form of `bench pipeline`: the embedded executors bring episodes to their proposals while what drives them is killed
 * with kill -9, and nothing is lost or doubled. What it takes is no matter here; that it is counted is.
 */

const RUNS = 6;
const KILLS = 3;

let folder: string;
let address: GraphOptions & { readonly password: string };
let stopDatabase: () => Promise<void>;

beforeAll(async () => {
  const provide = (_: string, given: typeof address) => (address = given);
  stopDatabase = await setup({ provide } as unknown as TestProject);
  // Below our packages, since some of what it bundles looks for one of them by name.
  const cache = join(projectRoot, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "throughline-bench-"));
  const outDir = join(folder, "driver");
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: join(projectRoot, "test/bench/pipeline.driver.ts"),
      outDir,
      emptyOutDir: true,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "driver.mjs" } },
    },
  });
  // What its modules read from beside themselves.
  await cp(join(projectRoot, "server/pipeline/flows"), join(outDir, "flows"), { recursive: true });
  await cp(join(projectRoot, "server/pipeline/templates"), join(folder, "templates"), { recursive: true });
  for (const file of ["policy.wasm", "policy.wasm.sha256"])
    await copyFile(join(projectRoot, "server/policy", file), join(outDir, file));
}, 300_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await stopDatabase?.();
});

describe("runs of episodes whose driver is killed", () => {
  it("are each done once, with one episode, one proposal and one decision", async () => {
    const figures = await measure({
      ...{
        address,
        driverFile: join(folder, "driver", "driver.mjs"),
        runs: RUNS,
        kills: KILLS,
        alone: 1,
        leaseMs: 3_000,
      },
      progress: () => undefined,
      patienceMs: 400_000,
    });
    expect(figures.faults).toEqual([]);
    expect(figures.kills).toBe(KILLS);
    // With those that were driven one by one, and three that only warm up.
    expect(figures.done).toBe(RUNS + 1 + 3);
    expect(figures.stageTimes).toHaveLength(7 * figures.done);
    expect(figures.goes).toBeGreaterThanOrEqual(7 * RUNS);
    expect(figures.overhead.map(({ stage }) => stage)).toEqual([
      "planner",
      "topic-scoring",
      "research",
      "scenes",
      "script",
      "qa",
      "ops",
    ]);
    for (const { wholeMs, executorMs, databaseMs, ourMs } of figures.overhead) {
      expect(Math.min(executorMs, databaseMs, ourMs)).toBeGreaterThanOrEqual(0);
      expect(executorMs + databaseMs + ourMs).toBeCloseTo(wholeMs, 3);
    }
  }, 600_000);
});

import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ulid } from "ulid";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { DEFAULT_REGION } from "../../server/config.js";
import { startRun } from "../../server/domains/run/run.service.js";
import { readRun } from "../../server/domains/run/run.repository.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { openGraph, type Graph, type GraphOptions } from "../../server/graph/graph.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { readerOf } from "../../server/pipeline/office.js";
import type { Services } from "../../server/services.js";
import { setup } from "../kit/global-setup.js";
import { projectRoot } from "../kit/project-root.js";
import { seeded } from "../kit/random.js";
import { killedServices, STAGES } from "./pipeline.flow.js";

/*
 * Processes that are killed with kill -9 while they drive runs: the next one goes on from the last stage that was done, and
 * nothing is lost or done twice.
 */

const LEASE_MS = 1_500;
const RUNS = 10;
const KILLS = 8;

const marks = defineQuery({
  name: "testStageMarks",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (u:Usage {tenantId: $tenantId}) WHERE u.id STARTS WITH "PipelineRun:" RETURN u.id AS id, u.times AS times`,
  row: z.object({ id: z.string(), times: z.number() }),
});

let folder: string;
let graph: Graph;
let services: Services;
let address: GraphOptions;
let stopDatabase: () => Promise<void>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const provide = (_: string, given: GraphOptions) => (address = given);
  stopDatabase = await setup({ provide } as unknown as TestProject);
  graph = openGraph({ ...address, timeoutMs: { read: 30_000, write: 60_000 } });
  services = killedServices(graph);
  // Below our packages, since some of what it bundles looks for one of them by name.
  const cache = join(projectRoot, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "throughline-driver-"));
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: join(projectRoot, "test/faults/pipeline.holder.ts"),
      outDir: folder,
      emptyOutDir: true,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "holder.mjs" } },
    },
  });
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await graph?.close();
  await rm(folder, { recursive: true, force: true });
  await stopDatabase?.();
});

function startDriver(tenantId: string): { said: string[]; kill(): void } {
  const settings = { ...address, tenantId, leaseMs: LEASE_MS };
  const child = spawn(process.execPath, [join(folder, "holder.mjs"), JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const said: string[] = [];
  child.stdout!.on("data", (chunk: Buffer) => said.push(...chunk.toString().trim().split("\n")));
  return { said, kill: () => void child.kill("SIGKILL") };
}

async function newRuns(count: number): Promise<{ tenantId: string; runIds: string[] }> {
  const tenantId = `k${ulid().slice(-12).toLowerCase()}`;
  const head = () => ({ operationId: `test/${ulid()}`, reason: "a test" });
  const made = await services.execute(createTenant, systemCaller(tenantId), {
    ...head(),
    id: tenantId,
    name: tenantId,
    region: "local",
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  const who: Caller = { tenantId, actor: "tester", name: "Tess", roles: ["operator"], region: DEFAULT_REGION };
  const runIds: string[] = [];
  for (let i = 0; i < count; i++) {
    const started = await services.execute(startRun, who, {
      ...head(),
      flow: "killed",
      ...services.pipeline.resolve("killed"),
    });
    if (!started.ok) throw new Error(JSON.stringify(started.problems));
    runIds.push(started.result.runId);
  }
  return { tenantId, runIds };
}

const recordsOf = (tenantId: string, runIds: readonly string[]) =>
  Promise.all(runIds.map(async (id) => (await readRun(readerOf(graph, tenantId), id.split(":")[1]!))!));

async function finished(tenantId: string, runIds: readonly string[]): Promise<boolean> {
  return (await recordsOf(tenantId, runIds)).every(({ run }) => run.status !== "RUNNING" && run.status !== "WAITING");
}

describe("runs whose process is killed", () => {
  it("are driven on by the next one: none lost, no effect twice, from the last stage that was done", async () => {
    const { tenantId, runIds } = await newRuns(RUNS);
    const random = seeded(20_261_121);
    let kills = 0;
    let worked = 0;
    while (!(await finished(tenantId, runIds))) {
      const driver = startDriver(tenantId);
      const enough = 1 + random.below(8);
      while (driver.said.filter((line) => line.startsWith("worked")).length < enough) {
        if (kills >= KILLS && (await finished(tenantId, runIds))) break;
        await sleep(5);
      }
      if (kills < KILLS) {
        await sleep(random.below(60));
        driver.kill();
        kills++;
      } else while (!(await finished(tenantId, runIds))) await sleep(50);
      driver.kill();
      worked += driver.said.filter((line) => line.startsWith("worked")).length;
    }
    const records = await recordsOf(tenantId, runIds);
    expect(records.map(({ run }) => run.status)).toEqual(runIds.map(() => "DONE"));
    for (const { stages } of records) {
      expect(stages.map(({ stage, attempt, status }) => `${stage}/${attempt} ${status}`)).toEqual(
        STAGES.map((name) => `${name}/1 DONE`),
      );
    }
    const left = await graph.read({ tenantId }, marks, {});
    expect(left).toHaveLength(RUNS * STAGES.length);
    expect(left.filter(({ times }) => times !== 1)).toEqual([]);
    const again = records.flatMap(({ stages }) => stages).filter(({ starts }) => starts > 1).length;
    console.log(
      `pipeline: ${kills} kills, ${RUNS * STAGES.length} stages done once, ${again} begun again, ${worked} goes of executors`,
    );
    expect(kills).toBeGreaterThan(2);
    expect(again).toBeGreaterThan(0);
  }, 240_000);

  it("are one driver's at a time: of three processes at once each stage is worked on by one", async () => {
    const { tenantId, runIds } = await newRuns(RUNS);
    const drivers = [startDriver(tenantId), startDriver(tenantId), startDriver(tenantId)];
    while (!(await finished(tenantId, runIds))) await sleep(50);
    for (const driver of drivers) driver.kill();
    const goes = drivers.flatMap(({ said }) => said.filter((line) => line.startsWith("worked")));
    expect(goes.toSorted()).toEqual(runIds.flatMap((id) => STAGES.map((name) => `worked ${id}/${name}/1`)).toSorted());
  }, 120_000);
});

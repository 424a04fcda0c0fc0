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
import { environment } from "../kit/env.js";
import { setup } from "../kit/global-setup.js";
import { projectRoot } from "../kit/project-root.js";
import { seeded } from "../kit/random.js";
import { killedServices, MAX_STARTS, STAGES } from "./pipeline.flow.js";

/*
 * Processes that are killed with kill -9 while they drive runs: the next one goes on from the last stage that was done, and
 * nothing is lost or done twice.
 */

const LEASE_MS = 3_000;
const RUNS = 20;
const KILLS = environment.full ? 40 : 12;

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
  // A database that has just started plans each write for longer than the leases of these tests last.
  const { tenantId, runIds } = await newRuns(2);
  const first = startDriver(tenantId, { leaseMs: 60_000 });
  while (!(await finished(tenantId, runIds))) await sleep(50);
  first.kill();
}, 300_000);

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await graph?.close();
  await rm(folder, { recursive: true, force: true });
  await stopDatabase?.();
});

interface Driver {
  /** What its stages did: `worked` or `left <run>/<stage>/<attempt> <instant>`, in milliseconds of this machine's clock. */
  readonly said: string[];
  goes(): Go[];
  kill(): void;
  /** When it was dead; null while it lives. */
  diedAt(): number | null;
}

interface Go {
  readonly name: string;
  readonly at: number;
  /** When it had ended, or its process; Infinity while it is at work. */
  readonly until: number;
  readonly by: Driver;
}

function startDriver(tenantId: string, more: { leaseMs?: number; maxStarts?: number } = {}): Driver {
  const settings = { ...address, tenantId, leaseMs: LEASE_MS, ...more };
  const child = spawn(process.execPath, [join(folder, "holder.mjs"), JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const said: string[] = [];
  let rest = "";
  child.stdout!.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop()!;
    said.push(...lines);
  });
  let died: number | null = null;
  child.once("exit", () => (died = Date.now()));
  const driver: Driver = {
    said,
    goes: () =>
      said.flatMap((line, i) => {
        const [what, name, at] = line.split(" ");
        if (what !== "worked") return [];
        const left = said
          .slice(i + 1)
          .find((other) => other.startsWith(`left ${name} `))
          ?.split(" ")[2];
        return [{ name: name!, at: Number(at), until: Number(left ?? died ?? Infinity), by: driver }];
      }),
    kill: () => void child.kill("SIGKILL"),
    diedAt: () => died,
  };
  return driver;
}

/** Goes of a try that began while another process had it at work. */
function besideOthers(drivers: readonly Driver[]): string[] {
  const goes = drivers.flatMap((driver) => driver.goes()).sort((a, b) => a.at - b.at);
  return goes.flatMap(({ name, at, by }, i) => {
    const before = goes.slice(0, i).filter((one) => one.name === name && one.by !== by && one.until > at);
    return before.map(({ at: first, until }) => `${name} at ${at}, at work from ${first} to ${until}`);
  });
}

async function newRuns(count: number, input?: object): Promise<{ tenantId: string; runIds: string[] }> {
  const tenantId = await newStudio();
  return { tenantId, runIds: await startRuns(tenantId, count, input) };
}

const head = () => ({ operationId: `test/${ulid()}`, reason: "a test" });

async function newStudio(): Promise<string> {
  const tenantId = `k${ulid().slice(-12).toLowerCase()}`;
  const made = await services.execute(createTenant, systemCaller(tenantId), {
    ...head(),
    id: tenantId,
    name: tenantId,
    region: "local",
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return tenantId;
}

async function startRuns(tenantId: string, count: number, input: object = {}): Promise<string[]> {
  const who: Caller = { tenantId, actor: "tester", name: "Tess", roles: ["operator"], region: DEFAULT_REGION };
  const runIds: string[] = [];
  for (let i = 0; i < count; i++) {
    const started = await services.execute(startRun, who, {
      ...head(),
      flow: "killed",
      input: JSON.stringify(input),
      ...services.pipeline.resolve("killed"),
    });
    if (!started.ok) throw new Error(JSON.stringify(started.problems));
    runIds.push(started.result.runId);
  }
  return runIds;
}

const recordsOf = (tenantId: string, runIds: readonly string[]) =>
  Promise.all(runIds.map(async (id) => (await readRun(readerOf(graph, tenantId), id.split(":")[1]!))!));

async function finished(tenantId: string, runIds: readonly string[]): Promise<boolean> {
  return (await recordsOf(tenantId, runIds)).every(({ run }) => run.status !== "RUNNING" && run.status !== "WAITING");
}

/** Each stage of each run was done at its first try, and left its mark once. */
async function expectOnce(tenantId: string, runIds: readonly string[]): Promise<number> {
  const records = await recordsOf(tenantId, runIds);
  expect(records.map(({ run }) => [run.status, run.problem])).toEqual(runIds.map(() => ["DONE", null]));
  for (const { stages } of records) {
    expect(stages.map(({ stage, attempt, status }) => `${stage}/${attempt} ${status}`).toSorted()).toEqual(
      STAGES.map((name) => `${name}/1 DONE`).toSorted(),
    );
  }
  const left = (await graph.read({ tenantId }, marks, {})).filter(({ id }) => runIds.some((run) => id.startsWith(run)));
  expect(left).toHaveLength(runIds.length * STAGES.length);
  expect(left.filter(({ times }) => times !== 1)).toEqual([]);
  return records.flatMap(({ stages }) => stages).filter(({ starts }) => starts > 1).length;
}

describe("runs whose process is killed", () => {
  it("are driven on by another: none lost, no effect twice, from the last stage that was done", async () => {
    const { tenantId, runIds } = await newRuns(RUNS);
    const random = seeded(20_261_121);
    const drivers = [startDriver(tenantId), startDriver(tenantId)];
    let living = [...drivers];
    let kills = 0;
    while (!(await finished(tenantId, runIds))) {
      const enough = 1 + random.below(4);
      const atWork = () => living.find((driver) => driver.goes().length >= enough);
      while (atWork() === undefined && !(await finished(tenantId, runIds))) await sleep(5);
      const victim = atWork();
      if (victim === undefined || kills >= KILLS) {
        await sleep(50);
        continue;
      }
      await sleep(random.below(60));
      victim.kill();
      kills++;
      const next = startDriver(tenantId);
      drivers.push(next);
      living = [...living.filter((driver) => driver !== victim), next];
    }
    for (const driver of living) driver.kill();
    const again = await expectOnce(tenantId, runIds);
    const goes = drivers.flatMap((driver) => driver.goes()).length;
    const troubles = drivers.flatMap(({ said }) => said.filter((line) => line.startsWith("trouble")));
    console.log(
      `pipeline: ${kills} kills, ${RUNS * STAGES.length} stages done once, ${again} begun again, ${goes} goes of executors, ${troubles.length} troubles (${[...new Set(troubles)].join("; ")})`,
    );
    expect(besideOthers(drivers)).toEqual([]);
    expect(kills).toBe(KILLS);
    expect(again).toBeGreaterThan(0);
  }, 600_000);

  it("are one driver's at a time: of three processes at once each stage is worked on by one, once", async () => {
    const { tenantId, runIds } = await newRuns(RUNS);
    // Nobody dies here, so a lease nearly as long as the real one: none is lost to a machine that is busy with other things.
    const drivers = [1, 2, 3].map(() => startDriver(tenantId, { leaseMs: 20_000 }));
    while (!(await finished(tenantId, runIds))) await sleep(50);
    for (const driver of drivers) driver.kill();
    const goes = drivers.flatMap((driver) => driver.goes().map(({ name }) => name));
    expect(goes.toSorted()).toEqual(runIds.flatMap((id) => STAGES.map((name) => `${id}/${name}/1`)).toSorted());
    expect(await expectOnce(tenantId, runIds)).toBe(0);
  }, 300_000);

  it("end when a stage of theirs is what kills it, and no run beside them does", async () => {
    const { tenantId, runIds } = await newRuns(6);
    const [poisoned] = await startRuns(tenantId, 1, { poison: true });
    let deaths = 0;
    for (let driver: Driver | null = null; !(await finished(tenantId, [...runIds, poisoned!])); await sleep(20)) {
      if (driver !== null && driver.diedAt() === null) continue;
      if (driver !== null) deaths++;
      driver = startDriver(tenantId, { maxStarts: MAX_STARTS });
    }
    const [{ run, stages }] = (await recordsOf(tenantId, [poisoned!])) as [Awaited<ReturnType<typeof recordsOf>>[0]];
    expect(run).toMatchObject({ status: "FAILED", outcome: "PROCESS_LOST" });
    expect(stages.map(({ stage, status, outcome, starts }) => [stage, status, outcome, starts])).toEqual([
      ["one", "DONE", "OK", 1],
      ["two", "FAILED", "PROCESS_LOST", MAX_STARTS],
    ]);
    expect(stages[1]!.problem).toContain(`${MAX_STARTS} times`);
    expect(deaths).toBe(MAX_STARTS);
    await expectOnce(tenantId, runIds);
  }, 300_000);
});

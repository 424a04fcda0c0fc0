import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { openGraph, type GraphOptions } from "../../server/graph/graph.js";
import { ownInstallation } from "../../server/pipeline/desk.js";
import { createServices, type Services } from "../../server/services.js";
import { seededRandom } from "./figures.kit.js";
import { openDriver } from "./lineage.raw.js";
import { count, type Counted } from "./pipeline.count.js";
import { idleMs, meterDatabase, meteredInstallation, type Go, type Meter } from "./pipeline.meter.js";
import { begin, newStudio, newSubjects, type Studio } from "./pipeline.store.js";

export interface Asked {
  readonly address: GraphOptions & { readonly password: string };
  /** The built driver: what is started, and killed. */
  readonly driverFile: string;
  readonly runs: number;
  readonly kills: number;
  /** Of the runs, those that are driven one by one, to see what the engine itself takes. */
  readonly alone: number;
  /** How long a killed driver's lease still keeps others from its runs, in milliseconds. */
  readonly leaseMs: number;
  readonly progress: (text: string) => void;
  /** Longest time for all of it; beyond it what isn't done counts as lost. */
  readonly patienceMs?: number;
}

export interface Overhead {
  readonly stage: string;
  readonly wholeMs: number;
  readonly executorMs: number;
  readonly databaseMs: number;
  /** What is left: neither the executor nor the database was at work. */
  readonly ourMs: number;
}

export interface PipelineFigures extends Counted {
  readonly runs: number;
  readonly kills: number;
  readonly seconds: number;
  /** Goes of executors that drivers told of: more than the stages where one was begun again. */
  readonly goes: number;
  readonly overhead: readonly Overhead[];
  readonly troubles: readonly string[];
}

const SEED = 20_261_121;
const STAGES = 7;
const PATIENT_MS = { read: 60_000, write: 60_000 };
/** A killed process that holds nothing up is found out by its absence alone. */
const PATIENCE_MS = 6 * 3_600_000;
/** A database that has just started plans each statement; what it costs is nobody's figure. */
const WARM_UP = 3;

export async function measure(asked: Asked): Promise<PipelineFigures> {
  const { address, runs, alone, progress } = asked;
  const graph = openGraph({ ...address, timeoutMs: PATIENT_MS });
  const driver = openDriver(address);
  try {
    const meter = meterDatabase();
    const noted = meteredInstallation(
      ownInstallation(),
      () => undefined,
      (go) => void meter.goes.push(go),
    );
    const services = createServices({ graph, installation: noted });
    const studio = await newStudio(services);
    progress(`${runs + alone + WARM_UP} topics with two pages each`);
    const subjects = await newSubjects(services, studio, runs + alone + WARM_UP);
    const runIds: string[] = [];
    const overhead: Overhead[] = [];
    progress(`${WARM_UP + alone} runs, one by one`);
    for (const [i, subject] of subjects.splice(0, WARM_UP + alone).entries()) {
      const one = await driveAlone(services, studio, meter, () => begin(services, studio, subject));
      runIds.push(one.runId);
      if (i >= WARM_UP) overhead.push(...one.overhead);
    }
    progress(`${subjects.length} runs at once, ${asked.kills} drivers killed on the way`);
    const rest: string[] = [];
    for (const subject of subjects) rest.push(await begin(services, studio, subject));
    const began = performance.now();
    const driven = await driveAndKill(asked, studio.tenantId, rest.length * STAGES, () => finished(services, studio));
    const seconds = (performance.now() - began) / 1_000;
    const counted = await count(driver, studio.tenantId, [...runIds, ...rest]);
    return { ...counted, ...driven, runs: rest.length, seconds, overhead };
  } finally {
    await Promise.all([graph.close(), driver.close()]);
  }
}

const finished = async ({ pipeline }: Services, { tenantId }: Studio): Promise<boolean> =>
  (await pipeline.countDue(tenantId)) === 0;

/** Drives one run with nothing beside it. Its time is cut where one executor ends: what comes before the next one's end is that stage's. */
async function driveAlone(services: Services, { tenantId }: Studio, meter: Meter, start: () => Promise<string>) {
  meter.goes.length = 0;
  const runId = await start();
  meter.database.length = 0;
  const began = performance.now();
  const troubles: unknown[] = [];
  await services.pipeline.drive({
    tenantId,
    signal: new AbortController().signal,
    trouble: (error) => troubles.push(error),
  });
  const ended = performance.now();
  if (troubles.length > 0) throw troubles[0];
  const goes = meter.goes.filter((go) => go.runId === runId);
  return { runId, overhead: cut(goes, began, ended, meter) };
}

function cut(goes: readonly Go[], began: number, ended: number, { database }: Meter): Overhead[] {
  return goes.map(({ stage, span }, i) => {
    const from = goes[i - 1]?.span[1] ?? began;
    // What closes the run after its last stage is that stage's.
    const until = i === goes.length - 1 ? ended : span[1];
    const executorMs = span[1] - span[0];
    const ourMs = idleMs([from, until], [...database, span]);
    return { stage, wholeMs: until - from, executorMs, databaseMs: until - from - executorMs - ourMs, ourMs };
  });
}

/** Starts drivers, one at a time, and kills as many of them as are asked for, each after another number of stages begun. */
async function driveAndKill(
  { address, driverFile, kills, leaseMs, progress, patienceMs = PATIENCE_MS }: Asked,
  tenantId: string,
  stages: number,
  isOver: () => Promise<boolean>,
): Promise<{ kills: number; goes: number; troubles: string[] }> {
  const random = seededRandom(SEED);
  // Between the first stage and the last but a few: there is something to lose each time.
  const points = Array.from({ length: kills }, () => Math.floor(random() * 0.95 * stages)).sort((a, b) => a - b);
  const troubles: string[] = [];
  let goes = 0;
  let killed = 0;
  const start = (): ChildProcess => {
    const settings = { uri: address.uri, user: address.user, password: address.password, tenantId, leaseMs };
    const child = spawn(process.execPath, [driverFile, JSON.stringify(settings)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let rest = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop()!;
      goes += lines.filter((line) => line.startsWith("begun ")).length;
      troubles.push(...lines.filter((line) => line.startsWith("trouble ")));
    });
    return child;
  };
  const end = async (child: ChildProcess): Promise<void> => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    else return;
    await gone;
  };
  let child = start();
  try {
    const until = performance.now() + patienceMs;
    for (let look = 0; performance.now() < until; look++) {
      if (child.exitCode !== null) throw new Error(`the driver ended by itself with ${child.exitCode}`);
      if (killed < kills && goes >= points[killed]!) {
        await sleep(random() * 500);
        await end(child);
        killed += 1;
        progress(`killed ${killed} of ${kills}, at ${goes} of ${stages} stages`);
        child = start();
      }
      if (look % 20 === 0 && (await isOver())) break;
      await sleep(25);
    }
  } finally {
    await end(child);
  }
  return { kills: killed, goes, troubles };
}

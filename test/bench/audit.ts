import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openAuditOffice } from "../../server/audit/office.js";
import { sealTenant } from "../../server/audit/sealer.js";
import { verifyTenant } from "../../server/audit/verify.js";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { errorMessage } from "../../server/errors.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { createServices, type Services } from "../../server/services.js";
import { ms, quantile, thousands } from "./figures.kit.js";
import { startInstallation, withResources, type Installation } from "./installation.kit.js";
import { openDriver } from "./lineage.raw.js";

const HELP = `bench audit [--seconds N] [--rate N] [--json]
How long an audit entry waits for its seal while commands are given at a steady rate.
  --seconds N   20
  --rate N      commands a second, 500
  --json        all figures as JSON`;

/** Between the end of one seal and the next: what the job waits, too. */
const PAUSE_MS = 500;
/** Commands are given in this rhythm, a few at once. */
const TICK_MS = 20;
/** Commands under way at once: where that isn't enough, the rate isn't reached, and that is told. */
const WRITERS = 32;
/** The database compiles what many writers keep busy: a second of it is no measure of the next. */
const WARM_UP_S = 40;
/** A database that has just started plans each query for the first time. */
const PATIENT_MS = { read: 30_000, write: 60_000 };
/** What is asked. */
const ASKED_MS = 2_000;

export async function run(argv: readonly string[]): Promise<number> {
  const { seconds, rate, json, help } = options(argv);
  if (help) {
    print(HELP);
    return 0;
  }
  const figures = await withResources(async (keep) => {
    const installation = keep(await startInstallation());
    // Connections of their own, as the sealer is another process's.
    const address = { ...installation.database, timeoutMs: PATIENT_MS };
    const [writers, sealer] = [openGraph(address), openGraph({ ...address, poolSize: 2 })];
    for (const graph of [writers, sealer]) keep({ stop: () => graph.close() });
    return measure(installation, { writers, sealer }, seconds, rate);
  });
  if (json) print(JSON.stringify(figures));
  else {
    print(
      `audit lag p50 ${ms(figures.p50)} ms p95 ${ms(figures.p95)} ms max ${ms(figures.max)} ms (asked: p95 under ${ASKED_MS} ms)`,
    );
    print(
      `${thousands(figures.written)} commands in ${seconds} s: ${thousands(figures.reached)}/s of ${thousands(rate)}/s asked; ${figures.checkpoints} checkpoints, the largest over ${thousands(figures.largest)} entries; sealed, verified: ${figures.verified}`,
    );
    print(
      `the lag is from an entry's instant to its checkpoint's; its COMMIT and the file took ${ms(figures.behind)} ms more at p95`,
    );
  }
  return figures.p95 < ASKED_MS && figures.verified ? 0 : 1;
}

function options(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        seconds: { type: "string", default: "20" },
        rate: { type: "string", default: "500" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
    if (!(seconds >= 1) || !(rate >= 1)) throw new Error("--seconds and --rate take numbers from 1.");
    return { seconds, rate, json: values.json, help: values.help };
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

async function measure(
  installation: Installation,
  { writers, sealer }: Readonly<Record<"writers" | "sealer", Graph>>,
  seconds: number,
  rate: number,
) {
  const { tenantId, home } = installation;
  const office = await openAuditOffice({ graph: sealer, home });
  const services = createServices({ graph: writers });
  const behind: number[] = [];
  const stop = new AbortController();
  const sealing = sealUntil(stop.signal, async () => {
    const began = Date.now();
    if ((await sealTenant(office, tenantId)).sealed > 0) behind.push(Date.now() - began);
  });
  say("warming up");
  for (let i = 0; i < WRITERS; i++) await topic(services, tenantId, ++counter);
  await write(services, tenantId, rate, WARM_UP_S);
  const from = Date.now();
  say(`${rate} commands a second for ${seconds} s`);
  const written = await write(services, tenantId, rate, seconds);
  const reached = written / ((Date.now() - from) / 1000);
  stop.abort();
  await sealing;
  const { lags, sizes } = await readLags(installation, from);
  const note = (await office.checkpoints.read(tenantId))?.note ?? null;
  const verified = await verifyTenant(sealer, tenantId, { publicKey: office.signer.publicKey, note });
  if (!verified.ok) say(`verify: ${verified.problem}`);
  return {
    written,
    reached,
    checkpoints: sizes.length,
    largest: Math.max(...sizes.map((size, i) => size - (sizes[i - 1] ?? size))),
    p50: quantile(lags, 0.5),
    p95: quantile(lags, 0.95),
    max: Math.max(...lags),
    behind: quantile(behind, 0.95),
    verified: verified.ok && verified.unsealed === 0,
  };
}

/** As the job does; once more at the end, for what came during the last seal. */
async function sealUntil(stop: AbortSignal, seal: () => Promise<void>): Promise<void> {
  for (let last = false; !last; await sleep(PAUSE_MS)) {
    last = stop.aborted;
    await seal().catch((error: unknown) => say(errorMessage(error)));
  }
}

let counter = 0;

/** Gives commands at a steady rate as long as answers come in time; answers how many were done. */
async function write(services: Services, tenantId: string, rate: number, seconds: number): Promise<number> {
  const underWay = new Set<Promise<void>>();
  let done = 0;
  let given = 0;
  const began = performance.now();
  for (let spent = 0; spent < seconds; spent = (performance.now() - began) / 1000) {
    for (const due = Math.ceil(spent * rate); given < due && underWay.size < WRITERS; given++) {
      const one = topic(services, tenantId, ++counter).then((ok) => {
        done += ok ? 1 : 0;
        underWay.delete(one);
      });
      underWay.add(one);
    }
    await (underWay.size < WRITERS ? sleep(TICK_MS) : Promise.race(underWay));
  }
  await Promise.all(underWay);
  return done;
}

/** Whether it was done: a command that fails is one less, and says why. */
async function topic(services: Services, tenantId: string, n: number): Promise<boolean> {
  // Titles and ids come in no order, as people's do: rising ones are all looked for at the same place of an index.
  const name = randomUUID();
  const input = { title: `${name} is topic ${n}`, operationId: `bench/${name}`, reason: "bench audit" };
  const caller: Caller = { ...systemCaller(tenantId), roles: ["tenant-admin"] };
  try {
    return (await services.execute(createTopic, caller, input)).ok;
  } catch (error) {
    say(errorMessage(error));
    return false;
  }
}

/** For each entry of the measured time, how long after it its first checkpoint was made; and the sizes of these checkpoints. */
async function readLags({ database, tenantId }: Installation, from: number) {
  const driver = openDriver(database);
  try {
    const read = async (cypher: string) => (await driver.executeQuery(cypher, { tenantId, from })).records;
    const checkpoints = (
      await read(
        `MATCH (c:Checkpoint {tenantId: $tenantId}) WHERE c.id > "" RETURN c.size AS size, c.at AS at ORDER BY c.size`,
      )
    ).map((row) => ({ size: row.get("size") as number, at: row.get("at") as number }));
    const entries = await read(
      `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.at >= $from AND a.command = "createTopic"
RETURN a.sequence AS sequence, a.at AS at ORDER BY a.sequence`,
    );
    let next = 0;
    const lags = entries.map((row) => {
      while (checkpoints[next]!.size <= (row.get("sequence") as number)) next += 1;
      return checkpoints[next]!.at - (row.get("at") as number);
    });
    return { lags, sizes: checkpoints.filter(({ at }) => at >= from).map(({ size }) => size) };
  } finally {
    await driver.close();
  }
}

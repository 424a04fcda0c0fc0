import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { cliConfig, projectRoot } from "../../server/cli/project.js";
import { startEmbedded } from "../../server/graph/embedded/embedded.js";
import { openGraph } from "../../server/graph/graph.js";
import { ms, quantile, thousands, times } from "./figures.kit.js";
import { withResources } from "./installation.kit.js";
import { measure, type PipelineFigures } from "./pipeline.measure.js";

const HELP = `bench pipeline [--runs N] [--kills N] [--alone N] [--lease-ms N] [--json]
Runs of the episode flow end to end, from a topic to its proposal, while the process that drives them is killed again and again.
  --runs N      runs that are driven at once (1,000)
  --kills N     kill -9 of the driving process, at as many random points (20)
  --alone N     further runs that are driven one by one, to see what the engine takes beside executors and database (30)
  --lease-ms N  how long a dead driver's lease keeps others from its runs (5,000; an installation's is 30,000)
  --json        all figures as JSON`;

/** What the engine may take of a stage, beside the executor's time and its own in the database. */
const ASKED_MS = 15;
const DRIVER = join(import.meta.dirname, "pipeline.driver.js");

export async function run(argv: readonly string[]): Promise<number> {
  const { help, json, ...asked } = options(argv);
  if (help) {
    print(HELP);
    return 0;
  }
  const figures = await withResources(async (keep) => {
    const home = await mkdtemp(join(tmpdir(), "throughline-bench-"));
    keep({ stop: () => rm(home, { recursive: true, force: true }) });
    const database = keep(await startEmbedded({ home, cache: cliConfig().cache, progress: say }));
    const address = { uri: database.uri, user: database.user, password: database.password };
    const graph = openGraph(address);
    await migrate(graph, await readMigrations(join(projectRoot, "migrations")));
    await graph.close();
    return measure({ ...asked, address, driverFile: DRIVER, progress: say });
  });
  const told = summary(figures, asked.kills);
  if (json) print(JSON.stringify(told));
  else tell(told);
  return told.kept ? 0 : 1;
}

function options(argv: readonly string[]) {
  const text = (otherwise: string) => ({ type: "string", default: otherwise }) as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...{ runs: text("1000"), kills: text("20"), alone: text("30"), "lease-ms": text("5000") },
        ...{ json: flag, help: flag },
      },
    });
    const whole = (name: "runs" | "kills" | "alone" | "lease-ms", least: number): number => {
      const value = Number(values[name].replaceAll(/[,_]/g, ""));
      if (!Number.isSafeInteger(value) || value < least)
        throw new Error(`--${name} takes a whole number from ${least}.`);
      return value;
    };
    const counts = { runs: whole("runs", 1), kills: whole("kills", 0), alone: whole("alone", 1) };
    return { ...counts, leaseMs: whole("lease-ms", 1_000), json: values.json, help: values.help };
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

export function summary({ overhead, stageTimes, ...figures }: PipelineFigures, kills: number) {
  const stages = [...new Set(overhead.map(({ stage }) => stage))].map((stage) => {
    const tries = stageTimes.filter((one) => one.stage === stage);
    const goes = overhead.filter((one) => one.stage === stage);
    const p = (q: number, of: readonly number[]) => quantile(of, q);
    return {
      stage,
      p50: p(
        0.5,
        tries.map((one) => one.ms),
      ),
      p95: p(
        0.95,
        tries.map((one) => one.ms),
      ),
      executorP50: p(
        0.5,
        tries.map((one) => one.executorMs),
      ),
      aloneP50: p(
        0.5,
        goes.map((one) => one.wholeMs),
      ),
      aloneDatabaseP50: p(
        0.5,
        goes.map((one) => one.databaseMs),
      ),
      aloneOursP50: p(
        0.5,
        goes.map((one) => one.ourMs),
      ),
      aloneOursP95: p(
        0.95,
        goes.map((one) => one.ourMs),
      ),
    };
  });
  const ours = overhead.map(({ ourMs }) => ourMs);
  const [p50, p95] = [quantile(ours, 0.5), quantile(ours, 0.95)];
  const mean = ours.reduce((sum, one) => sum + one, 0) / ours.length;
  return {
    ...figures,
    stages,
    overhead: { p50, p95, mean },
    kept: figures.faults.length === 0 && figures.kills === kills && p50 < ASKED_MS,
  };
}

function tell({ stages, overhead, faults, ...figures }: ReturnType<typeof summary>): void {
  print(
    `pipeline overhead p50 ${ms(overhead.p50)} ms p95 ${ms(overhead.p95)} ms mean ${ms(overhead.mean)} ms a stage, the p50 ${times(overhead.p50 / ASKED_MS)} of what is asked (under ${ASKED_MS} ms)`,
  );
  print(
    `${thousands(figures.runs)} runs in ${thousands(figures.seconds)} s, ${figures.kills} drivers killed: ${thousands(figures.done)} done with those one by one; ` +
      `${figures.begunAgain} stages begun again, ${figures.retried} tries failed, ${thousands(figures.goes)} goes of executors; ` +
      (faults.length === 0 ? "none lost, none doubled" : `${faults.length} FAULTS`),
  );
  for (const fault of faults.slice(0, 20)) print(`  ${fault}`);
  print("stage            p50       p95       executor   alone: whole, database, ours (p95)");
  for (const one of stages)
    print(
      `${one.stage.padEnd(15)} ${[one.p50, one.p95, one.executorP50].map((value) => `${thousands(value)} ms`.padEnd(9)).join(" ")}  ${ms(one.aloneP50)}, ${ms(one.aloneDatabaseP50)}, ${ms(one.aloneOursP50)} ms (${ms(one.aloneOursP95)})`,
    );
  if (figures.troubles.length > 0)
    print(`${figures.troubles.length} troubles: ${[...new Set(figures.troubles)].slice(0, 5).join("; ")}`);
}

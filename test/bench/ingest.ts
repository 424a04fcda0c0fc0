import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Driver } from "neo4j-driver";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { thousands, times } from "./figures.kit.js";
import { loadBare } from "./ingest.bare.js";
import { writeRows } from "./ingest.rows.js";
import { startInstallation, throughline, withResources, type Installation } from "./installation.kit.js";
import { openDriver } from "./lineage.raw.js";

const HELP = `bench ingest [--rows N] [--json]
\`import claims\` of N rows (50,000) over HTTP, against a bare batched UNWIND of the same rows into the same database.
  --rows N   1,000,000 is the long form
  --json     all figures as JSON`;

/** Parts of the rows that each side loads in turn, in alternating order, so that whatever else runs meets both alike. */
const PARTS = 4;
const WARM_UP_ROWS = 4_000;
const BARE_TENANT = "bare";
const COUNTED = ["Source", "Snapshot", "Body", "Fact", "Claim"] as const;

export async function run(argv: readonly string[]): Promise<void> {
  const { rows, json, help } = options(argv);
  if (help) return print(HELP);
  const figures = await withResources(async (keep) => {
    const folder = await mkdtemp(join(tmpdir(), "throughline-rows-"));
    keep({ stop: () => rm(folder, { recursive: true, force: true }) });
    const installation = keep(await startInstallation());
    const driver = openDriver(installation.database);
    keep({ stop: () => driver.close() });
    return measure(installation, driver, folder, rows);
  });
  if (json) return print(JSON.stringify(figures));
  print(`ingest ours ${thousands(figures.ours)} rows/s bare ${thousands(figures.bare)} rows/s ${times(figures.ratio)}`);
  print(
    `${thousands(figures.rows)} rows in ${PARTS} parts, taken in turns; equal nodes and edges on both sides: ${thousands(figures.nodes)} and ${thousands(figures.edges)}`,
  );
  print(
    `of that the database alone: bare ${thousands(figures.bareDatabase)} rows/s ${times(figures.ratioToDatabase)}; ours is counted from the command's start to its end`,
  );
  print(`peak resident memory: client ${thousands(figures.clientMb)} MB, server ${thousands(figures.serverMb)} MB`);
}

function options(argv: readonly string[]): { rows: number; json: boolean; help: boolean } {
  let values: { rows?: string | undefined; json?: boolean | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { rows: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    }));
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
  const rows = Number((values.rows ?? "50000").replaceAll(/[,_]/g, ""));
  if (!Number.isSafeInteger(rows) || rows < 400) throw usageError("--rows takes a whole number from 400.");
  return { rows, json: values.json === true, help: values.help === true };
}

async function measure(installation: Installation, driver: Driver, folder: string, wanted: number) {
  const spent = { ours: 0, bare: 0, bareDatabase: 0 };
  let clientMb = 0;
  let rows = 0;
  const warmUp = join(folder, "warm-up.jsonl");
  let { nextCase } = await writeRows(warmUp, WARM_UP_ROWS, 0);
  say("warming up");
  await loadOurs(installation, warmUp);
  await loadBare(driver, BARE_TENANT, warmUp);
  for (let part = 0; part < PARTS; part++) {
    const path = join(folder, `part-${part}.jsonl`);
    const written = await writeRows(path, wanted / PARTS, nextCase);
    nextCase = written.nextCase;
    rows += written.rows;
    const sides = {
      ours: async () => {
        const done = await loadOurs(installation, path);
        spent.ours += done.ms;
        clientMb = Math.max(clientMb, done.peakMb);
      },
      bare: async () => {
        const time = await loadBare(driver, BARE_TENANT, path);
        spent.bare += time.whole;
        spent.bareDatabase += time.database;
      },
    };
    for (const side of part % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const)) {
      say(`part ${part + 1} of ${PARTS}, ${side}`);
      await sides[side]();
    }
    await rm(path);
  }
  const [nodes, edges] = await compare(driver, installation.tenantId);
  const serverMb = (await peakMb(installation.serverPid)) ?? Number.NaN;
  const [ours, bare, bareDatabase] = [spent.ours, spent.bare, spent.bareDatabase].map((ms) => rows / (ms / 1000)) as [
    number,
    number,
    number,
  ];
  return {
    rows,
    ours,
    bare,
    ratio: ours / bare,
    bareDatabase,
    ratioToDatabase: ours / bareDatabase,
    clientMb,
    serverMb,
    nodes,
    edges,
  };
}

/** The real command, from its start to its end. */
async function loadOurs(installation: Installation, path: string): Promise<{ ms: number; peakMb: number }> {
  const began = performance.now();
  const child = throughline(installation.home, ["import", "claims", path, "--tenant", installation.tenantId]);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => said.push(chunk));
  let peak = 0;
  const watch = setInterval(() => {
    if (child.pid !== undefined) void peakMb(child.pid).then((mb) => (peak = Math.max(peak, mb ?? 0)));
  }, 250);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`import claims ended with code ${code}:\n${Buffer.concat(said).toString()}`);
  return { ms: performance.now() - began, peakMb: peak };
}

/** The most memory that a process ever held, in MB, where the system tells it. */
async function peakMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kb = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kb === undefined ? undefined : Number(kb) / 1024;
}

/** Nodes and edges of both sides, which must be as many. */
async function compare(driver: Driver, tenantId: string): Promise<[nodes: number, edges: number]> {
  const counts = async (tenant: string): Promise<[number, number]> => {
    let nodes = 0;
    let edges = 0;
    for (const label of COUNTED) {
      const found = await driver.executeQuery(
        `MATCH (n:${label} {tenantId: $tenant}) WHERE n.${label === "Body" ? "sha256" : "key"} > '' RETURN count(n) AS nodes, sum(COUNT { (n)-->() }) AS edges`,
        { tenant },
      );
      nodes += found.records[0]!.get("nodes") as number;
      edges += found.records[0]!.get("edges") as number;
    }
    return [nodes, edges];
  };
  const [ours, bare] = [await counts(tenantId), await counts(BARE_TENANT)];
  if (ours.join() !== bare.join())
    throw new Error(`the sides differ: ours ${ours.join(" nodes, ")} edges, bare ${bare.join(" nodes, ")} edges`);
  return ours;
}

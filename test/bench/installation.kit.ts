import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRun, type Run } from "../../server/cli/run-file.js";
import { projectRoot } from "../../server/cli/project.js";
import { DEMO_TENANT } from "../../server/cli/sign-in.js";
import { storePaths, USER } from "../../server/graph/embedded/store.js";
import type { GraphOptions } from "../../server/graph/graph.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";

/** A whole installation, as `./throughline up --empty` makes it: server and database are processes of their own. */
export interface Installation {
  readonly home: string;
  readonly tenantId: string;
  readonly url: string;
  readonly database: GraphOptions & { readonly password: string };
  readonly serverPid: number;
  readonly databasePid: number | undefined;
  /** Of an operator, who may read and import. */
  readonly token: string;
  stop(): Promise<void>;
}

const START_MS = 300_000;

/** The command line on a home, with nothing of this process's database settings. */
export function throughline(home: string, args: readonly string[]): ChildProcess {
  const node = [process.execPath, "--enable-source-maps", "--heap-growing-percent=50"];
  const program = [...node, join(projectRoot, "dist/server/cli/main.js"), ...args];
  // `env` becomes the program it starts, so that the child's pid is the program's.
  const settings = ["-u", "NEO4J_URI", `THROUGHLINE_HOME=${home}`, "THROUGHLINE_REGION=local"];
  return spawn("env", [...settings, ...program], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Starts an installation in `home`, which is kept, or in a folder of its own, which goes with it. */
export async function startInstallation(home?: string): Promise<Installation> {
  const folder = home ?? (await mkdtemp(join(tmpdir(), "throughline-bench-")));
  const child = throughline(folder, ["up", "--empty"]);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
    if (home === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const run = await ready(folder, child, said);
    const keys = await loadOrCreateKeys(folder);
    const operator = { actor: "bench", name: "Bench", tenantId: DEMO_TENANT, roles: ["operator"] as const };
    const password = (await readFile(storePaths(folder).passwordFile, "utf8")).trim();
    return {
      home: folder,
      tenantId: DEMO_TENANT,
      url: run.url,
      database: { uri: run.bolt, user: USER, password },
      serverPid: run.pid,
      databasePid: run.databasePid,
      token: await issueToken(keys, { ...operator, region: "local" }, 12 * 3_600),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(home: string, child: ChildProcess, said: readonly string[]): Promise<Run> {
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(100)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const run = await readRun(home);
    if (run?.ready === true) return run;
  }
  throw new Error(`the installation didn't start:\n${said.join("")}`);
}

/** Runs `work` with what it starts, and stops that however the work ends, a signal included. */
export async function withResources<T>(
  work: (keep: <R extends { stop(): Promise<void> }>(resource: R) => R) => Promise<T>,
): Promise<T> {
  const kept: { stop(): Promise<void> }[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = (): Promise<void> =>
    (stopping ??= (async () => {
      for (const resource of kept.reverse()) await resource.stop().catch(() => {});
    })());
  const onSignal = (): void => void stopAll().then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  try {
    return await work((resource) => {
      kept.push(resource);
      return resource;
    });
  } finally {
    await stopAll();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
  }
}

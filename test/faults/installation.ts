import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { commandLine, isAlive, signal, sleep } from "../../server/graph/embedded/processes.js";

const run = promisify(execFile);
const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "throughline");

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Foreground {
  readonly process: ChildProcess;
  readonly ended: Promise<Answer>;
  /** Resolves when it has printed where it is. */
  readonly ready: Promise<void>;
}

/** A home of its own, with the real script on it, as a user has it. */
export class Installation {
  private constructor(
    readonly home: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async create(environment: Readonly<Record<string, string>> = {}): Promise<Installation> {
    return new Installation(await mkdtemp(join(tmpdir(), "throughline-faults-")), environment);
  }

  /** Runs one command to its end, from a folder that isn't the checkout. */
  cli(...args: string[]): Promise<Answer> {
    return this.#start(args).ended;
  }

  /** Starts `up` in the foreground, as at a terminal. */
  up(...args: string[]): Foreground {
    return this.#start(["up", "--empty", ...args]);
  }

  async status(): Promise<{ url: string | null; pid: number | null; bolt: string | null; ready: boolean }> {
    const { stdout } = await this.cli("status", "--json");
    return JSON.parse(stdout) as Awaited<ReturnType<Installation["status"]>>;
  }

  async tenants(): Promise<string[]> {
    const { stdout, stderr, code } = await this.cli("tenant", "list", "--json");
    if (code !== 0) throw new Error(stderr);
    return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
  }

  /** The processes that the database's record names. */
  async database(): Promise<{ pid: number; watchdog: number }> {
    return JSON.parse(await readFile(join(this.home, "neo4j", "process.json"), "utf8")) as {
      pid: number;
      watchdog: number;
    };
  }

  /** Every process of this machine whose command line or environment names this home. */
  async processes(): Promise<number[]> {
    const { stdout } = await run("ps", ["-A", "-o", "pid="]);
    const named = await Promise.all(
      stdout
        .split("\n")
        .map((line) => Number(line.trim()))
        .filter((pid) => pid > 0 && pid !== process.pid)
        .map(async (pid) => ((await this.#isNamed(pid)) && (await isAlive(pid)) ? [pid] : [])),
    );
    return named.flat();
  }

  async #isNamed(pid: number): Promise<boolean> {
    if ((await commandLine(pid))?.includes(this.home) === true) return true;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    return environment.split("\0").includes(`THROUGHLINE_HOME=${this.home}`);
  }

  /** Waits until nothing of this home runs any more. */
  async quiet(withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      if ((await this.processes()).length === 0) return true;
      await sleep(100);
    }
    return false;
  }

  /** What is left of a run once it has ended. */
  async leftovers(): Promise<string[]> {
    const names = await readdir(this.home);
    return names.filter((name) => name === "run.json" || name.endsWith(".lock") || name === "seeding");
  }

  async remove(): Promise<void> {
    await this.cli("down");
    for (const pid of await this.processes()) signal(pid, "SIGKILL");
    await this.quiet(5_000);
    await rm(this.home, { recursive: true, force: true });
  }

  #start(args: readonly string[]): Foreground {
    const environment = { NEO4J_URI: "", ...this.environment, THROUGHLINE_HOME: this.home };
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    // Its own process group, so that a Ctrl-C can be sent to all of it, as a terminal does.
    const child = spawn("env", [...variables, SCRIPT, ...args], {
      cwd: tmpdir(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    const ready = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        text.stdout += chunk.toString();
        if (text.stdout.includes("Throughline is at ")) resolve();
      });
    });
    child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk.toString()));
    const ended = new Promise<Answer>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, ...text }));
    });
    const early = ended.then(({ code, stdout, stderr }) => {
      if (!stdout.includes("Throughline is at ")) throw new Error(`ended with ${code} before it was ready: ${stderr}`);
    });
    const readyOrEnded = Promise.race([ready, early]);
    // Most commands end without ever being "ready", and nobody waits for it.
    readyOrEnded.catch(() => undefined);
    return { process: child, ended, ready: readyOrEnded };
  }
}

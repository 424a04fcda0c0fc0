import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether a process with this id exists and isn't merely waiting to be reaped. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  const stat = await procStat(pid);
  return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
}

/** The arguments of a process joined by spaces; undefined when there is no such process. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return text === "" ? undefined : text.replaceAll("\0", " ").trim();
  }
  return ps(pid, "args=");
}

/**
 * A text that differs for two processes that get the same id one after the other: when it started.
 * Undefined when there is no such process.
 */
export async function startedAt(pid: number): Promise<string | undefined> {
  const stat = await procStat(pid);
  if (stat !== undefined) return stat.startTicks;
  return process.platform === "linux" ? undefined : ps(pid, "lstart=");
}

/** Sends SIGTERM, and SIGKILL when that didn't help within `graceMs`. Resolves once the process is gone. */
export async function terminate(pid: number, graceMs: number): Promise<void> {
  signal(pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) signal(pid, "SIGKILL");
    await sleep(50);
    if (Date.now() > deadline + 10_000) throw new Error(`process ${pid} doesn't end, not even by SIGKILL`);
  }
}

export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

async function procStat(pid: number): Promise<{ state: string; startTicks: string } | undefined> {
  if (process.platform !== "linux") return undefined;
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // The name in parentheses may hold anything, spaces and parentheses too; the fields that follow it are plain.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", startTicks: fields[19] ?? "" };
}

async function ps(pid: number, format: string): Promise<string | undefined> {
  const answer = await run("ps", ["-o", format, "-p", String(pid)]).catch(() => undefined);
  const text = answer?.stdout.trim() ?? "";
  return text === "" ? undefined : text;
}

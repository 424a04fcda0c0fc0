import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { errno } from "./problem.js";
import { isAlive, sleep, startedAt } from "./processes.js";

export interface Owner {
  readonly pid: number;
  /** When that process started, so that a later process with the same id isn't taken for it. */
  readonly started: string;
}

export interface OwnerLock {
  release(): Promise<void>;
}

/** Somebody alive holds the lock. */
export class HeldError extends Error {
  constructor(readonly owner: Owner) {
    super(`held by process ${owner.pid}`);
    this.name = "HeldError";
  }
}

/**
 * Takes a lock file for the life of this process. A file whose process is gone, by a crash or kill -9, is no lock.
 * Throws HeldError when its owner is alive.
 */
export async function takeLock(path: string): Promise<OwnerLock> {
  await mkdir(dirname(path), { recursive: true });
  const me: Owner = { pid: process.pid, started: (await startedAt(process.pid)) ?? "" };
  for (let attempt = 0; ; attempt += 1) {
    if (await create(path, me)) {
      return {
        release: async () => {
          if (same(await read(path), me)) await rm(path, { force: true });
        },
      };
    }
    const owner = await read(path);
    if (owner !== undefined && (await isOwnerAlive(owner))) throw new HeldError(owner);
    if (attempt > 500) throw new Error(`can't take the lock ${path}`);
    await removeStale(path);
  }
}

/** As takeLock, but waits for a live owner to let go. */
export async function waitForLock(path: string, onWait: (owner: Owner) => void): Promise<OwnerLock> {
  for (let said = false; ; said = true) {
    try {
      return await takeLock(path);
    } catch (error) {
      if (!(error instanceof HeldError)) throw error;
      if (!said) onWait(error.owner);
      await sleep(250);
    }
  }
}

/** Who holds the lock and is alive. */
export async function lockOwner(path: string): Promise<Owner | undefined> {
  const owner = await read(path);
  return owner !== undefined && (await isOwnerAlive(owner)) ? owner : undefined;
}

// Written aside and then linked, so that the file is never seen half written.
async function create(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeFile(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errno(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function read(path: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value !== "object" || value === null || !("pid" in value) || !("started" in value)) return undefined;
    return typeof value.pid === "number" && typeof value.started === "string"
      ? { pid: value.pid, started: value.started }
      : undefined;
  } catch {
    return undefined;
  }
}

const same = (a: Owner | undefined, b: Owner | undefined): boolean => a?.pid === b?.pid && a?.started === b?.started;

async function isOwnerAlive(owner: Owner): Promise<boolean> {
  return (await isAlive(owner.pid)) && (await startedAt(owner.pid)) === owner.started;
}

/** A breaker that was killed in the middle holds nobody up for longer. */
const BREAKER_MS = 10_000;

// One at a time looks again and removes: a stale file can't be replaced while it stands, so what is removed is what was judged.
async function removeStale(path: string): Promise<void> {
  const breaker = `${path}.breaking`;
  try {
    await mkdir(breaker);
  } catch (error) {
    if (errno(error) !== "EEXIST") throw error;
    const since = await stat(breaker).catch(() => undefined);
    if (since !== undefined && Date.now() - since.mtimeMs > BREAKER_MS)
      await rm(breaker, { recursive: true, force: true });
    await sleep(10);
    return;
  }
  try {
    if ((await stat(path).catch(() => undefined)) === undefined) return;
    const owner = await read(path);
    if (owner === undefined || !(await isOwnerAlive(owner))) await rm(path, { force: true });
  } finally {
    await rm(breaker, { recursive: true, force: true });
  }
}

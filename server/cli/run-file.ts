import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { lockOwner } from "../graph/embedded/owner-lock.js";

const runShape = z.object({
  url: z.string(),
  graphql: z.string(),
  bolt: z.string(),
  pid: z.number(),
  ready: z.boolean(),
  /** The embedded database's process, where there is one. */
  databasePid: z.number().optional(),
});

/** What runs in a home, written while it does. */
export type Run = z.infer<typeof runShape>;

const runPath = (home: string): string => join(home, "run.json");
/** Held by the `up` of a home for as long as it lives. */
export const upLockPath = (home: string): string => join(home, "up.lock");

export async function writeRun(home: string, run: Run): Promise<void> {
  await mkdir(home, { recursive: true });
  const draft = `${runPath(home)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(run)}\n`, { mode: 0o600 });
  await rename(draft, runPath(home));
}

export const removeRun = (home: string): Promise<void> => rm(runPath(home), { force: true });

/** The process that holds a home, whether it is still starting or ready. */
export async function upPid(home: string): Promise<number | undefined> {
  return (await lockOwner(upLockPath(home)))?.pid;
}

/** What runs in a home. A file that a crash has left behind counts for nothing. */
export async function readRun(home: string): Promise<Run | undefined> {
  const pid = await upPid(home);
  if (pid === undefined) return undefined;
  const text = await readFile(runPath(home), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const run = runShape.parse(JSON.parse(text));
    return run.pid === pid ? run : undefined;
  } catch {
    return undefined;
  }
}

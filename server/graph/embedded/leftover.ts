import { readFile, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { removeContainer } from "./docker.js";
import { commandLine, terminate } from "./processes.js";
import type { StorePaths } from "./store.js";

const recordShape = z.object({
  kind: z.enum(["java", "docker"]),
  pid: z.number(),
  watchdog: z.number(),
  port: z.number(),
  version: z.string(),
});

/** What runs the database of a home, written as soon as it exists, so that a later start can end what a crash has left. */
export type ProcessRecord = z.infer<typeof recordShape>;

export async function readRecord(paths: StorePaths): Promise<ProcessRecord | undefined> {
  const text = await readFile(paths.record, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return recordShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export const writeRecord = (paths: StorePaths, record: ProcessRecord): Promise<void> =>
  writeFile(paths.record, JSON.stringify(record));
export const removeRecord = (paths: StorePaths): Promise<void> => rm(paths.record, { force: true });

/** The argument that ties a server process to its home, and to no other. */
export const homeArgument = (paths: StorePaths): string => `--home-dir=${paths.root}`;

/**
 * Ends the server that a dead run has left behind. The caller holds the home's lock, so the one who started it is gone;
 * a process that merely got the same id is known by its command line and left alone.
 */
export async function stopLeftover(paths: StorePaths, graceMs: number): Promise<boolean> {
  const record = await readRecord(paths);
  if (record === undefined) return false;
  let found = false;
  if (record.kind === "docker") {
    await removeContainer(paths);
    found = true;
  } else if (isOurs(await commandLine(record.pid), paths)) {
    found = true;
    await terminate(record.pid, graceMs);
  }
  await removeRecord(paths);
  return found;
}

/** Whether a command line is that of the server of this home. */
export function isOurs(line: string | undefined, paths: StorePaths): boolean {
  return line !== undefined && `${line} `.includes(`${homeArgument(paths)} `) && line.includes("org.neo4j.");
}

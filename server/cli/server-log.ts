import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { destination, pino, type Logger } from "pino";
import type { Config } from "../config.js";

const LIMIT_BYTES = 20e6;

/**
 * The server's log, a line of JSON each. At a terminal, where lines of JSON would bury what a person reads, and in the
 * background it goes to the home's logs; elsewhere, as under a supervisor, to standard error.
 */
export async function openLog(config: Config): Promise<Logger> {
  const inHome = process.stderr.isTTY || process.send !== undefined;
  if (!inHome) return pino({ level: config.logLevel }, destination({ dest: 2, sync: false }));
  const path = join(config.home, "logs", "server.log");
  await mkdir(join(config.home, "logs"), { recursive: true });
  // One older file is kept, so that a home that runs for months doesn't fill its disk.
  if (((await stat(path).catch(() => undefined))?.size ?? 0) > LIMIT_BYTES) await rename(path, `${path}.1`);
  return pino({ level: config.logLevel }, destination({ dest: path, sync: false, mode: 0o600 }));
}

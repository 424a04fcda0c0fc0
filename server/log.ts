import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pino, { type Logger } from "pino";
import type { Config } from "./config.js";

/** The server's log: JSON lines in the home's `logs/server.log`, so that standard output stays for results. */
export function createLog({ home, logLevel }: Pick<Config, "home" | "logLevel">): Logger {
  const folder = join(home, "logs");
  mkdirSync(folder, { recursive: true });
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["req.headers.authorization", "req.headers.cookie"],
    },
    pino.destination({ dest: join(folder, "server.log"), mkdir: true, sync: false }),
  );
}

import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errno } from "../graph/embedded/problem.js";
import { CliError, EXIT } from "./exit.js";

/** Under another name until it is whole, so that nobody ever finds half of it. */
export async function saveWhole(body: Readable, path: string): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await pipeline(body, createWriteStream(partial, { flags: "wx", mode: 0o600 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const code = errno(error);
    if (code === undefined || code === "ENOSPC" || code === "ECONNRESET") throw error;
    throw new CliError(`${path} can't be written (${code}).`, EXIT.usage, { cause: error });
  }
}

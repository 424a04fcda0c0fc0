import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { secretName, type SecretsProvider } from "./secrets.js";

/** Longest secret, in bytes: a key or a password, never a file that was mounted by mistake. */
const MAX_BYTES = 16_384;

/**
 * One file for each secret, as container platforms and the agents of secret managers mount them. Files are read anew each
 * time: the platform swaps them under a running process. A line end behind the value isn't part of it.
 */
export const folderSecrets = (folder: string): SecretsProvider => ({
  async get(name) {
    const text = await readFile(join(folder, secretName(name)), "utf8").catch((error: NodeJS.ErrnoException) =>
      // Told by name and code alone: what a file holds has no place in an error.
      error.code === "ENOENT" ? null : Promise.reject(new Error(`the secret ${name} can't be read: ${error.code}`)),
    );
    if (text === null) return null;
    if (Buffer.byteLength(text) > MAX_BYTES) throw new Error(`the secret ${name} is longer than ${MAX_BYTES} bytes`);
    const value = text.replace(/\r?\n$/, "");
    return value === "" ? null : value;
  },
});

import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EmbeddedError } from "./problem.js";
import type { Release } from "./releases.js";

/** Where the embedded database keeps its things inside a home. */
export interface StorePaths {
  readonly home: string;
  readonly root: string;
  readonly conf: string;
  readonly logs: string;
  readonly marker: string;
  readonly record: string;
  readonly lock: string;
  readonly passwordFile: string;
  readonly consoleLog: string;
}

export function storePaths(home: string): StorePaths {
  const root = join(home, "neo4j");
  return {
    home,
    root,
    conf: join(root, "conf"),
    logs: join(root, "logs"),
    marker: join(root, ".throughline-store"),
    record: join(root, "process.json"),
    lock: join(home, "database.lock"),
    passwordFile: join(home, "keys", "neo4j-password"),
    consoleLog: join(root, "logs", "console.log"),
  };
}

export const USER = "neo4j";

const markerShape = z.object({ version: z.string(), createdAt: z.string() });

/** Where the server puts its data: a release number's part before the last dot decides whether a store fits. */
const line = (version: string): string => version.split(".").slice(0, 2).join(".");

/** Makes the store's folder ours, or checks that it is. Throws before anything foreign is touched. */
export async function claimStore(paths: StorePaths, release: Release): Promise<void> {
  await mkdir(paths.home, { recursive: true });
  const present = await readdir(paths.root).catch(() => []);
  const marker = await readFile(paths.marker, "utf8").catch(() => undefined);
  if (marker === undefined) {
    if (present.length > 0) {
      throw new EmbeddedError(
        "store",
        `${paths.root} holds files that Throughline didn't make, so it stays untouched; move it away or set THROUGHLINE_HOME to another folder.`,
      );
    }
  } else {
    const parsed = markerShape.safeParse(parseJson(marker));
    if (!parsed.success)
      throw new EmbeddedError(
        "store",
        `${paths.marker} can't be read; restore it from a backup, or remove this home with \`./throughline down --purge\`.`,
      );
    if (line(parsed.data.version) !== line(release.version)) {
      throw new EmbeddedError(
        "store",
        `The store in ${paths.root} was made by Neo4j ${parsed.data.version} and this is ${release.version}; set THROUGHLINE_HOME to another folder.`,
      );
    }
  }
  await checkDisk(paths, marker === undefined);
  // What studios keep to themselves is in there, unencrypted.
  await mkdir(paths.root, { recursive: true, mode: 0o700 });
  await Promise.all([mkdir(paths.conf, { recursive: true }), mkdir(paths.logs, { recursive: true })]);
  if (marker === undefined)
    await writeFile(paths.marker, JSON.stringify({ version: release.version, createdAt: new Date().toISOString() }));
}

/** Whether the database has run here before, so that its password is set for good. */
export async function hasDatabase(paths: StorePaths): Promise<boolean> {
  return (await stat(join(paths.root, "data", "databases", "system")).catch(() => undefined)) !== undefined;
}

/** The password of this home, made on first use. */
export async function storePassword(paths: StorePaths): Promise<string> {
  const known = (await readFile(paths.passwordFile, "utf8").catch(() => "")).trim();
  if (known !== "") return known;
  if (await hasDatabase(paths)) {
    throw new EmbeddedError(
      "password",
      `${paths.passwordFile} is missing, and without it the store doesn't open; restore that file, or remove this home with \`./throughline down --purge\`.`,
    );
  }
  const keys = join(paths.home, "keys");
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await chmod(keys, 0o700);
  const password = randomBytes(24).toString("hex");
  const draft = `${paths.passwordFile}.${process.pid}`;
  await writeFile(draft, `${password}\n`, { mode: 0o600 });
  await rename(draft, paths.passwordFile);
  return password;
}

// The server's transaction log alone takes two files of 256 MB when a store is made.
const FIRST_START_BYTES = 800e6;
const LATER_START_BYTES = 100e6;

async function checkDisk(paths: StorePaths, first: boolean): Promise<void> {
  const { bavail, bsize } = await statfs(paths.home);
  const needed = first ? FIRST_START_BYTES : LATER_START_BYTES;
  if (bavail * bsize >= needed) return;
  throw new EmbeddedError(
    "disk",
    `The disk of ${paths.home} has ${Math.floor((bavail * bsize) / 1e6)} MB free and the database needs ${needed / 1e6} MB; make room or set THROUGHLINE_HOME to another disk.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

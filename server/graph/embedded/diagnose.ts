import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddedError } from "./problem.js";
import type { Release } from "./releases.js";
import type { StorePaths } from "./store.js";

type Sign = readonly [pattern: RegExp, explain: (paths: StorePaths, release: Release) => EmbeddedError];

const SIGNS: readonly Sign[] = [
  [
    /Address already in use|BindException/,
    () => new EmbeddedError("port", "The port chosen for the database was taken in the same moment; start again."),
  ],
  [
    /No space left on device/,
    (paths) => new EmbeddedError("disk", `The disk of ${paths.home} is full; make room and start again.`),
  ],
  [
    /StoreLock|Lock file has been locked|already in use by another process/,
    (paths) =>
      new EmbeddedError(
        "running",
        `Another process holds the store in ${paths.root}; stop it (see \`./throughline status\`) and start again.`,
      ),
  ],
  [
    /UnsupportedClassVersionError|Unrecognized (VM )?option|Unknown module/,
    (_paths, release) =>
      new EmbeddedError(
        "java",
        `This Java can't run Neo4j ${release.version}; install ${release.java.text} and start again.`,
      ),
  ],
  [
    /ClassNotFoundException|NoClassDefFoundError|Could not find or load main class|ZipException|Error opening zip file/,
    (_paths, release) =>
      new EmbeddedError(
        "cache",
        `The copy of Neo4j ${release.version} in the cache is damaged; run \`./throughline doctor\`, remove the folder that it names, and start again.`,
      ),
  ],
  [
    /insufficient memory for the Java Runtime|Could not reserve enough space|Cannot allocate memory|OutOfMemoryError/,
    () =>
      new EmbeddedError(
        "memory",
        "There isn't enough free memory for the database (about 1.5 GB); end other programs and start again.",
      ),
  ],
];

/** Why the server ended or never answered, from what it wrote. */
export async function diagnose(paths: StorePaths, release: Release, otherwise: string): Promise<EmbeddedError> {
  const texts = await Promise.all([tail(paths.consoleLog), tail(join(paths.logs, "neo4j.log"))]);
  const text = texts.join("\n");
  for (const [pattern, explain] of SIGNS) if (pattern.test(text)) return explain(paths, release);
  const last = text
    .split("\n")
    .findLast((line) => /ERROR|Caused by|Exception|Error:/.test(line) && !/^\s*at /.test(line));
  return new EmbeddedError(
    "start",
    `${otherwise}${last === undefined ? "" : ` ("${last.trim().slice(0, 200)}")`}; its log is ${paths.consoleLog}.`,
  );
}

async function tail(path: string): Promise<string> {
  return (await readFile(path, "utf8").catch(() => "")).slice(-20_000);
}

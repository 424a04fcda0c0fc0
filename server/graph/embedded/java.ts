import { execFile } from "node:child_process";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Release } from "./releases.js";

const run = promisify(execFile);

export interface Java {
  readonly command: string;
  readonly major: number;
  /** As the installation calls itself, such as 17.0.15. */
  readonly version: string;
}

// Where package managers and version managers put Java; each `*` stands for one folder name.
const PLACES = [
  "/usr/lib/jvm/*/bin/java",
  "/usr/java/*/bin/java",
  "/opt/java/*/bin/java",
  "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
  "/opt/homebrew/opt/openjdk@*/bin/java",
  join(homedir(), ".sdkman/candidates/java/*/bin/java"),
  join(homedir(), ".local/share/mise/installs/java/*/bin/java"),
  join(homedir(), ".jdks/*/bin/java"),
];

/** Every Java of this machine: the preferred home, then the one on the PATH, then those in the usual places. */
export async function findJavas(javaHome?: string): Promise<Java[]> {
  const onPath = await which("java");
  const candidates = [
    ...(javaHome === undefined ? [] : [join(javaHome, "bin/java")]),
    ...(onPath === undefined ? [] : [onPath]),
    ...(await Promise.all(PLACES.map(expand))).flat(),
  ];
  const found = new Map<string, Java>();
  for (const candidate of candidates) {
    const command = await realpath(candidate).catch(() => undefined);
    if (command === undefined || found.has(command)) continue;
    const version = await versionOf(command);
    if (version !== undefined) found.set(command, { command, version, major: majorOf(version) });
  }
  return [...found.values()];
}

/** The first that the release supports. */
export const suitable = (javas: readonly Java[], release: Release): Java | undefined =>
  javas.find((java) => java.major >= release.java.min && java.major <= release.java.max);

/** 17 for "17.0.15", 8 for "1.8.0_392". */
export function majorOf(version: string): number {
  const [first = "0", second = "0"] = version.split(/[._+-]/);
  return Number(first === "1" ? second : first);
}

/** The full path of a command on the PATH. */
export async function which(command: string): Promise<string | undefined> {
  const answer = await run("sh", ["-c", 'command -v "$1"', "sh", command]).catch(() => undefined);
  const path = answer?.stdout.trim() ?? "";
  return path === "" ? undefined : path;
}

async function versionOf(command: string): Promise<string | undefined> {
  // Reading the installation's own note spares the tenth of a second that asking it costs at every start.
  const note = await readFile(join(dirname(dirname(command)), "release"), "utf8").catch(() => "");
  const noted = /^JAVA_VERSION="([^"]+)"/m.exec(note)?.[1];
  if (noted !== undefined) return noted;
  const answer = await run(command, ["-version"], { timeout: 20_000 }).catch(() => undefined);
  return /version "([^"]+)"/.exec(`${answer?.stderr ?? ""}${answer?.stdout ?? ""}`)?.[1];
}

async function expand(pattern: string): Promise<string[]> {
  const [before = "", after = ""] = pattern.split("*");
  const folder = before.endsWith("/") ? before : dirname(before);
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name)).filter((path) => path.startsWith(before));
  const commands = await Promise.all(
    paths.map(async (path) => {
      const command = path + after;
      return (await stat(command).catch(() => undefined))?.isFile() === true ? [command] : [];
    }),
  );
  return commands.flat();
}

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { which } from "./java.js";
import type { Release } from "./releases.js";
import type { Memory } from "./settings.js";
import { USER, type StorePaths } from "./store.js";

const run = promisify(execFile);

/** Whether Docker is installed and its daemon answers us. */
export async function dockerRuns(): Promise<boolean> {
  if ((await which("docker")) === undefined) return false;
  return run("docker", ["info", "--format", "{{.ServerVersion}}"], { timeout: 10_000 }).then(
    ({ stdout }) => stdout.trim() !== "",
    () => false,
  );
}

/** One name for each home, so that two homes never share a container and a leftover is found again. */
export const containerName = (paths: StorePaths): string =>
  `throughline-${createHash("sha256").update(paths.root).digest("hex").slice(0, 12)}`;

/** Removes the container that a run which died has left. */
export async function removeContainer(paths: StorePaths): Promise<void> {
  await run("docker", ["rm", "--force", containerName(paths)], { timeout: 60_000 }).catch(() => undefined);
}

export interface DockerCommand {
  readonly command: readonly string[];
  /** Shell text: killing Docker's client by force leaves the container, so it is removed afterwards. */
  readonly after: string;
}

/** The command that runs the database in the foreground, stopped by SIGTERM like a process of our own. */
export async function dockerCommand(
  paths: StorePaths,
  release: Release,
  options: { port: number; memory: Memory; password: string },
): Promise<DockerCommand> {
  const name = containerName(paths);
  const data = join(paths.root, "data");
  await mkdir(data, { recursive: true });
  // In a file, because everybody on the machine can read a command line.
  const environment = join(paths.home, "keys", "docker.env");
  await writeFile(environment, dockerEnvironment(options), { mode: 0o600 });
  const user =
    process.getuid === undefined || process.getgid === undefined
      ? []
      : ["--user", `${process.getuid()}:${process.getgid()}`];
  return {
    command: [
      "docker",
      "run",
      "--rm",
      "--name",
      name,
      "--publish",
      `127.0.0.1:${options.port}:7687`,
      "--volume",
      `${data}:/data`,
      "--env-file",
      environment,
      ...user,
      `neo4j:${release.version}-community`,
    ],
    after: `docker rm --force ${name}`,
  };
}

export function dockerEnvironment(options: { port: number; memory: Memory; password: string }): string {
  return [
    `NEO4J_AUTH=${USER}/${options.password}`,
    `NEO4J_server_bolt_advertised__address=127.0.0.1:${options.port}`,
    "NEO4J_server_http_enabled=false",
    "NEO4J_dbms_usage__report_enabled=false",
    `NEO4J_server_memory_heap_max__size=${options.memory.heapMb}m`,
    `NEO4J_server_memory_pagecache_size=${options.memory.pageCacheMb}m`,
    "",
  ].join("\n");
}

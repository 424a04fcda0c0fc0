import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Java } from "./java.js";
import { homeArgument } from "./leftover.js";
import { EmbeddedError } from "./problem.js";
import type { Release } from "./releases.js";
import { neo4jConf, type Memory } from "./settings.js";
import type { StorePaths } from "./store.js";

const run = promisify(execFile);

/** A server that can be run: which one, by which Java, from which folder of jars. */
export interface JavaServer {
  readonly release: Release;
  readonly java: Java;
  readonly lib: string;
}

/** Writes the settings and answers the command that runs the server of a home. */
export async function javaCommand(
  paths: StorePaths,
  server: JavaServer,
  settings: { port: number; memory: Memory; jvmOptions: readonly string[] },
): Promise<{ command: string[] }> {
  await mkdir(paths.conf, { recursive: true });
  await writeFile(join(paths.conf, "neo4j.conf"), neo4jConf(settings));
  return {
    command: [
      server.java.command,
      `-Xms${Math.min(settings.memory.heapMb, 256)}m`,
      `-Xmx${settings.memory.heapMb}m`,
      ...server.release.jvmOptions,
      ...settings.jvmOptions,
      "-cp",
      join(server.lib, "*"),
      server.release.mainClass,
      homeArgument(paths),
      `--config-dir=${paths.conf}`,
    ],
  };
}

/** Sets the password that a store's database takes over when it starts for the first time. */
export async function setInitialPassword(paths: StorePaths, server: JavaServer, password: string): Promise<void> {
  // By an argument file, because everybody on the machine can read a command line.
  const file = join(paths.home, "keys", "initial-password");
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  await writeFile(join(paths.conf, "neo4j.conf"), "dbms.usage_report.enabled=false\n");
  try {
    await run(
      server.java.command,
      [
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        join(server.lib, "*"),
        "org.neo4j.cli.AdminTool",
        "dbms",
        "set-initial-password",
        `@${file}`,
      ],
      { cwd: paths.root, env: { NEO4J_HOME: paths.root, NEO4J_CONF: paths.conf }, timeout: 60_000 },
    );
  } catch (error) {
    throw new EmbeddedError(
      "start",
      `The database's password couldn't be set (${firstLine(error)}); run \`./throughline doctor\`.`,
      { cause: error },
    );
  } finally {
    await rm(file, { force: true });
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n").find((line) => line.trim() !== "") ?? "";

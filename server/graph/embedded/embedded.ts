import { diagnose } from "./diagnose.js";
import { dockerCommand, dockerRuns } from "./docker.js";
import { findJavas, suitable, which, type Java } from "./java.js";
import { javaCommand, setInitialPassword, type JavaServer } from "./java-server.js";
import { removeRecord, stopLeftover, writeRecord } from "./leftover.js";
import { awaitLogin } from "./login.js";
import { HeldError, takeLock } from "./owner-lock.js";
import { freePort } from "./port.js";
import { EmbeddedError } from "./problem.js";
import { RELEASES, type Release } from "./releases.js";
import { cachedServer, provideServer } from "./server-files.js";
import { defaultMemory, type Memory } from "./settings.js";
import { classArchiveOptions } from "./class-archive.js";
import { claimStore, hasDatabase, storePassword, storePaths, USER, type StorePaths } from "./store.js";
import { guard, type Exit, type Guarded } from "./watchdog.js";

export interface EmbeddedOptions {
  readonly home: string;
  readonly cache: string;
  /** What a person at a terminal should know of what takes long. */
  readonly progress: (text: string) => void;
  /** What only a log needs. */
  readonly log?: (text: string) => void;
  readonly release?: Release;
  readonly memory?: Memory;
  /** The Java to prefer over the one on the PATH. */
  readonly javaHome?: string;
  readonly startTimeoutMs?: number;
  /** False: don't prepare for fast starts, for a server that is started once. */
  readonly classArchive?: boolean;
  /** Gives the start up, and leaves nothing running. */
  readonly signal?: AbortSignal;
}

export interface EmbeddedDatabase {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
  /** The server's own process (with Docker, that of Docker's client). */
  readonly pid: number;
  readonly version: string;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

/** A checkpoint of a big store takes its time; beyond this the recovery at the next start takes over. */
const GRACE_SECONDS = 30;
const START_TIMEOUT_MS = 300_000;
const PORT_ATTEMPTS = 3;

type Runner = { readonly kind: "java"; readonly server: JavaServer } | { readonly kind: "docker" };

/** Starts the database of a home and resolves when it has answered to our login. Throws an EmbeddedError that says what to do. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const release = options.release ?? RELEASES.lts;
  const paths = storePaths(options.home);
  const lock = await takeLock(paths.lock).catch((error: unknown) => {
    if (!(error instanceof HeldError)) throw error;
    throw new EmbeddedError(
      "running",
      `The database of ${paths.home} is already run by process ${error.owner.pid}; stop it with \`./throughline down\`, or set THROUGHLINE_HOME to another folder.`,
    );
  });
  try {
    if (await stopLeftover(paths, GRACE_SECONDS * 1000))
      options.progress("stopped a database that an earlier run had left behind");
    await claimStore(paths, release);
    const runner = await chooseRunner(release, options);
    const password = await storePassword(paths);
    if (runner.kind === "java" && !(await hasDatabase(paths))) await setInitialPassword(paths, runner.server, password);
    const started = await startOnFreePort(paths, release, runner, password, options);
    const exited = started.guarded.exited.then(async (exit) => {
      await removeRecord(paths);
      await lock.release();
      return exit;
    });
    return {
      uri: `bolt://127.0.0.1:${started.port}`,
      user: USER,
      password,
      pid: started.guarded.pid,
      version: release.version,
      exited,
      stop: async () => {
        await started.guarded.stop();
        await exited;
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function chooseRunner(release: Release, options: EmbeddedOptions): Promise<Runner> {
  const javas = await findJavas(options.javaHome);
  const java = suitable(javas, release);
  const cached = java === undefined ? undefined : await cachedServer(options.cache, release);
  if (java !== undefined && cached !== undefined) return { kind: "java", server: { release, java, lib: cached } };
  const maven = await which("mvn");
  if (java !== undefined && maven !== undefined)
    return { kind: "java", server: { release, java, lib: await provideServer(options.cache, release, options) } };
  if (await dockerRuns()) {
    options.progress(
      `running Neo4j ${release.version} in Docker, as ${java === undefined ? release.java.text : "Maven"} isn't here`,
    );
    return { kind: "docker" };
  }
  throw nothingRuns(release, javas);
}

/** Why neither Java and Maven nor Docker can run the database, and the three ways to go on. */
export function nothingRuns(release: Release, javas: readonly Java[]): EmbeddedError {
  const versions = [...new Set(javas.map(({ version }) => version))].join(" and ");
  const missing =
    suitable(javas, release) !== undefined
      ? "Maven isn't installed"
      : javas.length === 0
        ? "Java isn't installed"
        : `Neo4j ${release.version} needs ${release.java.text}, and only Java ${versions} is here`;
  return new EmbeddedError(
    "java",
    `${missing}, and Docker doesn't run. Three ways to go on: install Java 17 and Maven (such as \`apt-get install openjdk-17-jdk-headless maven\`); or start Docker; or set NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD to a Neo4j server.`,
  );
}

interface Started {
  readonly guarded: Guarded;
  readonly port: number;
}

async function startOnFreePort(
  paths: StorePaths,
  release: Release,
  runner: Runner,
  password: string,
  options: EmbeddedOptions,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return await startOnce(paths, release, runner, password, port, options);
    } catch (error) {
      if (!(error instanceof EmbeddedError) || error.kind !== "port" || attempt === PORT_ATTEMPTS) throw error;
      options.log?.(`port ${port} was taken before the database had it; trying another`);
    }
  }
}

async function startOnce(
  paths: StorePaths,
  release: Release,
  runner: Runner,
  password: string,
  port: number,
  options: EmbeddedOptions,
): Promise<Started> {
  const memory = options.memory ?? defaultMemory();
  const settings = { port, memory, password };
  const server =
    runner.kind === "java"
      ? await javaCommand(paths, runner.server, {
          ...settings,
          jvmOptions: options.classArchive === false ? [] : await classArchiveOptions(runner.server, options),
        })
      : await dockerCommand(paths, release, settings);
  const guarded = await guard({
    command: server.command,
    logFile: paths.consoleLog,
    graceSeconds: GRACE_SECONDS,
    cwd: paths.root,
    ...("after" in server ? { after: server.after } : {}),
  });
  await writeRecord(paths, {
    kind: runner.kind,
    pid: guarded.pid,
    watchdog: guarded.watchdogPid,
    port,
    version: release.version,
  });
  options.log?.(`Neo4j ${release.version} is process ${guarded.pid}, bolt on port ${port}`);
  const ended = guarded.exited.then((exit) => `Neo4j ended with code ${exit.code} before it answered`);
  try {
    await awaitLogin({
      port,
      user: USER,
      password,
      listenerPid: runner.kind === "java" ? guarded.pid : undefined,
      ended,
      timeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS,
      passwordFile: paths.passwordFile,
      signal: options.signal,
    });
  } catch (error) {
    await guarded.stop();
    await removeRecord(paths);
    if (error instanceof EmbeddedError) throw error;
    throw await diagnose(paths, release, error instanceof Error ? error.message : String(error));
  }
  return { guarded, port };
}

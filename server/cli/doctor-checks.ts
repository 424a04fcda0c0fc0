import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { migrationState, readMigrations } from "../../migrations/migrate.js";
import type { Config } from "../config.js";
import { dockerRuns } from "../graph/embedded/docker.js";
import { findJavas, suitable, which } from "../graph/embedded/java.js";
import { RELEASES } from "../graph/embedded/releases.js";
import { checkServerFiles } from "../graph/embedded/server-files.js";
import { storePaths } from "../graph/embedded/store.js";
import { openGraph, type Graph } from "../graph/graph.js";
import { inspectGraph } from "../graph/inspect.js";
import { findFfmpeg } from "../pipeline/ffmpeg.js";
import { databaseAddress, migrationsFolder } from "./running.js";

export interface Finding {
  readonly state: "ok" | "note" | "problem";
  readonly text: string;
  readonly remedy?: string;
}

const ok = (text: string): Finding => ({ state: "ok", text });
const note = (text: string): Finding => ({ state: "note", text });
const problem = (text: string, remedy: string): Finding => ({ state: "problem", text, remedy });

/** Looks at everything that has to be right, one thing after the other. */
export async function* examine(config: Config): AsyncGenerator<Finding> {
  yield ok(`Node.js ${process.version}`);
  if (config.database === null) yield* examineTools(config);
  yield* examineRenderer(config);
  yield* examineHome(config);
  yield* examineDatabase(config);
}

async function* examineTools(config: Config): AsyncGenerator<Finding> {
  const release = RELEASES.lts;
  const javas = await findJavas();
  const java = suitable(javas, release);
  const maven = await which("mvn");
  const docker = await dockerRuns();
  const cached = await checkServerFiles(config.cache, release);
  if (java !== undefined) yield ok(`Java ${java.version} (${java.command})`);
  else {
    const text =
      javas.length === 0
        ? "Java isn't installed"
        : `only Java ${javas.map(({ version }) => version).join(" and ")} is here`;
    yield docker
      ? note(`${text}; Docker is used instead`)
      : problem(
          text,
          `install ${release.java.text} (such as \`apt-get install openjdk-17-jdk-headless\`), start Docker, or set NEO4J_URI`,
        );
  }
  if (maven !== undefined) yield ok(`Maven (${maven})`);
  else if (cached?.problem === undefined && cached !== undefined)
    yield note("Maven isn't installed; it isn't needed as long as Neo4j is in the cache");
  else
    yield docker
      ? note("Maven isn't installed; Docker is used instead")
      : problem(
          "Maven isn't installed",
          "install it (such as `apt-get install maven`), start Docker, or set NEO4J_URI",
        );
  yield docker ? ok("Docker runs") : note("Docker doesn't run; it is needed only without Java and Maven");
  if (cached === undefined) yield note(`Neo4j ${release.version} isn't in ${config.cache} yet; \`up\` fetches it`);
  else if (cached.problem !== undefined) yield { state: "problem", text: cached.problem };
  else yield ok(`Neo4j ${release.version} in ${config.cache}: ${cached.files} files, each with its SHA-256`);
}

/** Only what was asked for and isn't there is a problem: without a renderer plans are made all the same. */
async function* examineRenderer(config: Config): AsyncGenerator<Finding> {
  const ffmpeg = await findFfmpeg(config.ffmpeg);
  if (ffmpeg.found) yield ok(`${ffmpeg.said}, ${ffmpeg.path}`);
  else if (config.ffmpeg === null) yield { ...note(ffmpeg.said), remedy: ffmpeg.remedy };
  else yield problem(ffmpeg.said, ffmpeg.remedy);
}

async function* examineHome(config: Config): AsyncGenerator<Finding> {
  const { home } = config;
  if ((await stat(home).catch(() => undefined)) === undefined) {
    yield note(`${home} isn't there yet; \`up\` makes it`);
    return;
  }
  const { bavail, bsize } = await statfs(home);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  yield freeMb < 1_000
    ? problem(`the disk of ${home} has ${freeMb} MB free`, "make room: a store needs a gigabyte and more")
    : ok(`home ${home}, ${Math.floor(freeMb / 1000)} GB free`);
  const paths = storePaths(home);
  const store = await readdir(paths.root).catch(() => []);
  if (store.length > 0 && (await stat(paths.marker).catch(() => undefined)) === undefined) {
    yield problem(
      `${paths.root} holds files that Throughline didn't make`,
      "move them away, or set THROUGHLINE_HOME to another folder",
    );
  }
  yield* examineKeys(join(home, "keys"));
}

async function* examineKeys(folder: string): AsyncGenerator<Finding> {
  const info = await stat(folder).catch(() => undefined);
  if (info === undefined) {
    yield note("no keys yet; `up` makes them");
    return;
  }
  const open = [];
  for (const path of [folder, ...(await readdir(folder)).map((name) => join(folder, name))]) {
    if (((await stat(path)).mode & 0o077) !== 0) open.push(path);
  }
  for (const path of open) yield problem(`${path} can be read by other users`, `chmod go-rwx ${path}`);
  if (open.length === 0) yield ok(`keys in ${folder}, closed to other users`);
}

async function* examineDatabase(config: Config): AsyncGenerator<Finding> {
  const address = await databaseAddress(config);
  if (address === undefined) {
    yield note(
      "the database doesn't run, so its content wasn't looked at; run `doctor` again after `./throughline up --detach`",
    );
    return;
  }
  const graph = openGraph({ ...address, poolSize: 2 });
  try {
    await graph.ping();
    yield ok(`the database at ${address.uri} answers`);
    yield* examineGraph(graph);
  } catch (error) {
    yield problem(
      `the database at ${address.uri}: ${error instanceof Error ? error.message : String(error)}`,
      config.database === null ? "look at `./throughline status`" : "check NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD",
    );
  } finally {
    await graph.close();
  }
}

async function* examineGraph(graph: Graph): AsyncGenerator<Finding> {
  const state = await migrationState(graph, await readMigrations(migrationsFolder));
  if (state.problem !== null) yield problem(state.problem, "use the version that the database was written by");
  else if (state.pending.length > 0)
    yield problem(
      `${state.pending.length} migrations are pending (${state.pending.map(({ id }) => id).join(", ")})`,
      "run `./throughline up` once",
    );
  else yield ok(`migrations at head (${state.head ?? "none"})`);
  const differences = await inspectGraph(graph);
  for (const { problem: text, remedy } of differences) yield problem(text, remedy);
  if (differences.length === 0) yield ok("constraints, indexes and tenants are as the catalog has them");
}

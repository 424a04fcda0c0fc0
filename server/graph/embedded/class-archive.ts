import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import neo4j from "neo4j-driver";
import { javaCommand, setInitialPassword, type JavaServer } from "./java-server.js";
import { awaitLogin } from "./login.js";
import { HeldError, takeLock, type OwnerLock } from "./owner-lock.js";
import { freePort } from "./port.js";
import { EmbeddedError } from "./problem.js";
import { claimStore, storePassword, storePaths, USER } from "./store.js";
import { guard } from "./watchdog.js";

interface Telling {
  readonly progress: (text: string) => void;
  readonly log?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The JVM options that let the server take its classes from an archive, which halves the work of a start. The archive
 * is made once for each Java and release, by a throw-away server. Whatever goes wrong here costs speed and nothing
 * else: the JVM itself ignores an archive that doesn't fit.
 */
export async function classArchiveOptions(server: JavaServer, telling: Telling): Promise<readonly string[]> {
  const archive = archivePath(server);
  if ((await size(archive)) === undefined) await makeOnce(server, archive, telling);
  // An empty file says that making it has failed before.
  return ((await size(archive)) ?? 0) > 0
    ? [`-XX:SharedArchiveFile=${archive}`, "-Xlog:cds=off", "-Xlog:class+path=off"]
    : [];
}

const archivePath = ({ release, java, lib }: JavaServer): string =>
  join(dirname(lib), `classes-${release.version}-java-${java.version}.jsa`);

const size = async (path: string): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.size;

async function makeOnce(server: JavaServer, archive: string, telling: Telling): Promise<void> {
  let lock: OwnerLock;
  try {
    lock = await takeLock(`${archive}.lock`);
  } catch (error) {
    // Another process makes it just now; this start goes without.
    if (!(error instanceof HeldError)) telling.log?.(`no class archive: ${String(error)}`);
    return;
  }
  const home = `${archive}.training-${process.pid}`;
  try {
    if ((await size(archive)) !== undefined) return;
    telling.progress(`preparing Neo4j ${server.release.version} for fast starts (once)`);
    await removeLeftovers(archive);
    const draft = join(home, "classes.jsa");
    await train(server, home, draft, telling.signal);
    await rename(draft, archive);
  } catch (error) {
    telling.signal?.throwIfAborted();
    telling.log?.(`no class archive: ${error instanceof Error ? error.message : String(error)}`);
    // A full disk may be roomier tomorrow; a JVM that can't do it today can't then.
    if (!(error instanceof EmbeddedError)) await writeFile(archive, "").catch(() => undefined);
  } finally {
    await rm(home, { recursive: true, force: true });
    await lock.release();
  }
}

async function removeLeftovers(archive: string): Promise<void> {
  const names = await readdir(dirname(archive));
  const stale = names.filter((name) => name.startsWith(`${basename(archive)}.training-`));
  await Promise.all(stale.map((name) => rm(join(dirname(archive), name), { recursive: true, force: true })));
}

const TIMEOUT_MS = 120_000;

async function train(
  server: JavaServer,
  home: string,
  archive: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const paths = storePaths(home);
  await claimStore(paths, server.release);
  const password = await storePassword(paths);
  await setInitialPassword(paths, server, password);
  const port = await freePort();
  const { command } = await javaCommand(paths, server, {
    port,
    memory: { heapMb: 512, pageCacheMb: 32 },
    jvmOptions: [`-XX:ArchiveClassesAtExit=${archive}`, "-Xlog:cds=off", "-Xlog:class+path=off"],
  });
  // The archive is written after the order to end, so the grace time is that of the writing.
  const guarded = await guard({ command, logFile: paths.consoleLog, graceSeconds: TIMEOUT_MS / 1000, cwd: paths.root });
  try {
    const ended = guarded.exited.then(({ code }) => `the training server ended with code ${code}`);
    await awaitLogin({
      port,
      user: USER,
      password,
      listenerPid: guarded.pid,
      ended,
      timeoutMs: TIMEOUT_MS,
      passwordFile: paths.passwordFile,
      signal,
    });
    await exercise(port, password);
  } finally {
    await guarded.stop();
  }
  if (((await size(archive)) ?? 0) === 0) throw new Error("the JVM wrote no archive");
}

// What a start of ours makes the server do: schema, full-text search, batched writes, a traversal.
const EXERCISE: readonly string[] = [
  "CREATE CONSTRAINT training IF NOT EXISTS FOR (n:Training) REQUIRE (n.tenantId, n.id) IS UNIQUE",
  "CREATE INDEX training_key IF NOT EXISTS FOR (n:Training) ON (n.tenantId, n.key)",
  "CREATE FULLTEXT INDEX training_text IF NOT EXISTS FOR (n:Training) ON EACH [n.tenantKey, n.text]",
  "SHOW INDEXES YIELD name, type, state RETURN name, type, state",
  "CALL db.awaitIndexes(30)",
  `UNWIND range(1, 50) AS i MERGE (n:Training {tenantId: "t", id: toString(i)})
   ON CREATE SET n.text = "text " + i, n.tenantKey = "t", n.at = datetime.realtime().epochMillis
   WITH n MATCH (m:Training {tenantId: "t", id: "1"}) MERGE (n)-[r:NEXT]->(m) SET r.at = 1`,
  `MATCH (n:Training {tenantId: "t", id: "2"}) OPTIONAL MATCH (n)-[r:NEXT]->(m) WHERE r.at <= 1
   WITH n, collect(DISTINCT m) AS level CALL (level) { UNWIND level AS m MATCH (m)<-[r:NEXT]-(k) RETURN collect(k {.*}) AS next }
   RETURN n {.*}, next, EXISTS { (n)-[:NEXT]->() } AS there`,
  `CALL db.index.fulltext.queryNodes("training_text", "+tenantKey:t +(text)") YIELD node, score RETURN node.id ORDER BY score DESC LIMIT 5`,
  `MATCH (n:Training) WHERE n.tenantId = "t" AND n.id > "1" RETURN n.id ORDER BY n.tenantId, n.id LIMIT 3`,
];

async function exercise(port: number, password: string): Promise<void> {
  const driver = neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic(USER, password));
  const session = driver.session();
  try {
    for (const statement of EXERCISE) await session.executeWrite((tx) => tx.run(statement));
  } finally {
    await session.close();
    await driver.close();
  }
}

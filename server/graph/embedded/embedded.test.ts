import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containerName, dockerCommand, dockerEnvironment } from "./docker.js";
import { diagnose } from "./diagnose.js";
import { nothingRuns } from "./embedded.js";
import { majorOf, suitable } from "./java.js";
import { isOurs } from "./leftover.js";
import { freePort, listensOn } from "./port.js";
import { RELEASES } from "./releases.js";
import { defaultMemory, neo4jConf } from "./settings.js";
import { claimStore, storePassword, storePaths } from "./store.js";
import { createServer } from "node:net";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "embedded-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { lts, current } = RELEASES;
const java = (version: string) => ({ command: `/opt/${version}/bin/java`, version, major: majorOf(version) });

describe("the Java that runs the server", () => {
  it("is told by its major version, in the old numbering too", () => {
    expect(["17.0.15", "1.8.0_392", "21", "25.0.3+9", "11.0.2-ea"].map(majorOf)).toEqual([17, 8, 21, 25, 11]);
  });

  it("is the first that the release supports", () => {
    const all = [java("11.0.2"), java("25.0.3"), java("21.0.1"), java("17.0.15")];
    expect(suitable(all, lts)?.version).toBe("21.0.1");
    expect(suitable(all, current)?.version).toBe("25.0.3");
    expect(suitable([java("11.0.2")], lts)).toBeUndefined();
  });

  it("is asked for with the three ways to go on when there is none, an old one, or no Maven", () => {
    const ways = /Three ways to go on: install Java 17 and Maven .*; or start Docker; or set NEO4J_URI/;
    expect(nothingRuns(lts, []).message).toMatch(/^Java isn't installed, and Docker doesn't run\. /);
    expect(nothingRuns(lts, [java("11.0.2")]).message).toMatch(
      /^Neo4j 5\.26\.30 needs Java 17 or 21, and only Java 11\.0\.2 is here/,
    );
    expect(nothingRuns(lts, [java("17.0.1")]).message).toMatch(/^Maven isn't installed/);
    for (const javas of [[], [java("11.0.2")], [java("17.0.1")]]) expect(nothingRuns(lts, javas).message).toMatch(ways);
  });
});

describe("a store's folder", () => {
  it("is ours once claimed, and has one password for its keys' owner only", async () => {
    const paths = storePaths(join(folder, "ours"));
    await claimStore(paths, lts);
    await claimStore(paths, lts);
    const password = await storePassword(paths);
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect(await storePassword(paths)).toBe(password);
    expect((await stat(paths.passwordFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(paths.home, "keys"))).mode & 0o777).toBe(0o700);
  });

  it("is refused when it holds what we didn't make, or what another line of releases made", async () => {
    const foreign = storePaths(join(folder, "foreign"));
    await mkdir(foreign.root, { recursive: true });
    await writeFile(join(foreign.root, "data"), "theirs");
    await expect(claimStore(foreign, lts)).rejects.toThrow(/stays untouched; move it away or set THROUGHLINE_HOME/);
    const newer = storePaths(join(folder, "newer"));
    await claimStore(newer, current);
    await expect(claimStore(newer, lts)).rejects.toThrow(/was made by Neo4j 2026\.08\.1 and this is 5\.26\.30/);
    await claimStore(newer, { ...current, version: "2026.08.2" });
  });

  it("doesn't get a new password when it lost the one that its database has", async () => {
    const paths = storePaths(join(folder, "lost"));
    await claimStore(paths, lts);
    await mkdir(join(paths.root, "data", "databases", "system"), { recursive: true });
    await expect(storePassword(paths)).rejects.toThrow(/neo4j-password is missing.*restore that file/);
  });
});

describe("a leftover process", () => {
  it("is ours only by the home on its command line, and by the whole of it", () => {
    const paths = storePaths("/srv/one");
    const line = (home: string) =>
      `/usr/bin/java -Xmx1g org.neo4j.server.CommunityEntryPoint --home-dir=${home} --config-dir=x`;
    expect(isOurs(line("/srv/one/neo4j"), paths)).toBe(true);
    expect(isOurs(line("/srv/one/neo4j-other"), paths)).toBe(false);
    expect(isOurs(line("/srv/two/neo4j"), paths)).toBe(false);
    expect(isOurs("vim --home-dir=/srv/one/neo4j", paths)).toBe(false);
    expect(isOurs(undefined, paths)).toBe(false);
  });
});

describe("why the server didn't start", () => {
  const cases: [string, string, RegExp][] = [
    ["a taken port", "Caused by: java.net.BindException: Address already in use", /start again/],
    [
      "a full disk",
      "java.io.IOException: No space left on device",
      /The disk of .* is full; make room and start again/,
    ],
    [
      "a store in use",
      "org.neo4j.io.locker.FileLockException: Lock file has been locked by another process",
      /Another process holds the store/,
    ],
    [
      "an old Java",
      "java.lang.UnsupportedClassVersionError: org/neo4j",
      /This Java can't run Neo4j 5\.26\.30; install Java 17 or 21/,
    ],
    [
      "a damaged jar",
      "Error: Could not find or load main class org.neo4j.server.CommunityEntryPoint",
      /is damaged; run `.\/throughline doctor`/,
    ],
    [
      "little memory",
      "There is insufficient memory for the Java Runtime Environment to continue.",
      /isn't enough free memory/,
    ],
    [
      "something else",
      "Exception in thread main: gremlins\n\tat a.Exception.java",
      /ended \("Exception in thread main: gremlins"\); its log is .*console\.log/,
    ],
  ];
  it.each(cases)("%s", async (name, log, message) => {
    const paths = storePaths(join(folder, name.replaceAll(" ", "-")));
    await mkdir(paths.logs, { recursive: true });
    await writeFile(paths.consoleLog, log);
    expect((await diagnose(paths, lts, "it ended")).message).toMatch(message);
  });
});

describe("the settings", () => {
  it("keep the server on the loopback, silent and behind a password", () => {
    const lines = neo4jConf({ port: 4711, memory: defaultMemory(24_000) }).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "server.default_listen_address=127.0.0.1",
        "server.bolt.listen_address=127.0.0.1:4711",
        "server.http.enabled=false",
        "dbms.usage_report.enabled=false",
        "dbms.security.auth_enabled=true",
        "server.memory.pagecache.size=512m",
      ]),
    );
  });

  it("ask for less memory on a small machine", () => {
    expect(defaultMemory(2_000)).toEqual({ heapMb: 512, pageCacheMb: 128 });
    expect(defaultMemory(24_000)).toEqual({ heapMb: 1_024, pageCacheMb: 512 });
  });
});

describe("Docker", () => {
  it("runs the pinned image on the loopback, under the home's name, with the password in a file of its own", async () => {
    const paths = storePaths(join(folder, "docker"));
    await mkdir(join(paths.home, "keys"), { recursive: true });
    const { command, after } = await dockerCommand(paths, lts, {
      port: 4711,
      memory: defaultMemory(24_000),
      password: "secret",
    });
    const text = command.join(" ");
    expect(text).toContain("neo4j:5.26.30-community");
    expect(text).toContain("--publish 127.0.0.1:4711:7687");
    expect(text).toContain(`--name ${containerName(paths)}`);
    expect(text).not.toContain("secret");
    expect((await stat(join(paths.home, "keys", "docker.env"))).mode & 0o777).toBe(0o600);
    expect(after).toBe(`docker rm --force ${containerName(paths)}`);
    expect(containerName(paths)).not.toBe(containerName(storePaths(join(folder, "docker2"))));
  });

  it("is told the same settings in its own spelling", () => {
    expect(dockerEnvironment({ port: 1, memory: { heapMb: 2, pageCacheMb: 3 }, password: "p" })).toContain(
      "NEO4J_AUTH=neo4j/p\nNEO4J_server_bolt_advertised__address=127.0.0.1:1\n",
    );
  });
});

describe("a port", () => {
  it("is known to be this process's or not", async () => {
    const port = await freePort();
    expect(await listensOn(process.pid, port)).toBe(false);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    expect(await listensOn(process.pid, port)).toBe(true);
    expect(await listensOn(1, port)).not.toBe(true);
    server.close();
  });
});

import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive, signal, sleep } from "../../server/graph/embedded/processes.js";
import { Installation } from "./installation.js";

// Each start is a real Neo4j; on a slow machine one takes half a minute.
const PATIENCE_MS = 240_000;
/** The watchdog's grace time and a bit. */
const QUIET_MS = 45_000;

const installations: Installation[] = [];
async function installation(environment?: Record<string, string>): Promise<Installation> {
  const created = await Installation.create(environment);
  installations.push(created);
  return created;
}
afterEach(async () => {
  await Promise.all(installations.splice(0).map((used) => used.remove()));
}, PATIENCE_MS);

function must(pid: number | null | undefined): number {
  if (pid === null || pid === undefined) throw new Error("no such process");
  return pid;
}

describe("stopping", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s to the whole group of a foreground `up` ends all cleanly, with nothing left behind",
    async (name) => {
      const here = await installation();
      const up = here.up();
      await up.ready;
      expect(await here.status()).toMatchObject({ ready: true });
      signal(-must(up.process.pid), name);
      const answer = await up.ended;
      expect(answer).toMatchObject({ code: 0 });
      expect(answer.stderr).toContain("stopping");
      expect(await here.quiet(QUIET_MS)).toBe(true);
      expect(await here.leftovers()).toEqual([]);
      expect(await here.status()).toEqual({ url: null, graphql: null, bolt: null, pid: null, ready: false });
    },
    PATIENCE_MS,
  );

  it(
    "while it still starts leaves nothing behind either",
    async () => {
      const here = await installation();
      const up = here.up();
      for (let wait = 0; wait < 400 && (await here.database().catch(() => undefined)) === undefined; wait += 1)
        await sleep(50);
      signal(-must(up.process.pid), "SIGINT");
      expect(await up.ended).toMatchObject({ code: 0 });
      expect(await here.quiet(QUIET_MS)).toBe(true);
      expect(await here.leftovers()).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe("what was acknowledged is there after kill -9", () => {
  it(
    "of our process, of the database, of the watchdog, and of all at once",
    async () => {
      const here = await installation();
      expect(await here.cli("up", "--empty", "--detach")).toMatchObject({ code: 0 });
      expect(await here.cli("tenant", "create", "kept-one")).toMatchObject({ code: 0 });

      // Ours: the watchdog ends the database, and the next start finds all in order.
      signal(must((await here.status()).pid), "SIGKILL");
      expect(await here.quiet(QUIET_MS)).toBe(true);
      expect(await here.status()).toMatchObject({ ready: false, pid: null });
      expect(await here.cli("up", "--detach")).toMatchObject({ code: 0 });
      expect(await here.tenants()).toEqual(["demo", "kept-one"]);
      expect(await here.cli("tenant", "create", "kept-two")).toMatchObject({ code: 0 });

      // The database: our process says so and ends.
      const { pid } = await here.status();
      signal((await here.database()).pid, "SIGKILL");
      expect(await here.quiet(QUIET_MS)).toBe(true);
      expect(await isAlive(must(pid))).toBe(false);
      expect(await readFile(join(here.home, "logs", "up.log"), "utf8")).toContain(
        "The database ended by itself (code 137)",
      );
      expect(await here.leftovers()).toEqual([]);

      // The watchdog: the database doesn't outlive it.
      expect(await here.cli("up", "--detach")).toMatchObject({ code: 0 });
      expect(await here.tenants()).toEqual(["demo", "kept-one", "kept-two"]);
      signal((await here.database()).watchdog, "SIGKILL");
      expect(await here.quiet(QUIET_MS)).toBe(true);

      // All, in the order that leaves the database alone in the world until the next start ends it.
      expect(await here.cli("up", "--detach")).toMatchObject({ code: 0 });
      expect(await here.cli("tenant", "create", "kept-three")).toMatchObject({ code: 0 });
      const last = await here.status();
      const database = await here.database();
      signal(database.watchdog, "SIGSTOP");
      signal(must(last.pid), "SIGKILL");
      signal(database.watchdog, "SIGKILL");
      await sleep(500);
      const again = await here.cli("up", "--detach");
      expect(again).toMatchObject({ code: 0 });
      expect(await isAlive(database.pid)).toBe(false);
      expect(await here.tenants()).toEqual(["demo", "kept-one", "kept-three", "kept-two"]);

      const every = await here.processes();
      for (const process of every) signal(process, "SIGKILL");
      signal(must((await here.status()).pid ?? every[0]), "SIGKILL");
      expect(await here.cli("up", "--detach")).toMatchObject({ code: 0 });
      expect(await here.tenants()).toEqual(["demo", "kept-one", "kept-three", "kept-two"]);
      expect(await here.cli("down")).toMatchObject({ code: 0 });
      expect(await here.quiet(QUIET_MS)).toBe(true);
      expect(await here.leftovers()).toEqual([]);
    },
    PATIENCE_MS * 2,
  );
});

describe("starting", () => {
  it(
    "two homes run side by side, a second `up` in one is a conflict that names the first, and ending one leaves the other",
    async () => {
      const [one, two] = [await installation(), await installation()];
      const answers = await Promise.all([one.cli("up", "--empty", "--detach"), two.cli("up", "--empty", "--detach")]);
      expect(answers.map(({ code }) => code)).toEqual([0, 0]);
      const first = await one.status();
      const second = await one.cli("up", "--empty");
      expect(second.code).toBe(4);
      expect(second.stderr).toContain(`already runs here at ${first.url}`);
      expect(second.stdout).toContain(`${first.url}/sign-in?link=`);
      expect(await one.cli("down")).toMatchObject({ code: 0 });
      expect(await one.status()).toMatchObject({ ready: false });
      expect(await two.status()).toMatchObject({ ready: true });
      expect(await two.tenants()).toEqual(["demo"]);
    },
    PATIENCE_MS,
  );

  it(
    "two at once in one home: one runs, the other says so",
    async () => {
      const here = await installation();
      const answers = await Promise.all([here.cli("up", "--empty", "--detach"), here.cli("up", "--empty", "--detach")]);
      expect(answers.map(({ code }) => code).sort()).toEqual([0, 4]);
      expect(await here.status()).toMatchObject({ ready: true });
    },
    PATIENCE_MS,
  );

  it(
    "says in one sentence what to do when the port is in use, before the database has started",
    async () => {
      const here = await installation();
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const address = other.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const answer = await here.cli("up", "--empty", "--port", String(port));
      other.close();
      expect(answer.code).toBe(1);
      expect(answer.stderr.trim()).toBe(
        `throughline: Port ${port} is in use by another program; choose another with --port, or leave it out for a free one.`,
      );
      expect(await here.leftovers()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "says in one sentence what to do when the password file doesn't fit the store",
    async () => {
      const here = await installation();
      expect(await here.cli("up", "--empty", "--detach")).toMatchObject({ code: 0 });
      expect(await here.cli("down")).toMatchObject({ code: 0 });
      await writeFile(join(here.home, "keys", "neo4j-password"), "another\n");
      const answer = await here.cli("up", "--detach");
      expect(answer.code).toBe(1);
      expect(answer.stderr).toMatch(
        /throughline: The database refuses the password in .*neo4j-password; restore the file that belongs to this store/,
      );
      expect(await here.quiet(QUIET_MS)).toBe(true);
      expect(await here.leftovers()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "a store that isn't ours stays untouched, by `up` and by `down --purge`",
    async () => {
      const here = await installation();
      const foreign = join(here.home, "neo4j");
      await mkdir(foreign);
      await writeFile(join(foreign, "precious"), "theirs");
      const up = await here.cli("up", "--empty");
      expect(up).toMatchObject({ code: 1 });
      expect(up.stderr).toMatch(/holds files that Throughline didn't make, so it stays untouched/);
      const purge = await here.cli("down", "--purge", "--yes");
      expect(purge).toMatchObject({ code: 1 });
      expect(await readdir(foreign)).toEqual(["precious"]);
    },
    PATIENCE_MS,
  );
});

describe("with NEO4J_URI", () => {
  it(
    "runs on that server and starts none; a wrong password or address is one sentence",
    async () => {
      const owner = await installation();
      expect(await owner.cli("up", "--empty", "--detach")).toMatchObject({ code: 0 });
      const uri = (await owner.status()).bolt ?? "";
      const password = (await readFile(join(owner.home, "keys", "neo4j-password"), "utf8")).trim();

      const guest = await installation({ NEO4J_URI: uri, NEO4J_PASSWORD: password });
      expect(await guest.cli("up", "--detach")).toMatchObject({ code: 0 });
      expect(await guest.status()).toMatchObject({ ready: true, bolt: uri });
      expect(await guest.cli("tenant", "create", "by-guest")).toMatchObject({ code: 0 });
      expect(await owner.tenants()).toEqual(["by-guest", "demo"]);
      expect(await readdir(guest.home)).not.toContain("neo4j");
      expect(await guest.cli("down", "--purge", "--yes")).toMatchObject({ code: 0 });
      expect(await owner.status()).toMatchObject({ ready: true });

      const wrong = await (await installation({ NEO4J_URI: uri, NEO4J_PASSWORD: "wrong" })).cli("up", "--detach");
      expect(wrong).toMatchObject({ code: 1 });
      expect(wrong.stderr).toContain("The database refuses our user or password; check NEO4J_USER and NEO4J_PASSWORD.");
      const nowhere = await (await installation({ NEO4J_URI: "bolt://127.0.0.1:1", NEO4J_PASSWORD: "x" })).cli("up");
      expect(nowhere).toMatchObject({ code: 1 });
      expect(nowhere.stderr).toContain("throughline: bolt://127.0.0.1:1: The database can't be reached");
      const half = await (await installation({ NEO4J_URI: uri })).cli("up");
      expect(half).toMatchObject({ code: 2 });
      expect(half.stderr).toContain("NEO4J_PASSWORD: must be set when NEO4J_URI is");
    },
    PATIENCE_MS,
  );
});

describe("purging", () => {
  it(
    "asks first, and then removes store and keys and nothing else",
    async () => {
      const here = await installation();
      await writeFile(join(here.home, "notes.txt"), "mine");
      expect(await here.cli("up", "--empty", "--detach")).toMatchObject({ code: 0 });
      expect(await here.cli("down", "--purge")).toMatchObject({ code: 2 });
      expect(await here.status()).toMatchObject({ ready: true });
      expect(await here.cli("down", "--purge", "--yes")).toMatchObject({ code: 0 });
      expect(await readdir(here.home)).toEqual(["notes.txt"]);
    },
    PATIENCE_MS,
  );
});

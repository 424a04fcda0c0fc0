import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { SCHEMA, SEARCH_INDEX, toCypher } from "../../graph-schema/constraints.js";
import { migrate, migrationState, readMigrations, type Migration } from "../../migrations/migrate.js";
import { loadConfig } from "../../server/config.js";
import { startEmbedded, type EmbeddedDatabase } from "../../server/graph/embedded/embedded.js";
import { openGraph, SYSTEM_TENANT, type Graph } from "../../server/graph/graph.js";
import { inspectGraph } from "../../server/graph/inspect.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { environment } from "../kit/env.js";
import { projectRoot } from "../kit/project-root.js";

/*
 * Migrations and what `doctor` sees, on a database of their own: they change what belongs to everyone. One story, in order.
 */

const system = { tenantId: SYSTEM_TENANT };
const marks = defineQuery({
  name: "testMarks",
  mode: "read",
  scope: "tenant",
  params: params<{ prefix: string }>(),
  cypher: `MATCH (b:Body {tenantId: $tenantId}) WHERE b.sha256 STARTS WITH $prefix RETURN b.sha256 AS mark ORDER BY mark`,
  row: z.object({ mark: z.string() }),
});
const ledger = defineQuery({
  name: "testLedger",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (m:Migration {tenantId: $tenantId}) RETURN m.id AS id, m.name AS name, m.sha256 AS sha256, m.appliedAt AS appliedAt ORDER BY id`,
  row: z.object({ id: z.string(), name: z.string(), sha256: z.string(), appliedAt: z.number() }),
});

let home: string;
let database: EmbeddedDatabase;
let graph: Graph;
let other: Graph;
let project: Migration[];

const open = (): Graph => openGraph({ uri: database.uri, user: database.user, password: database.password });
const marked = async (prefix: string): Promise<string[]> =>
  (await graph.read(system, marks, { prefix })).map((row) => row.mark);
const mark = (name: string): string => `CREATE (:Body {tenantId: "${SYSTEM_TENANT}", sha256: "${name}"})`;
const schema = (...statements: string[]): Promise<void> => graph.runMigration("schema", statements);
const data = (...statements: string[]): Promise<void> => graph.runMigration("data", statements);

let folders = 0;
/** Files of a folder of their own, as migrations. */
async function folderOf(files: Record<string, string>): Promise<Migration[]> {
  const folder = join(home, `migrations-${++folders}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return readMigrations(folder);
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "throughline-migrations-"));
  const { cache } = loadConfig(
    { THROUGHLINE_CACHE: environment.cache, XDG_CACHE_HOME: environment.xdgCache },
    projectRoot,
  );
  database = await startEmbedded({
    home,
    cache,
    progress: () => {},
    memory: { heapMb: 512, pageCacheMb: 64 },
    classArchive: false,
  });
  [graph, other] = [open(), open()];
  project = await readMigrations(join(projectRoot, "migrations"));
}, 300_000);

afterAll(async () => {
  await Promise.all([graph, other].map((opened) => opened?.close()));
  await database?.stop();
  await rm(home, { recursive: true, force: true });
});

describe("the files", () => {
  it.each([
    ["a name without number", { "first.cypher": "// schema: x\n" }, /named NNNN-slug/],
    ["a name in capitals", { "0001-First.cypher": "// schema: x\n" }, /named NNNN-slug/],
    ["no first line", { "0001-first.cypher": "RETURN 1;\n" }, /first line/],
    ["another first line", { "0001-first.cypher": "// both: x\n" }, /first line/],
  ])("are refused with %s", async (_, files, words) => {
    await expect(folderOf(files as unknown as Record<string, string>)).rejects.toThrow(words);
  });

  it("are statements without their comments, in the order of their names", async () => {
    const read = await folderOf({
      "0010-b.cypher": '// data: b\nRETURN 2;\n// why\nRETURN "a;b";\n',
      "0009-a.cypher": "// schema: a\nRETURN 1",
    });
    expect(read.map(({ id, name, kind, statements }) => ({ id, name, kind, statements }))).toEqual([
      { id: "0009", name: "a", kind: "schema", statements: ["RETURN 1"] },
      { id: "0010", name: "b", kind: "data", statements: ["RETURN 2", 'RETURN "a;b"'] },
    ]);
  });
});

describe("an empty database", () => {
  it("has everything pending and nothing against it", async () => {
    expect(await migrationState(graph, project)).toEqual({ head: null, pending: project, problem: null });
    const missing = await inspectGraph(graph);
    expect(missing).toHaveLength(SCHEMA.length);
    expect(missing.every((finding) => finding.problem.endsWith(" is missing."))).toBe(true);
  });

  it("comes to the head once, however many begin at once", async () => {
    const told: string[] = [];
    const runs = await Promise.all(
      [graph, other, graph, other].map((each) => migrate(each, project, (line) => told.push(line))),
    );
    const all = project.map((migration) => migration.id);
    expect(runs.map((run) => run.head)).toEqual(runs.map(() => all.at(-1)));
    expect(runs.flatMap((run) => run.applied)).toEqual(all);
    expect(told).toEqual(project.map((migration) => `migration ${migration.id}-${migration.name}`));
    expect(await graph.read(system, ledger, {})).toEqual(
      project.map(({ id, name, sha256 }) => ({ id, name, sha256, appliedAt: expect.any(Number) })),
    );
    expect(await migrationState(graph, project)).toEqual({ head: all.at(-1), pending: [], problem: null });
    expect(await migrate(graph, project)).toEqual({ applied: [], head: all.at(-1) });
  });
});

describe("the lock", () => {
  it.each([1, 2, 3, 4, 5])("lets one work at a time though nobody had it before (%d)", async (round) => {
    let working = 0;
    const order: number[] = [];
    await Promise.all(
      [graph, other, graph, other].map((each, i) =>
        each.exclusively(`round ${round}`, async () => {
          order.push(++working);
          await new Promise((resolve) => setTimeout(resolve, 20));
          working--;
          return i;
        }),
      ),
    );
    expect(order).toEqual([1, 1, 1, 1]);
  });
});

describe("doctor", () => {
  const problems = async (): Promise<string[]> => (await inspectGraph(graph)).map((finding) => finding.problem);
  /** What is found while something is wrong; nothing is before and after. */
  async function whileWrong(wrong: () => Promise<void>, mend: () => Promise<void>): Promise<string[]> {
    expect(await problems()).toEqual([]);
    await wrong();
    const found = await problems();
    await mend();
    expect(await problems()).toEqual([]);
    return found;
  }

  it("names a constraint that is missing, and how to make it", async () => {
    const remedies: string[] = [];
    const found = await whileWrong(
      () => schema("DROP CONSTRAINT claim_key"),
      async () => {
        remedies.push(...(await inspectGraph(graph)).map((finding) => finding.remedy));
        await schema(...remedies.map((remedy) => remedy.replace(/^Run: /, "")));
      },
    );
    expect(found).toEqual(["The constraint claim_key is missing."]);
    expect(remedies).toHaveLength(1);
  });

  it("names the search index when it is missing, and when it covers something else", async () => {
    const wanted = SCHEMA.find((item) => item.name === SEARCH_INDEX)!;
    const drop = `DROP INDEX ${SEARCH_INDEX}`;
    expect(
      await whileWrong(
        () => schema(drop),
        () => schema(toCypher(wanted)),
      ),
    ).toEqual([`The index ${SEARCH_INDEX} is missing.`]);
    const less = `CREATE FULLTEXT INDEX ${SEARCH_INDEX} FOR (n:Claim) ON EACH [n.title]`;
    const found = await whileWrong(
      () => schema(drop, less),
      () => schema(drop, toCypher(wanted)),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`The index ${SEARCH_INDEX} covers Claim(title), not `);
  });

  it("names an index too many", async () => {
    const found = await whileWrong(
      () => schema("CREATE INDEX by_hand FOR (n:Claim) ON (n.title)"),
      () => schema("DROP INDEX by_hand"),
    );
    expect(found).toEqual(["The database has by_hand, which the catalog doesn't."]);
  });

  it("counts edges that join two tenants, by type", async () => {
    const found = await whileWrong(
      () =>
        data(
          `CREATE (a:Scene {tenantId: "one", id: "a"})-[:STATES]->(b:Claim {tenantId: "two", id: "b"})
CREATE (a)-[:STATES]->(:Claim {tenantId: "one", id: "c"})
CREATE (:Fact {tenantId: "one", id: "d"})<-[:SUPPORTED_BY]-(b)
CREATE (a)-[:STATES]->(:Claim {tenantId: "three", id: "e"})`,
        ),
      () => data(`MATCH (n) WHERE n.tenantId IN ["one", "two", "three"] DETACH DELETE n`),
    );
    expect(found.sort()).toEqual(["1 SUPPORTED_BY edges join two tenants.", "2 STATES edges join two tenants."]);
  });

  it("counts nodes that have no tenant, by label", async () => {
    const found = await whileWrong(
      () => data(`CREATE (:Stray {id: 1}), (:Stray {id: 2}), (:Claim {id: "x"}), ()`),
      () => data(`MATCH (n) WHERE n.tenantId IS NULL DETACH DELETE n`),
    );
    expect(found.sort()).toEqual([
      "1 (no label) nodes have no tenant.",
      "1 Claim nodes have no tenant.",
      "2 Stray nodes have no tenant.",
    ]);
  });
});

describe("a database that went on", () => {
  const next = (): Promise<Migration[]> =>
    folderOf({ "9001-marks.cypher": `// data: marks\n${mark("first-1")};\n${mark("first-2")};\n` });

  it("takes what is new, once", async () => {
    const more = [...project, ...(await next())];
    expect((await migrationState(graph, more)).pending.map((migration) => migration.id)).toEqual(["9001"]);
    const runs = await Promise.all([migrate(graph, more), migrate(other, more)]);
    expect(runs.flatMap((run) => run.applied)).toEqual(["9001"]);
    expect(await marked("first")).toEqual(["first-1", "first-2"]);
  });

  it("refuses a Throughline that is older than its ledger, and stays as it is", async () => {
    const state = await migrationState(graph, project);
    expect(state.problem).toMatch(/migration 9001-marks.*newer Throughline/);
    const fork = [...project, ...(await folderOf({ "9000-other.cypher": `// data: other\n${mark("fork-1")};\n` }))];
    await expect(migrate(graph, fork)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("9001-marks"),
    });
    expect(await marked("fork")).toEqual([]);
    expect((await graph.read(system, ledger, {})).map((row) => row.id)).not.toContain("9000");
  });

  it("refuses a file that was changed after it, and stays as it is", async () => {
    const changed = await folderOf({
      "9001-marks.cypher": `// data: marks\n${mark("changed-1")};\n`,
      "9002-more.cypher": `// data: more\n${mark("changed-2")};\n`,
    });
    const state = await migrationState(graph, [...project, ...changed]);
    expect(state.problem).toMatch(/9001-marks was changed/);
    await expect(migrate(graph, [...project, ...changed])).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await marked("changed")).toEqual([]);
  });

  it("keeps nothing of data that failed half-way, and tries it again", async () => {
    const half = async (last: string) => [
      ...project,
      ...(await next()),
      ...(await folderOf({ "9002-half.cypher": `// data: half\n${mark("half-1")};\n${last};\n` })),
    ];
    await expect(migrate(graph, await half("RETURN 1 / 0"))).rejects.toThrow("The database failed a query.");
    expect(await marked("half")).toEqual([]);
    expect((await migrationState(graph, await half("RETURN 1"))).pending.map((migration) => migration.id)).toEqual([
      "9002",
    ]);
    expect((await migrate(graph, await half("RETURN 1"))).applied).toEqual(["9002"]);
    expect(await marked("half")).toEqual(["half-1"]);
  });

  it("is free again when whoever held it is gone", async () => {
    const gone = open();
    await new Promise<void>((resolve) => {
      const never = gone.exclusively("migrate", () => {
        resolve();
        return new Promise<never>(() => {});
      });
      never.catch(() => {});
    });
    let done = false;
    const waiting = migrate(graph, [
      ...project,
      ...(await next()),
      ...(await folderOf({ "9002-half.cypher": `// data: half\n${mark("half-1")};\nRETURN 1;\n` })),
    ]).then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(done).toBe(false);
    await gone.close();
    await waiting;
    expect(done).toBe(true);
  });
});

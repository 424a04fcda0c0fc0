import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { NODE_LABELS } from "../../graph-schema/catalog.js";
import type { AnyQuery } from "../../server/graph/query.js";
import { DIRECTIONS, KINDS, MAX_DEPTH } from "../../server/reads/lineage/lineage.query.js";
import { testGraph } from "../kit/graph.js";
import { duplicates, has, inParallel, mutants, operators, tenantProblems, type Plan } from "../kit/plan.js";
import { projectRoot } from "../kit/project-root.js";

/*
 * The database explains every query there is, and its plan says whose data the query can reach: a regular expression over
 * the text would pass queries that scan every tenant.
 */

/** Whatever calls defineQuery, listed or not. */
const defined = vi.hoisted(() => [] as AnyQuery[]);
vi.mock("../../server/graph/query.js", async (original) => {
  const real = await original<typeof import("../../server/graph/query.js")>();
  return {
    ...real,
    defineQuery: (query: AnyQuery) => {
      defined.push(query);
      return real.defineQuery(query);
    },
  };
});

/** Queries across tenants. Each new one is a decision, made here. */
const PLATFORM = [
  "auditUnsealedTenants",
  "databaseInstant",
  "edgesThatJoinTenants",
  "liveIndexes",
  "nodesWithoutTenant",
  "tenants",
];
/** The only query that asks the full-text index, which knows no tenants. */
const FULL_TEXT = "search";
/**
 * Lineage has a text per root label, direction, depth and choice of edges; a test below proves that those of one direction
 * and choice are alike but for the label and a number. So one label is explained at every depth, the others at a few.
 */
const LINEAGE = new RegExp(
  `^lineage(${NODE_LABELS.join("|")})(${DIRECTIONS.join("|")})(\\d+)(Chosen|Filtered|Weighed)?$`,
);
const EVERY_DEPTH = "Claim";
const SOME_DEPTHS = ["1", "2", "12"];
const WIDTH = 4;

const isExplained = ({ name }: AnyQuery): boolean => {
  const [, label, direction, depth, kind] = LINEAGE.exec(name) ?? [];
  if (label === undefined || label === EVERY_DEPTH) return true;
  // What shows not every node differs behind the expansion, the same for all: of these one text of each label.
  if (kind === "Filtered" || kind === "Weighed") return direction === "UPSTREAM" && depth === "2";
  return SOME_DEPTHS.includes(depth!);
};
/** Each shape of text at its shallowest and deepest, and each root label's own constraint. */
const isMutated = ({ name }: AnyQuery): boolean => {
  const [, label, direction, depth, chosen] = LINEAGE.exec(name) ?? [];
  if (label === undefined) return true;
  if (label === EVERY_DEPTH) return depth === "1" || depth === String(MAX_DEPTH);
  return depth === "1" && direction === "UPSTREAM" && chosen === undefined;
};

const problemsOf = (query: AnyQuery, plan: Plan): string[] =>
  tenantProblems(plan, { mayCallFullText: query.name === FULL_TEXT, mayDelete: deletions.includes(query) });
const explain = async (cypher: string): Promise<Plan> => (await testGraph().explain(cypher)) as Plan;

let queries: readonly AnyQuery[];
/** What erases a tenant: nothing else deletes. */
let deletions: readonly AnyQuery[];
let explained: readonly AnyQuery[];
let plans: Map<string, Plan>;
const tenantQueries = (): AnyQuery[] => explained.filter((query) => query.scope === "tenant");
const planOf = (query: AnyQuery): Plan => plans.get(query.name)!;

beforeAll(async () => {
  ({ QUERIES: queries } = await import("../../server/queries.js"));
  deletions = [...(await import("../../server/tenancy/content.query.js")).deletions.values()];
  explained = queries.filter(isExplained);
  const found = await inParallel(explained, WIDTH, (query) => explain(query.cypher));
  plans = new Map(explained.map((query, i) => [query.name, found[i]!]));
}, 900_000);

describe("the list of queries", () => {
  it("holds each query that any file defines, under a name of its own", async () => {
    const files = (
      await Promise.all(
        ["server", "migrations"].map((folder) => readdir(join(projectRoot, folder), { recursive: true })),
      )
    )
      .flatMap((names, i) => names.map((name) => join(["server", "migrations"][i]!, name)))
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    const texts = await Promise.all(files.map((file) => readFile(join(projectRoot, file), "utf8")));
    const defining = files.filter(
      (file, i) => texts[i]!.includes("defineQuery(") && file !== ["server", "graph", "query.ts"].join(sep),
    );
    expect(defining.length).toBeGreaterThan(10);
    await Promise.all(defining.map((file) => import(join(projectRoot, file))));
    expect(defined.filter((query) => !queries.includes(query)).map((query) => query.name)).toEqual([]);
    expect(queries.filter((query) => !defined.includes(query)).map((query) => query.name)).toEqual([]);
    expect(duplicates(queries)).toEqual([]);
    // A query made without defineQuery wouldn't be seen here.
    const without = texts.filter((text) => /^\s*cypher:/m.test(text) && !text.includes("defineQuery("));
    expect(without).toEqual([]);
  });

  it("names every query across tenants", () => {
    expect(
      queries
        .filter((query) => query.scope === "platform")
        .map((query) => query.name)
        .sort(),
    ).toEqual(PLATFORM);
  });
});

describe("the texts of lineage", () => {
  it("of one direction and choice of edges differ in root label and depth alone, and all the rest is explained", () => {
    const texts = queries.flatMap((query) => {
      const [, label, direction, depth, chosen = ""] = LINEAGE.exec(query.name) ?? [];
      return label === undefined ? [] : [{ query, label, depth, kind: `${direction}${chosen}` }];
    });
    expect(texts).toHaveLength(NODE_LABELS.length * DIRECTIONS.length * MAX_DEPTH * KINDS.length);
    const models = new Map(
      texts
        .filter(({ label, depth }) => label === EVERY_DEPTH && depth === String(MAX_DEPTH))
        .map(({ query, kind }) => [kind, query.cypher]),
    );
    expect(models.size).toBe(DIRECTIONS.length * KINDS.length);
    for (const { query, label, depth, kind } of texts) {
      const model = models.get(kind)!;
      const alike = model
        .replace(`(root:${EVERY_DEPTH} {`, `(root:${label} {`)
        .replace(`*0..${MAX_DEPTH}]`, `*0..${depth}]`);
      expect(query.cypher, query.name).toBe(alike);
    }
    const unexplained = queries.filter((query) => !plans.has(query.name));
    expect(unexplained.filter((query) => !texts.some((text) => text.query === query))).toEqual([]);
  });
});

describe("a tenant's query", () => {
  it("reaches nothing but through a seek that starts with its tenant", () => {
    const bad = tenantQueries().flatMap((query) =>
      problemsOf(query, planOf(query)).map((problem) => `${query.name}: ${problem}`),
    );
    expect(bad).toEqual([]);
  });

  it("is rejected without any one of its tenant predicates", async () => {
    const sampled = tenantQueries().filter(isMutated);
    const cases = sampled.flatMap((query) => mutants(query.cypher).map((cypher) => ({ query, cypher })));
    expect(sampled.filter((query) => mutants(query.cypher).length === 0).map((query) => query.name)).toEqual([]);
    const problems = await inParallel(cases, WIDTH, async ({ query, cypher }) =>
      problemsOf(query, await explain(cypher)),
    );
    const survivors = cases.filter((_, i) => problems[i]!.length === 0);
    console.info(
      `${cases.length - survivors.length} of ${cases.length} mutants killed, of ${sampled.length} queries (each shape of lineage at depths 1 and ${MAX_DEPTH})`,
    );
    expect(survivors.map(({ query, cypher }) => `${query.name}: ${cypher}`)).toEqual([]);
  }, 900_000);

  it("joins two sets of nodes only where each is one node", () => {
    const product = (query: AnyQuery) =>
      operators(planOf(query)).some((operator) => operator.operatorType.startsWith("CartesianProduct"));
    // What it must be is part of the check above; that it's looked at is shown by there being some.
    expect(tenantQueries().filter(product).length).toBeGreaterThan(0);
  });
});

describe("plans", () => {
  it("of keyset pages neither sort nor keep a top", () => {
    const pages = queries.filter(
      (query) => /^list\w+Page$/.test(query.name) && !/^list[A-Za-z]+By[A-Z]/.test(query.name),
    );
    expect(pages.length).toBeGreaterThanOrEqual(8);
    for (const query of pages) {
      expect(has(planOf(query), /Sort|Top/), query.name).toBe(false);
      expect(has(planOf(query), /^NodeUniqueIndexSeek$/), query.name).toBe(true);
    }
  });

  it("of lineage, impact and weakest claims expand breadth first and visit each node once", () => {
    const traversals = explained.filter((query) => /^(lineage|impactOf|weakestClaims)/.test(query.name));
    expect(traversals.length).toBeGreaterThan(250);
    // Over one edge there are no paths to multiply, and the planner makes nothing of it.
    const oneEdge = (query: AnyQuery) =>
      /^lineage\w+?[A-Z]1(Chosen|Filtered|Weighed)?$/.test(query.name) && /\*0\.\.1\]/.test(query.cypher);
    expect(traversals.filter(oneEdge)).toHaveLength(NODE_LABELS.length * 3 * 2 + 3 * 2);
    const slow = traversals.filter((query) => !oneEdge(query) && !has(planOf(query), /^VarLengthExpand\(Pruning,BFS/));
    expect(slow.map((query) => query.name)).toEqual([]);
  });
});

describe("the check itself", () => {
  const rejected = {
    "a scan of all nodes": "MATCH (n) RETURN n.id",
    "a scan of a label": "MATCH (n:Claim) RETURN n.id",
    "a label scan filtered by tenant": "MATCH (n:Claim {tenantId: $tenantId}) RETURN n.id",
    "a look-up by id alone": "MATCH (n:Claim {id: $id}) RETURN n.title",
    "a tenant from somewhere else": "MATCH (n:Claim {tenantId: $other, id: $id}) RETURN n.title",
    "one of two": "MATCH (n:Claim {tenantId: $tenantId, id: $id}) MATCH (m:Fact) RETURN n.id, m.id",
    "a look-up by relationship type": "MATCH ()-[r:STATES]->() RETURN r.validFrom",
    "a look-up by element id": "MATCH (n) WHERE elementId(n) = $id RETURN n.title",
    "a sub-query in an expression":
      "MATCH (n:Claim {tenantId: $tenantId, id: $id}) RETURN [x IN [1] | head([(p:Claim)-[:SUPPORTED_BY]->() | p.id])] AS found",
    "a product of pages":
      "MATCH (a:Claim {tenantId: $tenantId}), (b:Claim {tenantId: $tenantId}) WHERE a.id > $after AND b.id > $after RETURN a.id, b.id",
    "a node of no tenant": "CREATE (n:Claim {id: $id})",
    "a bare node": "CREATE (n) SET n.id = $id",
    "a node of another tenant": "CREATE (n:Claim {tenantId: $other, id: $id})",
    "a node in a loop": "FOREACH (row IN $rows | CREATE (n:Claim {id: row.id}))",
    "a node moved": "MATCH (n:Claim {tenantId: $tenantId, id: $id}) SET n.tenantId = $other",
    "a procedure": "CALL db.index.fulltext.queryNodes('search_title', $lucene) YIELD node AS n RETURN n.title",
    "the catalog of the database": "CALL db.labels() YIELD label RETURN label",
    "a deletion": "MATCH (n:Claim {tenantId: $tenantId, id: $id}) DETACH DELETE n",
    "a file": "LOAD CSV FROM $url AS row RETURN row",
  };
  it.each(Object.entries(rejected))("rejects %s", async (_, cypher) => {
    expect(tenantProblems(await explain(cypher), { mayCallFullText: true })).not.toEqual([]);
  });

  it("rejects the full-text call outside search, and one whose wall is a choice", async () => {
    const search = queries.find((query) => query.name === FULL_TEXT)!;
    expect(tenantProblems(planOf(search), { mayCallFullText: false })).not.toEqual([]);
    const either = search.cypher.replace("n.tenantId = $tenantId AND", "(n.tenantId = $tenantId OR $everyone) AND");
    expect(tenantProblems(await explain(either), { mayCallFullText: true })).not.toEqual([]);
  });
});

import { execute, GraphQLString, parse, validate, type GraphQLError, type GraphQLSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { DomainError } from "../../server/errors.js";
import { createContext } from "../../server/graphql/context.js";
import { formatError } from "../../server/graphql/format-error.js";
import { buildSchema } from "../../server/graphql/schema.js";
import { createServices } from "../../server/services.js";
import { startApi, type GraphQLAnswer, type TestApi } from "../kit/api.js";
import { loosenRoots, rootFields, toDocument } from "../kit/deny-calls.js";
import { denySuite, type Answer, type Ask, type DenyOptions, type DenyReport } from "../kit/deny-suite.js";
import { lifted, newCanary, newIds, plantWorld, stateOf, type World } from "../kit/deny-world.js";
import { environment } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { seeded } from "../kit/random.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/*
 * Three worlds: the callers' own, another tenant's, and a twin of their own with the same ids. Most calls are executed in
 * process, many to a document, by graphql-js; some thousands come over HTTP, each a request of its own.
 */

const CALLS = environment.full
  ? { reads: 90_000, writes: 5_000, http: 5_000 }
  : { reads: 9_000, writes: 600, http: 400 };
const random = seeded(20_261_121);

let mine: TestTenant;
let worlds: { own: World; other: World; twin: World };
let before: readonly string[];
let api: TestApi;
const total: Record<"calls" | "pairs" | "leaks", number> = { calls: 0, pairs: 0, leaks: 0 };

async function newWorld(tenantId: string, ids = newIds(tenantId)): Promise<World> {
  const world = { tenantId, canary: newCanary(), ids };
  await plantWorld(world);
  return world;
}

beforeAll(async () => {
  api = await startApi();
  const [first, second] = [await newTenant(), await newTenant()];
  mine = first;
  const own = await newWorld(first.id);
  const twin = await newWorld(first.twinId, { ...own.ids, Tenant: [`Tenant:${first.twinId}`] });
  worlds = { own, twin, other: await newWorld(second.id) };
  before = await Promise.all([twin, worlds.other].map(({ tenantId }) => stateOf(tenantId)));
});
afterAll(() => api.close());

/** Executes in process, as somebody of the caller's tenant; which roles they have changes from document to document. */
function inProcess(schema: GraphQLSchema): Ask {
  const services = createServices({ graph: testGraph() });
  return async (calls, depth) => {
    const { query, variables } = toDocument(schema, calls, depth);
    const contextValue = createContext({
      services,
      caller: mine.caller(random.pick(ROLES), random.pick(ROLES), "tenant-admin"),
      correlationId: "deny",
      signToken: async () => "signed",
      bookmarks: [],
      notBefore: 0,
      tellWritten: () => {},
    });
    const document = parse(query, { noLocation: true });
    const answer = await execute({ schema, document, variableValues: variables, contextValue });
    return calls.map((_, i) =>
      answerOf(i, { data: answer.data as GraphQLAnswer["data"], errors: (answer.errors ?? []).map(told) }),
    );
  };
}

const told = (error: GraphQLError) => formatError(error.toJSON(), error);

/** What the answer to a document says of its field `c<i>`. */
function answerOf(
  i: number,
  { data, errors = [] }: { data: unknown; errors?: readonly { path?: readonly (string | number)[] | undefined }[] },
): Answer {
  const alias = `c${i}`;
  return {
    data: (data as Record<string, unknown> | null | undefined)?.[alias] ?? null,
    errors: errors
      .filter(({ path }) => path === undefined || path[0] === alias)
      .map(({ path, ...error }) => ({ ...error, locations: null, path: path?.slice(1) })),
  };
}

/** One call a request, through everything that a client's goes through. */
function overHttp(): Ask {
  const schema = buildSchema();
  return async (calls) => {
    // The same for both of a pair, or the roles would tell them apart.
    const roles = [random.pick(ROLES), random.pick(ROLES), "editor" as const];
    return Promise.all(
      calls.map(async (call) => {
        const { query, variables } = toDocument(schema, [call], 3, false);
        const answer = await api.ask(mine.id, query, variables, roles);
        const errors = answer.errors?.map((error) => ({
          ...error,
          extensions: { ...error.extensions, correlationId: "" },
        }));
        return answerOf(0, { data: answer.data, ...(errors === undefined ? {} : { errors }) });
      }),
    );
  };
}

/** Changes, each document on its own: what one does to the tenant, such as a switch, must not come between a pair of another. */
const oneByOne = () => ({ parallel: 1, before: () => lifted(mine.id) });

async function run(
  told: string,
  options: Pick<DenyOptions, "ask" | "kind" | "calls" | "width" | "parallel" | "misshapen" | "before">,
  schema = buildSchema(),
): Promise<DenyReport> {
  const report = await denySuite({ schema, ...worlds, random, ...options });
  total.calls += report.calls;
  total.pairs += report.pairs;
  total.leaks += report.leaks.length;
  expect(report.leaks.slice(0, 5), told).toEqual([]);
  return report;
}

/** What a field that forgets its tenant could tell of another's thing, which it knows or doesn't. */
const LEAKS: Readonly<Record<string, (known: boolean) => unknown>> = {
  "its words": (known) => (known ? `It is about ${worlds.other.canary}.` : null),
  "that it is there": (known) => (known ? "yes" : null),
  "that it isn't yours": (known) => {
    throw known ? new DomainError("FORBIDDEN", "It isn't yours.") : DomainError.notFound();
  },
  "another thing's id": () => worlds.other.ids.Claim[2],
};

describe("a new operation", () => {
  it.each(Object.entries(LEAKS))("that tells %s is caught, without being named anywhere", async (_name, leak) => {
    const schema = loosenRoots(buildSchema());
    const fields = schema.getQueryType()!.getFields();
    const ids = new Set(Object.values(worlds.other.ids).flat());
    fields.planted = {
      ...fields.node!,
      name: "planted",
      type: GraphQLString,
      resolve: (_source, { id }: { id: string }) => leak(ids.has(id)),
    };
    const one = { ...worlds, schema, ask: inProcess(schema), random, kind: "query", only: "planted" } as const;
    const report = await denySuite({ ...one, calls: 200, width: 20, parallel: 1 });
    expect(report.leaks.length).toBeGreaterThan(0);
    // The same field is clean when it tells nothing.
    fields.planted.resolve = () => null;
    const clean = await denySuite({ ...one, calls: 200, width: 20, parallel: 1 });
    expect(clean.leaks).toEqual([]);
  });
});

describe("another tenant's things", () => {
  it("can be asked for in every operation that the schema has, by documents that it accepts", () => {
    const schema = loosenRoots(buildSchema());
    for (const root of rootFields(schema)) {
      const { query } = toDocument(schema, [{ root, args: {} }], 4);
      const problems = validate(schema, parse(query)).filter(({ message }) => !/is required/.test(message));
      expect(
        problems.map(({ message }) => message),
        root.name,
      ).toEqual([]);
    }
  });

  it("are in no answer to a read, and can't be told from what never was", async () => {
    const schema = loosenRoots(buildSchema());
    const report = await run(
      "reads",
      { ask: inProcess(schema), kind: "query", calls: CALLS.reads, width: 30, parallel: 2 },
      schema,
    );
    expect(report.byField.size).toBe(rootFields(schema).filter(({ kind }) => kind === "query").length);
  }, 1_800_000);

  it("are touched by no change, and can't be told from what never was", async () => {
    const schema = loosenRoots(buildSchema());
    const mutations = rootFields(schema).filter(({ kind }) => kind === "mutation").length;
    const width = 10;
    // As many as it takes to have asked each one; a document may hold one call more, where its last is half of a pair.
    const calls = Math.max(CALLS.writes, (width + 1) * mutations);
    const report = await run(
      "writes",
      { ask: inProcess(schema), kind: "mutation", calls, ...oneByOne(), width },
      schema,
    );
    expect(report.byField.size).toBe(mutations);
  }, 1_800_000);

  it("stay hidden over HTTP, whatever shape the variables have", async () => {
    const options = { ask: overHttp(), width: 12, parallel: 2, misshapen: true };
    const reads = await run("reads over HTTP", { ...options, kind: "query", calls: CALLS.http * 0.8 });
    const writes = await run("writes over HTTP", {
      ...options,
      kind: "mutation",
      calls: CALLS.http * 0.2,
      ...oneByOne(),
    });
    expect(reads.calls + writes.calls).toBeGreaterThanOrEqual(CALLS.http);
  }, 1_800_000);

  it("are as they were after all of it", async () => {
    const after = await Promise.all([worlds.twin, worlds.other].map(({ tenantId }) => stateOf(tenantId)));
    expect(after).toEqual(before);
    console.log(`tenancy: ${total.calls} generated calls, ${total.pairs} pairs compared, ${total.leaks} leaks`);
    expect(total.calls).toBeGreaterThanOrEqual(CALLS.reads + CALLS.writes + CALLS.http);
  });
});

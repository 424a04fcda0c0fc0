import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GatewayGraphQLRequestContext } from "@apollo/server-gateway-interface";
import {
  execute,
  Kind,
  parse,
  print,
  validate,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from "graphql";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createContext } from "../../server/graphql/context.js";
import { createExecutor } from "../../server/graphql/execute.js";
import { buildSchema } from "../../server/graphql/schema.js";
import { createServices } from "../../server/services.js";
import { buildChain, buildClaim, buildFact, buildTopic, publish } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { projectRoot } from "../kit/project-root.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

const jit = vi.hoisted(() => ({ compiled: [] as unknown[] }));
vi.mock("graphql-jit", async (original) => {
  const real = await original<typeof import("graphql-jit")>();
  return {
    ...real,
    compileQuery: (...args: Parameters<typeof real.compileQuery>) => {
      const made = real.compileQuery(...args);
      jit.compiled.push(made);
      return made;
    },
  };
});

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("gql"))
    .map((file) => readFileSync(join(projectRoot, folder, file), "utf8"));
}

/** Every operation of the page, with the fragments that it needs. */
function documentsOfThePage(): { name: string; document: DocumentNode }[] {
  const texts = sourcesUnder("ui").flatMap((text) =>
    [...text.matchAll(/graphql\(\s*(?:\/\* GraphQL \*\/)?\s*`([^`]*)`/g)].map(([, found]) => found!),
  );
  const definitions = texts.flatMap((text) => parse(text, { noLocation: true }).definitions);
  const fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
  );
  return definitions.flatMap((operation) => {
    if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
    const needed = new Set<string>();
    const collect = (node: Parameters<typeof visit>[0]): void => {
      visit(node, {
        FragmentSpread({ name }) {
          if (needed.has(name.value)) return;
          needed.add(name.value);
          collect(fragments.get(name.value)!);
        },
      });
    };
    collect(operation);
    // Printed and parsed again, so that it has locations as a request's document has.
    const text = [operation, ...[...needed].map((name) => fragments.get(name)!)].map((node) => print(node)).join("\n");
    return [{ name: operation.name?.value ?? "unnamed", document: parse(text) }];
  });
}

/** Documents in the suite's tests that stand for themselves: no parts, no placeholders. */
function documentsOfTheSuite(schema: GraphQLSchema): { name: string; document: DocumentNode }[] {
  const texts = sourcesUnder("test/integration").flatMap((text) =>
    [...text.matchAll(/[`"']((?:query|mutation|\{)[^`]*?\})[`"'][;,)\]]/g)].map(([, found]) => found!),
  );
  const found = new Map<string, DocumentNode>();
  for (const text of texts) {
    if (text.includes("${")) continue;
    try {
      const document = parse(text);
      if (validate(schema, document).length === 0) found.set(text, document);
    } catch {
      // What a test sends to see it refused.
    }
  }
  return [...found].map(([text, document]) => ({ name: text.slice(0, 60), document }));
}

describe("the executor", { timeout: 90_000 }, () => {
  const schema = buildSchema();
  const services = createServices({ graph: testGraph() });
  let t: TestTenant;
  let chain: Awaited<ReturnType<typeof buildChain>>;
  const now = Date.now() + 3_600_000;

  beforeAll(async () => {
    t = await newTenant();
    chain = await buildChain(t);
    await buildTopic(t, { title: "Water" });
    await buildClaim(t, { contradicts: [chain.fact], considered: [await buildFact(t)] });
    await publish(t, chain.episode);
  });
  afterAll(() => {
    jit.compiled.length = 0;
  });
  afterEach(() => {
    jit.compiled.length = 0;
  });

  const contextOf = (caller = t.caller("editor")) =>
    createContext({
      services,
      caller,
      correlationId: "test",
      signToken: () => Promise.reject(new Error("no document here asks for a token")),
      bookmarks: [],
      notBefore: now,
      tellWritten: () => {},
    });
  const request = (
    document: DocumentNode,
    variables: object,
    queryHash = print(document),
  ): GatewayGraphQLRequestContext =>
    ({
      document,
      queryHash,
      operationName: null,
      request: { variables },
      context: contextOf(),
    }) as unknown as GatewayGraphQLRequestContext;
  /** As an answer goes out: names, order and all; errors without their stacks. */
  const told = ({ data, errors }: ExecutionResult) =>
    JSON.parse(
      JSON.stringify({
        data,
        errors: errors?.map((error) => ({
          ...error.toJSON(),
          cause: error.originalError?.message,
          code: (error.originalError as { code?: string } | undefined)?.code,
        })),
      }),
    ) as { data: unknown; errors?: object[] };

  const variableSets = (): object[] => {
    const sets: object[] = [
      {},
      { id: "nonsense", first: 1, depth: 1, direction: "UPSTREAM", text: "water" },
      { id: 5, first: "x", text: [] },
    ];
    for (const id of [chain.episode, chain.claim, chain.source, "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1"]) {
      sets.push({
        id,
        first: 20,
        depth: 3,
        direction: "BOTH",
        text: "water",
        asOf: null,
        labels: null,
        after: null,
        filter: null,
      });
    }
    sets.push({ id: chain.claim, first: 0, depth: 99, direction: "SIDEWAYS", text: "" });
    return sets;
  };

  it(
    "answers every document of the page and of the suite as graphql-js does, errors included",
    { timeout: 240_000 },
    async () => {
      const page = documentsOfThePage();
      const suite = documentsOfTheSuite(schema);
      expect(page.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["Lineage_Answer", "SearchPage_Results", "ImpactPanel_Impact", "HomePage_Overview"]),
      );
      expect(suite.length).toBeGreaterThan(10);
      let compared = 0;
      for (const { name, document } of [...page, ...suite]) {
        expect(validate(schema, document), name).toEqual([]);
        // A mutation would make something new each time.
        if (document.definitions.some((one) => one.kind === Kind.OPERATION_DEFINITION && one.operation !== "query"))
          continue;
        const executor = createExecutor(schema);
        await executor(request(document, {}));
        const known = new Set<string>();
        const takes = document.definitions
          .flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? (one.variableDefinitions ?? []) : []))
          .map((one) => one.variable.name.value);
        for (const all of variableSets()) {
          const variables = Object.fromEntries(Object.entries(all).filter(([variable]) => takes.includes(variable)));
          const key = JSON.stringify(variables);
          if (known.has(key)) continue;
          known.add(key);
          const wanted = await execute({ schema, document, contextValue: contextOf(), variableValues: variables });
          const given = await executor(request(document, variables));
          expect(told(given), `${name} ${key}`).toEqual(told(wanted));
          // The order of fields is the document's.
          expect(JSON.stringify(given.data), `${name} ${key}`).toBe(JSON.stringify(wanted.data));
          compared++;
        }
      }
      expect(jit.compiled.length).toBeGreaterThan(20);
      expect(compared).toBeGreaterThan(100);
    },
  );

  it("compares mutations by their refusals and replays", async () => {
    const document = parse(
      `mutation ($input: CreateTopicInput!) { createTopic(input: $input) { __typename topic { id title version } operationId replayed problems { code message path } } }`,
    );
    const executor = createExecutor(schema);
    const inputs = [
      { title: "Twice", operationId: operationId(), reason: "a test" },
      { title: "", operationId: "short", reason: "" },
      { title: "Without an operation" },
      { title: 5, operationId: operationId(), reason: "x" },
      null,
    ];
    await executor(request(document, { input: inputs[0] }));
    for (const input of inputs) {
      const wanted = await execute({ schema, document, contextValue: contextOf(), variableValues: { input } });
      expect(told(await executor(request(document, { input }))), JSON.stringify(input)).toEqual(told(wanted));
    }
  });

  it("compiles a document on its second use, and once", async () => {
    const executor = createExecutor(schema);
    const document = parse("{ viewer { name } }");
    for (const uses of [0, 1, 1, 1]) {
      expect((await executor(request(document, {}))).data).toEqual({ viewer: { name: "Tess Tester" } });
      expect(jit.compiled).toHaveLength(uses);
    }
  });

  it("keeps 500 compiled documents, those used last", async () => {
    const executor = createExecutor(schema);
    const nth = (n: number) => parse(`{ a${n}: viewer { name } }`);
    const use = (n: number) => executor(request(nth(n), {}));
    for (let n = 0; n < 501; n++) {
      await use(n);
      await use(n);
      // The first stays in use.
      await use(0);
    }
    expect(jit.compiled).toHaveLength(501);
    await use(0);
    await use(500);
    expect(jit.compiled, "kept").toHaveLength(501);
    expect((await use(1)).data).toEqual({ a1: { name: "Tess Tester" } });
    expect(jit.compiled, "the one used longest ago went first").toHaveLength(502);
  });

  it("leaves to graphql-js what graphql-jit refuses", async () => {
    const executor = createExecutor(schema);
    // Two operations and no name: nothing to compile.
    const document = parse("query A { viewer { name } } query B { viewer { name } }");
    for (let use = 0; use < 3; use++) {
      const { errors, data } = await executor(request(document, {}));
      expect(data).toBeUndefined();
      expect(errors?.[0]?.message).toMatch(/Must provide operation name/);
    }
  });
});

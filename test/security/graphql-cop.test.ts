import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSchema } from "../../server/graphql/schema.js";
import { startApi, type TestApi } from "../kit/api.js";
import { newTenant } from "../kit/tenant.js";

/*
 * The checks of graphql-cop, told by us in the same requests, and the question that clairvoyance asks of every name. What
 * a check answers is whether it found something.
 */

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
type Check = (send: Send) => Promise<boolean>;
type Send = (init: RequestInit & { query?: string }) => Promise<Told>;

const post =
  (query: string, more: object = {}): Check =>
  async (send) =>
    executed(await send(json({ query, ...more })));
const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const get = (query: string): RequestInit & { query: string } => ({
  method: "GET",
  query: `?query=${encodeURIComponent(query)}`,
});
const repeated = (n: number, of: (i: number) => string): string => Array.from({ length: n }, (_, i) => of(i)).join(" ");

/** Whether any of it was done, rather than refused as a whole. */
function executed({ text }: Told): boolean {
  try {
    const told = JSON.parse(text) as { data?: object | null } | { data?: object | null }[];
    return [told].flat().some(({ data }) => data !== undefined && data !== null);
  } catch {
    return false;
  }
}

const CHECKS: Readonly<Record<string, Check>> = {
  "alias overloading": post(`{ ${repeated(101, (i) => `alias${i}: __typename`)} }`),
  "array-based batching": async (send) => executed(await send(json(Array(10).fill({ query: "{ __typename }" })))),
  "directive overloading": post(`{ __typename ${"@aa".repeat(10)} }`),
  "directives repeated": post(`{ __typename ${repeated(10, () => "@skip(if: false)")} }`),
  "field duplication": post(`{ ${repeated(500, () => "__typename")} }`),
  "circular introspection": post(
    "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }",
  ),
  introspection: post("{ __schema { queryType { name } types { name } } }"),
  "a mutation by GET": async (send) => executed(await send(get("mutation { __typename }"))),
  "a query by GET without a header": async (send) => executed(await send(get("{ __typename }"))),
  "a urlencoded POST": async (send) =>
    executed(
      await send({
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `query=${encodeURIComponent("{ __typename }")}`,
      }),
    ),
  tracing: async (send) => {
    const { text, headers } = await send(json({ query: "{ __typename }" }));
    return /"tracing"|"extensions":\{/.test(text) || headers.has("x-trace") || headers.has("server-timing");
  },
  "field suggestions": async (send) => /did you mean/i.test((await send(json({ query: "{ viewr { name } }" }))).text),
  "an IDE": async (send) => {
    const { text } = await send({ method: "GET", headers: { accept: "text/html" } });
    return /graphiql|playground|apollo sandbox|<html/i.test(text);
  },
  "an unhandled error": async (send) => {
    const told = await Promise.all(
      ["qwerty { a b", "{ __typename ", "@@@", "\u0000"].map((query) => send(json({ query }))),
    );
    return told.some(({ status, text }) => status >= 500 || /exception|stack|node_modules/i.test(text));
  },
};

/** The schema is for developers; even they get it in one piece only, since graphql-js bounds how deep introspection goes. */
const KNOWN_IN_DEVELOPMENT = ["introspection"];

describe("what graphql-cop looks for", { timeout: 120_000 }, () => {
  let development: TestApi;
  let production: TestApi;
  let tenantId: string;
  beforeAll(async () => {
    development = await startApi();
    production = await startApi({ NODE_ENV: "production" });
    tenantId = (await newTenant()).id;
  });
  afterAll(async () => {
    await development.close();
    await production.close();
  });

  const sender =
    (api: TestApi, token: string): Send =>
    async ({ query = "", headers, ...init }) => {
      const answer = await fetch(`${api.url}/graphql${query}`, {
        ...init,
        headers: { ...headers, authorization: `Bearer ${token}` },
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
  const findings = async (api: TestApi): Promise<string[]> => {
    const send = sender(api, await api.token(tenantId, "tenant-admin"));
    const found: string[] = [];
    for (const [name, check] of Object.entries(CHECKS)) if (await check(send)) found.push(name);
    return found;
  };

  it("isn't there in production, and in development only what developers need is", async () => {
    // The checks can find something: what is allowed answers.
    const send = sender(production, await production.token(tenantId, "analyst"));
    expect(await post("{ __typename }")(send)).toBe(true);
    const [inProduction, inDevelopment] = [await findings(production), await findings(development)];
    console.log(
      `graphql-cop: ${Object.keys(CHECKS).length} checks, ${inProduction.length} findings in production, ${inDevelopment.length} in development (${inDevelopment.join(", ")})`,
    );
    expect(inProduction).toEqual([]);
    expect(inDevelopment).toEqual(KNOWN_IN_DEVELOPMENT);
  });

  it("and no wrong name is answered with a right one, wherever it stands", async () => {
    const probes = probesOfSchema();
    expect(probes.length).toBeGreaterThan(400);
    const send = sender(production, await production.token(tenantId, "tenant-admin"));
    const leaks: string[] = [];
    let refused = 0;
    for (const { right, body } of probes) {
      const { status, text } = await send(json(body));
      if (status === 400) refused++;
      if (/did you mean/i.test(text) || text.includes(`\\"${right}\\"`)) leaks.push(`${right}: ${text.slice(0, 300)}`);
    }
    console.log(`suggestions: ${probes.length} names almost right, ${leaks.length} told the right one`);
    expect(leaks).toEqual([]);
    // Each was wrong, and was told so.
    expect(refused).toBe(probes.length);
  });
});

interface Probe {
  /** The name that mustn't be told. */
  readonly right: string;
  readonly body: { readonly query: string; readonly variables?: object };
}

/** One letter wrong: near enough for every suggestion there is. */
const almost = (name: string): string => `${name.slice(0, -1)}${name.endsWith("q") ? "w" : "q"}`;

/** A wrong name for every field, argument, input field, enum value and type, in documents and in variables, all else being right. */
function probesOfSchema(): Probe[] {
  const schema = buildSchema();
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith("__"));
  const probes: Probe[] = [];
  const add = (right: string, query: string, variables?: object) =>
    probes.push({ right, body: { query, ...(variables === undefined ? {} : { variables }) } });

  for (const type of types) {
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        const wrong = almost(field.name);
        if (type.getFields()[wrong] !== undefined) continue;
        add(field.name, `fragment F on ${type.name} { ${wrong} } { __typename ...F }`);
        for (const argument of field.args) {
          const others = field.args.filter((one) => one !== argument || isNonNullType(one.type));
          const given = others.map((one) => `${one.name}: ${written(one.type)}`);
          const selection = isObjectType(getNamedType(field.type)) || isInterfaceType(getNamedType(field.type));
          add(
            argument.name,
            `fragment F on ${type.name} { ${field.name}(${[...given, `${almost(argument.name)}: 1`].join(", ")}) ${selection ? "{ __typename }" : ""} } { __typename ...F }`,
          );
        }
      }
      add(type.name, `{ ... on ${almost(type.name)} { __typename } }`);
    }
  }
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      for (const argument of field.args) {
        const operation = root === schema.getMutationType() ? "mutation" : "query";
        const others = field.args.filter((one) => one !== argument && isNonNullType(one.type));
        const given = [...others.map((one) => `${one.name}: ${written(one.type)}`), `${argument.name}: $it`];
        const query = `${operation} ($it: ${String(argument.type)}) { ${field.name}(${given.join(", ")}) { __typename } }`;
        for (const { right, value } of wrongValues(argument.type)) add(right, query, { it: value });
      }
    }
  }
  return probes;
}

const fieldsOf = (type: GraphQLInputType): GraphQLInputField[] => {
  const named = getNamedType(type);
  return isInputObjectType(named) ? Object.values(named.getFields()) : [];
};

/** Values of the type with one name wrong, at any depth. */
function wrongValues(type: GraphQLInputType): { right: string; value: unknown }[] {
  const named = getNamedType(type);
  const wrap = (value: unknown): unknown => (isListType(isNonNullType(type) ? type.ofType : type) ? [value] : value);
  if (isEnumType(named)) return named.getValues().map(({ name }) => ({ right: name, value: wrap(almost(name)) }));
  return fieldsOf(type).flatMap((field) => [
    { right: field.name, value: wrap({ ...(sample(named as GraphQLInputType) as object), [almost(field.name)]: 1 }) },
    ...wrongValues(field.type).map(({ right, value }) => ({
      right,
      value: wrap({ ...(sample(named as GraphQLInputType) as object), [field.name]: value }),
    })),
  ]);
}

/** A right value, as JSON. */
function sample(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sample(type.ofType as GraphQLInputType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const required = fieldsOf(type).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, sample(field.type)]));
  }
  if (type.name === "DateTime") return "2026-11-21T00:00:00Z";
  if (type.name === "Boolean") return true;
  return type.name === "Int" || type.name === "Float" ? 1 : "x";
}

/** A right value, as a document writes it. */
function written(type: GraphQLArgument["type"]): string {
  const write = (value: unknown, of: GraphQLInputType): string => {
    const bare = isNonNullType(of) ? (of.ofType as GraphQLInputType) : of;
    if (isEnumType(bare)) return String(value);
    if (!isInputObjectType(bare)) return JSON.stringify(value);
    const parts = Object.entries(value as object).map(
      ([name, one]) => `${name}: ${write(one, bare.getFields()[name]!.type)}`,
    );
    return `{ ${parts.join(", ")} }`;
  };
  return write(sample(type), type);
}

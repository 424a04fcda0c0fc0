import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, Kind, parse, type OperationDefinitionNode } from "graphql";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../test/kit/project-root.js";
import { costOf } from "./cost.js";
import { LIMITS } from "./limits.js";
import { buildSchema as buildOurs } from "./schema.js";

const schema = buildSchema(`
  type Query { one: Thing things(first: Int! = 20): Things named(first: String): Things }
  type Things { count: Int info: Info edges: [Edge!]! }
  type Info { more: Boolean }
  type Edge { node: Thing! }
  interface Named { name: String parts: [Thing!]! }
  type Thing implements Named { name: String parts: [Thing!]! of: Thing more(first: Int! = 20): Things }
`);

function cost(query: string, variables: object = {}, within = schema): number {
  const document = parse(query);
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  )!;
  return costOf(within, document, operation, { ...variables });
}

describe("the cost of a document", () => {
  it("is the objects that it could answer with", () => {
    expect(cost("{ __typename }")).toBe(0);
    expect(cost("{ one { name } }")).toBe(1);
    expect(cost("{ one { of { of { name } } } }")).toBe(3);
    expect(cost("{ one { parts { parts { name } } } }")).toBe(1 + 10 + 100);
    expect(cost("{ things { count } }")).toBe(1);
    expect(cost("{ things { info { more } edges { node { name } } } }")).toBe(1 + 1 + 20 + 20);
    expect(cost("{ things(first: 500) { edges { node { parts { name } } } } }")).toBe(1 + 500 + 500 + 5_000);
    expect(cost("{ things(first: 5) { edges { node { more(first: 7) { edges { node { name } } } } } } }")).toBe(
      1 + 5 + 5 + 5 + 2 * 5 * 7,
    );
  });

  it("takes page sizes from wherever a caller can write them", () => {
    const edges = "{ edges { node { name } } }";
    expect(cost(`query ($n: Int!) { things(first: $n) ${edges} }`, { n: 30 })).toBe(61);
    expect(cost(`query ($n: Int! = 40) { things(first: $n) ${edges} }`)).toBe(81);
    expect(cost(`query ($n: Int! = 40) { things(first: $n) ${edges} }`, { n: 3 })).toBe(7);
    expect(cost(`query ($n: Int) { things(first: $n) ${edges} }`)).toBe(41);
    for (const n of [null, "x", -1, 0, {}])
      expect(cost(`query ($n: Int!) { things(first: $n) ${edges} }`, { n })).toBe(41);
    expect(cost(`{ named(first: "9") ${edges} }`)).toBe(1 + 10 + 10);
  });

  it("looks into fragments, once each", () => {
    expect(cost("{ one { ...F } } fragment F on Thing { parts { name } }")).toBe(11);
    expect(cost("{ one { ... on Thing { parts { name } } ... { of { name } } } }")).toBe(12);
    expect(cost("{ things(first: 3) { ...P } } fragment P on Things { edges { node { name } } }")).toBe(7);
    expect(cost("{ one { ... on Named { parts { name } } } }")).toBe(11);
    const chain = Array.from(
      { length: 25 },
      (_, i) => `fragment F${i} on Thing { ${i === 24 ? "of { name }" : `...F${i + 1} ...F${i + 1}`} }`,
    );
    const start = performance.now();
    expect(cost(`{ one { ...F0 } } ${chain.join(" ")}`)).toBe(1 + 2 ** 24);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("is within the limit for the biggest page of every list, and for whatever the page asks", () => {
    const ours = buildOurs();
    expect(
      cost("{ claims(first: 500) { edges { node { evidence { fact { snapshot { id } } } } } } }", {}, ours),
    ).toBeLessThan(LIMITS.cost);
    const texts = readdirSync(join(projectRoot, "ui"), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("gql"))
      .map((file) => readFileSync(join(projectRoot, "ui", file), "utf8"))
      .flatMap((text) => [...text.matchAll(/graphql\(\s*\/\* GraphQL \*\/ `([^`]+)`/g)].map(([, text]) => text!));
    const fragments = texts.filter((text) => /^\s*fragment /.test(text));
    const operations = texts.filter((text) => /^\s*(query|mutation) /.test(text));
    expect(operations.length).toBeGreaterThan(5);
    expect(fragments.length).toBeGreaterThan(3);
    for (const operation of operations) {
      // Its page at its biggest, as far as lineage goes: the page never asks for more at once.
      expect(cost(`${operation} ${fragments.join(" ")}`, { first: 5_000 }, ours), operation).toBeLessThan(LIMITS.cost);
    }
  });

  it("refuses what leads in circles through pages", () => {
    const circles =
      "{ scenes(first: 500) { edges { node { episode { scenes { episode { scenes { episode { scenes { id } } } } } } } } } }";
    expect(cost(circles, {}, buildOurs())).toBeGreaterThan(LIMITS.cost);
  });
});

import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { LIMITS } from "./limits.js";
import { documentLimits } from "./validation.js";

const schema = buildSchema("type Query { a: A } type A { a: A name: String }");
const problems = (document: string): string[] =>
  validate(schema, parse(document), [documentLimits]).map(({ message }) => message);
const nested = (levels: number): string => `${"a { ".repeat(levels - 1)}name${" }".repeat(levels - 1)}`;

describe("what a document may ask", () => {
  it("is fifteen aliases, a repeated `__typename` counted", () => {
    const aliases = (n: number, names = 0) =>
      `{ ${Array.from({ length: n }, (_, i) => `x${i}: a { name }`).join(" ")} ${"__typename ".repeat(names)} }`;
    expect(problems(aliases(LIMITS.aliases))).toEqual([]);
    expect(problems(aliases(LIMITS.aliases + 1))).toEqual([
      "The document has too many aliases (a repeated `__typename` counts as one): at most 15.",
    ]);
    expect(problems(aliases(10, 6))).toEqual([]);
    expect(problems(aliases(10, 7))).toHaveLength(1);
    expect(problems(aliases(0, 17))).toHaveLength(1);
    expect(problems(aliases(15).replace("}", "t: __typename }"))).toHaveLength(1);
    expect(problems(`{ a { ...F } } fragment F on A ${aliases(16)}`)).toHaveLength(1);
  });

  it("isn't bounded by the `__typename` that a client's cache adds to every selection set", () => {
    const named = (levels: number): string => (levels === 0 ? "name" : `... on A { ${named(levels - 1)} __typename }`);
    expect(problems(`{ a { ${named(30)} __typename } __typename }`)).toEqual([]);
    expect(problems(`{ a { ${named(30)} __typename } ${"__typename ".repeat(17)} }`)).toHaveLength(1);
  });

  it("is three directives on a field and twenty in all", () => {
    const skip = "@skip(if: false) ";
    expect(problems(`{ a { name ${skip.repeat(3)} } }`)).toEqual([]);
    expect(problems(`{ a { name ${skip.repeat(4)} } }`)).toEqual([expect.stringContaining("on one field")]);
    const fields = (n: number) => `{ ${`... on Query ${skip} { a { name } } `.repeat(n)} }`;
    expect(problems(fields(20))).toEqual([]);
    expect(problems(fields(21))).toEqual([expect.stringContaining("too many directives: at most 20")]);
  });

  it("is fifteen levels of fields, fragments looked into", () => {
    expect(problems(`{ ${nested(15)} }`)).toEqual([]);
    expect(problems(`{ ${nested(16)} }`)).toEqual([expect.stringContaining("levels of fields")]);
    expect(problems(`{ ${nested(10).replace("name", "...F")} } fragment F on A { ${nested(6)} }`)).toEqual([]);
    expect(problems(`{ ${nested(10).replace("name", "...F")} } fragment F on A { ${nested(7)} }`)).toHaveLength(1);
    expect(problems(`{ ${nested(10).replace("name", `... on A { ${nested(7)} }`)} }`)).toHaveLength(1);
  });

  it("is judged in time, whatever spreads what", () => {
    // Each fragment spreads the next one twice: 2^25 ways through.
    const chain = Array.from(
      { length: 25 },
      (_, i) => `fragment F${i} on A { ${i === 24 ? "name" : `...F${i + 1} ...F${i + 1}`} }`,
    ).join(" ");
    const start = performance.now();
    expect(problems(`{ a { ...F0 } } ${chain}`)).toEqual([]);
    expect(problems("{ a { ...F } } fragment F on A { a { ...F } }")).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

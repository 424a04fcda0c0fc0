import neo4j from "neo4j-driver";
import { describe, expect, it } from "vitest";
import { toDriverValue } from "./values.js";

describe("toDriverValue", () => {
  it.each([0, -1, 42, 253_402_300_799_999, Number.MAX_SAFE_INTEGER])("sends %d as an integer", (value) => {
    const sent = toDriverValue(value);
    expect(neo4j.isInt(sent)).toBe(true);
    expect(neo4j.int(sent as never).toNumber()).toBe(value);
  });

  it.each([0.5, -1.25, 1e300, Number.MAX_SAFE_INTEGER + 1])("sends %d as it is", (value) => {
    expect(toDriverValue(value)).toBe(value);
  });

  it("goes into lists and maps, and leaves out nothing", () => {
    expect(toDriverValue({ a: [1, { b: 2 }], c: undefined, d: null, e: "x", f: true })).toEqual({
      a: [neo4j.int(1), { b: neo4j.int(2) }],
      c: null,
      d: null,
      e: "x",
      f: true,
    });
  });

  it("leaves what it was given as it was", () => {
    const given = { rows: [{ n: 1 }] };
    toDriverValue(given);
    expect(given).toEqual({ rows: [{ n: 1 }] });
  });
});

import { describe, expect, it } from "vitest";
import { DomainError } from "../errors.js";
import { formatCursor, parseCursor, skipOf } from "./cursor.js";

const question = ["lineage", "Claim:1", "UPSTREAM", 3, null];
const cursor = { asOf: 1_770_000_000_000, position: 500 };
const context = { now: cursor.asOf + 1_000 };

function refusal(text: string, asked: unknown = question, asOf: number | null = null): DomainError {
  try {
    parseCursor(context, text, asked, asOf);
  } catch (error) {
    return error as DomainError;
  }
  throw new Error(`taken: ${text}`);
}

describe("a cursor", () => {
  it("carries its instant and place to the next page of the same question", () => {
    const text = formatCursor(cursor, question);
    expect(text).toMatch(/^[\w-]+$/);
    expect(parseCursor(context, text, [...question], null)).toEqual(cursor);
    expect(parseCursor(context, text, question, cursor.asOf)).toEqual(cursor);
    const named = formatCursor({ ...cursor, position: "01JD" }, question);
    expect(parseCursor(context, named, question, undefined).position).toBe("01JD");
  });

  it("is refused by another question and for another instant, naming `after`", () => {
    const text = formatCursor(cursor, question);
    for (const error of [
      refusal(text, ["lineage", "Claim:2", "UPSTREAM", 3, null]),
      refusal(text, []),
      refusal(text, question, cursor.asOf + 1),
    ]) {
      expect(error).toMatchObject({ code: "BAD_INPUT", field: "after" });
    }
  });

  it("is refused when its instant lies in the future, as an `asOf` would be", () => {
    const text = formatCursor(cursor, question);
    // A process whose clock is a little ahead made it.
    expect(parseCursor({ now: cursor.asOf - 1_000 }, text, question, null)).toEqual(cursor);
    for (const asOf of [context.now + 3_600_000, 253_402_300_799_999]) {
      const error = refusal(formatCursor({ ...cursor, asOf }, question));
      expect(error).toMatchObject({ code: "BAD_INPUT", field: "after" });
      expect(error.message).toMatch(/`after` lies in the future/);
    }
  });

  it("says how much was shown only where it is a count", () => {
    expect([skipOf(null), skipOf(cursor)]).toEqual([0, 500]);
    for (const position of ["500", "1e15", "", "x"])
      expect(() => skipOf({ ...cursor, position })).toThrow(/`after` is no cursor/);
  });

  it("is refused when it is nothing of ours", () => {
    const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [, , , hash] = JSON.parse(Buffer.from(formatCursor(cursor, question), "base64url").toString()) as [
      number,
      number,
      number,
      string,
    ];
    for (const text of [
      "",
      "x",
      "....",
      coded(null),
      coded([]),
      coded({}),
      coded([2, 1, 1, hash]),
      coded([1, 1.5, 1, hash]),
      coded([1, 1, -1, hash]),
      coded([1, 1, 1e12, hash]),
      coded([1, 1, "x".repeat(101), hash]),
      coded([1, 1, null, hash]),
      "x".repeat(100_000),
    ]) {
      expect(refusal(text), text.slice(0, 40)).toMatchObject({ code: "BAD_INPUT", field: "after" });
    }
  });
});

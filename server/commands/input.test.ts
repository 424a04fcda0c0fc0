import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { day, envelope, httpUrl, instant, nodeId, text, toProblems, verbatim } from "./input.js";

const ULID = "01JD3Z5X9QW8R7T6Y5V4N3M2K1";
const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

describe("text", () => {
  it("trims and composes what it takes", () => {
    expect(text().parse("  Cafe\u0301 \n")).toBe("Caf\u00e9");
  });

  it("keeps tabs and line ends inside", () => {
    expect(text().parse("a\tb\r\nc")).toBe("a\tb\r\nc");
  });

  it.each(["", "   ", "\n\t"])("refuses %j as empty", (value) => {
    expect(accepts(text(), value)).toBe(false);
  });

  it.each(["a\u0000b", "\u0008", "\u000b", "\u001f", "a\u007f", "\u0085x", "\ud800", "x\udc00", "\udc00\ud800"])(
    "refuses damage in %j",
    (value) => {
      expect(accepts(text(), value)).toBe(false);
      expect(accepts(verbatim(), value)).toBe(false);
    },
  );

  it("takes whole surrogate pairs", () => {
    expect(text().parse("\u{1f600}")).toBe("\u{1f600}");
  });

  it("takes as many characters as allowed and not one more", () => {
    expect(accepts(text(3), "abc")).toBe(true);
    expect(accepts(text(3), "abcd")).toBe(false);
  });

  it.each([null, undefined, 1, {}, ["a"]])("refuses %j, which isn't text", (value) => {
    expect(accepts(text(), value)).toBe(false);
  });
});

describe("verbatim", () => {
  it("keeps white space, and nothing at all", () => {
    expect(verbatim().parse("  a  ")).toBe("  a  ");
    expect(verbatim().parse("")).toBe("");
  });

  it("composes what it takes", () => {
    expect(verbatim().parse("e\u0301 ")).toBe("\u00e9 ");
  });
});

describe("httpUrl", () => {
  it.each(["http://a.example", "https://a.example/b?c=d#e"])("takes %s", (value) => {
    expect(httpUrl.parse(value)).toBe(value);
  });

  it.each([
    "ftp://a.example",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "//a.example",
    "a.example",
    "http://",
    "https://a b.example",
  ])("refuses %s", (value) => {
    expect(accepts(httpUrl, value)).toBe(false);
  });

  it("refuses more than 2,000 characters", () => {
    expect(accepts(httpUrl, `https://a.example/${"x".repeat(2_000)}`)).toBe(false);
  });
});

describe("nodeId", () => {
  it("takes an id of its labels apart", () => {
    expect(nodeId("Claim", "Fact").parse(`Fact:${ULID}`)).toEqual({ label: "Fact", id: ULID });
  });

  it.each([
    `Source:${ULID}`,
    ULID,
    `claim:${ULID}`,
    `Claim:${ULID.toLowerCase()}`,
    `Claim:${ULID} `,
    "Claim:",
    "",
    `Claim:${"1".repeat(200)}`,
  ])("refuses %s", (value) => {
    expect(accepts(nodeId("Claim", "Fact"), value)).toBe(false);
  });

  it("says what it wants", () => {
    const refused = nodeId("Claim").safeParse("x");
    expect(refused.error?.issues[0]?.message).toMatch(/id of a Claim/);
  });
});

describe("instant", () => {
  it("takes whole milliseconds and dates", () => {
    expect(instant.parse(0)).toBe(0);
    expect(instant.parse(new Date("2026-11-21T00:00:00Z"))).toBe(Date.UTC(2026, 10, 21));
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 253_402_300_800_000, "2026-11-21", new Date("never")])(
    "refuses %s",
    (value) => {
      expect(accepts(instant, value)).toBe(false);
    },
  );
});

describe("day", () => {
  it("takes days that the calendar has", () => {
    expect(day.parse("2024-02-29")).toBe("2024-02-29");
  });

  it.each(["2026-02-29", "2026-13-01", "2026-1-1", "21.11.2026", ""])("refuses %s", (value) => {
    expect(accepts(day, value)).toBe(false);
  });
});

describe("envelope", () => {
  it.each(["12345678", "import/abc:1_2.3-4", "x".repeat(128)])("takes the operation id %s", (operationId) => {
    expect(accepts(envelope, { operationId, reason: "because" })).toBe(true);
  });

  it.each(["1234567", "x".repeat(129), "with space", "ümlaut-1234", "12345678\n", "", null])(
    "refuses the operation id %j",
    (operationId) => {
      expect(accepts(envelope, { operationId, reason: "because" })).toBe(false);
    },
  );

  it("wants a reason", () => {
    expect(accepts(envelope, { operationId: "12345678" })).toBe(false);
    expect(accepts(envelope, { operationId: "12345678", reason: " " })).toBe(false);
  });
});

describe("toProblems", () => {
  it("names each field, and at most 20 of them", () => {
    const refused = envelope.safeParse({});
    expect(toProblems(refused.error!).map(({ code, path }) => [code, path])).toEqual([
      ["BAD_INPUT", "operationId"],
      ["BAD_INPUT", "reason"],
    ]);
    const many = nodeId("Claim")
      .array()
      .safeParse(Array.from({ length: 50 }, () => "x"));
    const problems = toProblems(many.error!);
    expect(problems).toHaveLength(20);
    expect(problems[3]?.path).toBe("3");
  });
});

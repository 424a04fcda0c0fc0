import { Kind } from "graphql";
import { describe, expect, it } from "vitest";
import { FOREVER } from "../../graph-schema/time.js";
import { DateTime } from "./scalars.js";

describe("an instant", () => {
  it("is epoch milliseconds inside and ISO 8601 outside", () => {
    expect(DateTime.serialize(Date.UTC(2026, 10, 21, 6))).toBe("2026-11-21T06:00:00.000Z");
    expect(DateTime.serialize(FOREVER)).toBe("9999-12-31T23:59:59.999Z");
    for (const [text, instant] of [
      ["2026-11-21T06:00:00.000Z", Date.UTC(2026, 10, 21, 6)],
      ["2026-11-21T06:00Z", Date.UTC(2026, 10, 21, 6)],
      ["2026-11-21T06:00:00.123456789Z", Date.UTC(2026, 10, 21, 6, 0, 0, 123)],
      ["2026-11-21T08:00:00+02:00", Date.UTC(2026, 10, 21, 6)],
      ["2026-11-20T23:30:00-06:30", Date.UTC(2026, 10, 21, 6)],
      ["2026-11-21", Date.UTC(2026, 10, 21)],
      ["2024-02-29", Date.UTC(2024, 1, 29)],
      ["9999-12-31T23:59:59.999Z", FOREVER],
    ] as const) {
      expect(DateTime.parseValue(text), text).toBe(instant);
      expect(DateTime.parseLiteral({ kind: Kind.STRING, value: text }, {}), text).toBe(instant);
    }
  });

  it("is refused when the calendar or the clock doesn't have it, or it isn't written so", () => {
    for (const value of [
      "",
      "now",
      "2026",
      "2026-11",
      "2026-02-29",
      "2026-02-31T00:00:00Z",
      "2026-13-01",
      "2026-00-10",
      "2026-11-21T25:00:00Z",
      "2026-11-21T06:60:00Z",
      "2026-11-21T06:00:00",
      "2026-11-21 06:00:00Z",
      " 2026-11-21",
      "2026-11-21T06:00:00.000Z\n",
      "20261121",
      "+002026-11-21",
      5,
      1e999,
      true,
      null,
      undefined,
      {},
      [],
    ]) {
      expect(() => DateTime.parseValue(value), String(value)).toThrow("An instant is written like");
    }
    expect(() => DateTime.parseLiteral({ kind: Kind.INT, value: "5" }, {})).toThrow("An instant is written like");
  });
});

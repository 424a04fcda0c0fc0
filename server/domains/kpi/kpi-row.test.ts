import { describe, expect, it } from "vitest";
import { toProblems } from "../../commands/input.js";
import { dayOf, figuresOf, futureFault, kpiRow } from "./kpi-row.js";

const subjectId = "Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1";
const good = { subjectId, day: "2026-11-20", views: 10 };

const faults = (more: object): string[] => {
  const parsed = kpiRow.safeParse({ ...good, ...more });
  return parsed.success ? [] : toProblems(parsed.error).map(({ path }) => path);
};

describe("a row of figures", () => {
  it("takes what a platform measures, and nothing for what it doesn't", () => {
    const row = {
      impressions: 1_000,
      ctr: 0.045,
      avdSeconds: 62.5,
      rpm: 2.1,
      revenue: 0,
      currency: "EUR",
      views: null,
    };
    expect(faults(row)).toEqual([]);
    expect(faults({ ctr: 0 })).toEqual([]);
    expect(faults({ ctr: 1 })).toEqual([]);
    expect(figuresOf({ ...row })).toEqual({ impressions: 1_000, ctr: 0.045, avdSeconds: 62.5, rpm: 2.1, revenue: 0 });
  });

  it("refuses a percentage, and says how it is written", () => {
    const parsed = kpiRow.safeParse({ ...good, ctr: 4.5 });
    expect(toProblems(parsed.error!)).toMatchObject([{ path: "ctr", message: expect.stringContaining("0.045") }]);
  });

  it.each([
    [{ views: 1.5 }, "views"],
    [{ views: -1 }, "views"],
    [{ views: Number.NaN }, "views"],
    [{ views: "10" }, "views"],
    [{ impressions: 1e13 }, "impressions"],
    [{ avdSeconds: 86_401 }, "avdSeconds"],
    [{ revenue: -0.01, currency: "EUR" }, "revenue"],
    [{ rpm: Number.POSITIVE_INFINITY, currency: "EUR" }, "rpm"],
    [{ revenue: 1 }, "currency"],
    [{ revenue: 1, currency: "€" }, "currency"],
    [{ revenue: 1, currency: "eur" }, "currency"],
    [{ day: "2026-02-30" }, "day"],
    [{ day: "20.11.2026" }, "day"],
    [{ subjectId: "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1" }, "subjectId"],
    [{ subjectId: null }, "subjectId"],
    [{ views: null }, ""],
  ])("refuses %j and names %s", (more, path) => {
    expect(faults(more)).toEqual([path]);
  });

  it("may be of today, and of no day that is still to come", () => {
    const now = Date.UTC(2026, 10, 21, 23, 59);
    expect(dayOf(now)).toBe("2026-11-21");
    expect(futureFault("2026-11-21", now)).toBeNull();
    expect(futureFault("2026-11-22", now)).toMatchObject({
      path: "day",
      message: expect.stringContaining("2026-11-21"),
    });
  });
});

import { describe, expect, it } from "vitest";
import { kpiOfEvent } from "./kpi-of-event.js";

const data = {
  subject_id: "Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
  metric: "views",
  value: 12,
  unit: "count",
  from: "2026-11-20T00:00:00Z",
  to: "2026-11-21T00:00:00Z",
};
const kept = (more: object) => {
  const one = kpiOfEvent({ ...data, ...more });
  if (one === null) return null;
  return "row" in one ? one.row : one.problems.map(({ path }) => path);
};

describe("a figure that was reported", () => {
  it("is a row of its day, in the unit that rows are told in", () => {
    expect(kept({})).toMatchObject({ day: "2026-11-20", views: 12, subjectId: { label: "Episode" } });
    expect(kept({ metric: "ctr", unit: "ratio", value: 0.04 })).toMatchObject({ ctr: 0.04 });
    expect(kept({ metric: "avd", unit: "seconds", value: 61.5 })).toMatchObject({ avdSeconds: 61.5 });
    expect(kept({ metric: "revenue", unit: "eur", value: 3.5 })).toMatchObject({ revenue: 3.5, currency: "EUR" });
    // The day is UTC's, wherever it was told.
    expect(kept({ from: "2026-11-20T23:30:00-02:00", to: "2026-11-20T23:40:00-02:00" })).toMatchObject({
      day: "2026-11-21",
    });
  });

  it("is refused in another unit, and where it can't be", () => {
    expect(kept({ metric: "ctr", unit: "percent", value: 4.5 })).toEqual(["data.unit"]);
    expect(kept({ metric: "ctr", unit: "ratio", value: 4.5 })).toEqual(["data.value"]);
    expect(kept({ value: 12.5 })).toEqual(["data.value"]);
    expect(kept({ metric: "rpm", unit: "count", value: 1 })).toEqual(["data.unit"]);
  });

  it("is only passed on where it is another measure, or of more than a day", () => {
    expect(kept({ metric: "watch_time" })).toBeNull();
    expect(kept({ metric: "constructor" })).toBeNull();
    expect(kept({ to: "2026-11-21T00:00:01Z" })).toBeNull();
    expect(kept({ from: "2026-11-01T00:00:00Z" })).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { NO_CONFIG } from "../../domains/channel/channel-config.js";
import type { ScorecardFacts } from "./channel-scorecard.query.js";
import { scorecardOf, windowsOf, type CriterionName } from "./scorecard.js";

const DAY = 86_400_000;
const ASOF = Date.parse("2026-11-22T06:00:00Z");
const NONE: ScorecardFacts = {
  published: { live: 0, recent: [], first: null, liveIds: [], recentIds: [] },
  tries: { lookups: 0, hits: 0, calls: 0, limited: 0 },
  rounds: [],
  figures: {
    ...{ views: 0, viewDays: 0, clicks: 0, clickImpressions: 0 },
    ...{ watchedSeconds: 0, watchedViews: 0, earnedOnViews: 0, earnedViews: 0 },
  },
  ofChannel: [],
  ofEpisodes: [],
};
const GOALS = { monthlyRevenue: 100, currency: "EUR", uploadsPerWeek: 1 };
const row = (criterion: CriterionName, facts: Partial<ScorecardFacts>, config: object = { goals: GOALS }) => {
  const found = scorecardOf({ id: "Channel:X", config: { ...NO_CONFIG, ...config } }, { ...NONE, ...facts }, ASOF);
  return found.find((one) => one.criterion === criterion)!;
};

describe("a scorecard", () => {
  it("of a channel that has nothing says of each what is missing, and claims nothing", () => {
    const rows = scorecardOf({ id: "Channel:X", config: NO_CONFIG }, NONE, ASOF);
    expect(rows.map(({ criterion, value, verdict }) => [criterion, value, verdict])).toEqual([
      ["PUBLISHED_VIDEOS", 0, "NOT_MET"],
      ["CADENCE", null, "NOT_ENOUGH_DATA"],
      ["CACHE_HIT_RATE", null, "NOT_ENOUGH_DATA"],
      ["RATE_LIMITED", null, "NOT_ENOUGH_DATA"],
      ["REWRITE_TREND", null, "NOT_ENOUGH_DATA"],
      ["REVENUE_TWO_MONTHS", null, "NOT_ENOUGH_DATA"],
    ]);
    expect(rows.every(({ why, link }) => why !== "" && link.startsWith("/"))).toBe(true);
  });

  it("counts ten videos, and not nine", () => {
    const published = (live: number) => ({ published: { ...NONE.published, live } });
    expect([9, 10].map((live) => row("PUBLISHED_VIDEOS", published(live)).verdict)).toEqual(["NOT_MET", "MET"]);
  });

  it("holds the cadence of four weeks against the goal, once the channel is that old", () => {
    const recent = [1, 2, 9, 20].map((days) => ASOF - days * DAY);
    const published = { ...NONE.published, recent, first: ASOF - 40 * DAY };
    const cadence = row("CADENCE", { published });
    expect(cadence).toMatchObject({ value: 1, target: 1, verdict: "MET", sampleSize: 4 });
    expect(cadence.parts.map(({ value }) => value)).toEqual([0, 1, 1, 2]);
    expect(row("CADENCE", { published: { ...published, recent: recent.slice(1) } })).toMatchObject({
      value: 0.75,
      verdict: "NOT_MET",
    });
    expect(row("CADENCE", { published: { ...published, first: ASOF - 20 * DAY } }).verdict).toBe("NOT_ENOUGH_DATA");
    expect(row("CADENCE", { published }, {}).verdict).toBe("NOT_ENOUGH_DATA");
  });

  it("wants more than half of the lookups to hit, and ten of them to say so", () => {
    const of = (lookups: number, hits: number) => row("CACHE_HIT_RATE", { tries: { ...NONE.tries, lookups, hits } });
    expect([of(20, 10).verdict, of(20, 11).verdict, of(9, 9).verdict]).toEqual(["NOT_MET", "MET", "NOT_ENOUGH_DATA"]);
    expect(of(20, 11).value).toBeCloseTo(0.55);
  });

  it("wants fewer than two in a hundred calls to be limited, and fifty of them to say so", () => {
    const of = (calls: number, limited: number) =>
      row("RATE_LIMITED", { tries: { ...NONE.tries, calls, limited } }).verdict;
    expect([of(100, 2), of(100, 1), of(49, 0), of(0, 0)]).toEqual([
      "NOT_MET",
      "MET",
      "NOT_ENOUGH_DATA",
      "NOT_ENOUGH_DATA",
    ]);
  });

  it("compares rewrites a run with those of the days before", () => {
    const runs = (days: number, ...rounds: number[]) =>
      rounds.map((round, i) => ({ id: `PipelineRun:${days}${i}`, at: ASOF - days * DAY, round }));
    const of = (late: number[], early: number[]) =>
      row("REWRITE_TREND", { rounds: [...runs(3, ...late), ...runs(40, ...early)] });
    expect(of([1, 1, 2], [2, 2, 2])).toMatchObject({ verdict: "MET", target: 1 });
    expect(of([1, 1, 2], [2, 2, 2]).value).toBeCloseTo(1 / 3);
    expect(of([2, 2, 2], [2, 2, 2]).verdict).toBe("NOT_MET");
    expect(of([1, 1, 1], [1, 1, 1]).verdict).toBe("MET");
    expect(of([1, 1], [2, 2, 2])).toMatchObject({ verdict: "NOT_ENOUGH_DATA", value: 0 });
  });

  const earned = (day: string, amount: number, currency = "EUR") => ({
    ...{ day, earned: amount, currency },
    ids: [`KpiRecord:${day}`],
  });

  it("wants both of the last whole months to reach the revenue", () => {
    const [september, october] = [earned("2026-09-03", 120), earned("2026-10-04", 100)];
    expect(row("REVENUE_TWO_MONTHS", { ofEpisodes: [september, october] })).toMatchObject({
      ...{ verdict: "MET", value: 100, target: 100, currency: "EUR", sampleSize: 2 },
      ...{ from: Date.parse("2026-09-01T00:00:00Z"), to: Date.parse("2026-11-01T00:00:00Z") },
      nodeIds: ["KpiRecord:2026-10-04", "KpiRecord:2026-09-03"],
    });
    expect(row("REVENUE_TWO_MONTHS", { ofChannel: [october] })).toMatchObject({
      verdict: "NOT_ENOUGH_DATA",
      value: null,
      why: expect.stringContaining("2026-09"),
    });
    expect(
      row("REVENUE_TWO_MONTHS", { ofChannel: [earned("2026-09-03", 500, "USD"), earned("2026-10-03", 500, "USD")] }),
    ).toMatchObject({ verdict: "NOT_ENOUGH_DATA", currency: "USD", why: expect.stringContaining("USD") });
  });

  it("takes the channel's own revenue for the days that it covers, and its episodes' for all others", () => {
    const ofEpisodes = [earned("2026-09-03", 120), earned("2026-10-04", 60), earned("2026-10-05", 60)];
    // One figure of the channel hides no other day of its month.
    const both = row("REVENUE_TWO_MONTHS", { ofChannel: [earned("2026-10-05", 30)], ofEpisodes });
    expect(both).toMatchObject({ value: 90, verdict: "NOT_MET", sampleSize: 3 });
    expect(both.parts).toEqual([
      { name: "2026-09", value: 120 },
      { name: "2026-10", value: 90 },
    ]);
    expect(both.why).toMatch(/own figures .* sum of its episodes'/);
    // A day that only the channel tells of comes beside them, also as 0.
    expect(row("REVENUE_TWO_MONTHS", { ofChannel: [earned("2026-10-06", 0)], ofEpisodes }).value).toBe(120);
    expect(row("REVENUE_TWO_MONTHS", { ofChannel: [earned("2026-10-06", 7)], ofEpisodes }).parts[1]!.value).toBe(127);
  });

  it("adds up no two currencies", () => {
    const ofChannel = [earned("2026-09-03", 500, "USD")];
    const ofEpisodes = [earned("2026-09-03", 120), earned("2026-10-04", 120)];
    expect(row("REVENUE_TWO_MONTHS", { ofChannel, ofEpisodes })).toMatchObject({
      ...{ verdict: "NOT_ENOUGH_DATA", value: null, parts: [] },
      why: expect.stringContaining("EUR and USD"),
    });
  });

  it("has the channel's own targets behind the criteria, and only those", () => {
    const figures = { ...NONE.figures, views: 300, viewDays: 3, clicks: 5, clickImpressions: 100 };
    const config = { kpiTargets: { ...NO_CONFIG.kpiTargets, viewsPerDay: 100, ctr: 0.06, rpm: 2 } };
    expect(row("VIEWS_PER_DAY", { figures }, config)).toMatchObject({ value: 100, verdict: "MET" });
    expect(row("CTR", { figures }, config)).toMatchObject({ value: 0.05, verdict: "NOT_MET" });
    expect(row("RPM", { figures }, config)).toMatchObject({ value: null, verdict: "NOT_ENOUGH_DATA" });
    expect(row("AVD", { figures }, config)).toBeUndefined();
  });

  it("is about whole months in UTC, over the turn of a year too", () => {
    expect(windowsOf(Date.parse("2026-01-01T00:00:00Z")).monthNames).toEqual(["2025-11", "2025-12"]);
    expect(windowsOf(Date.parse("2026-03-31T23:59:59Z")).monthNames).toEqual(["2026-01", "2026-02"]);
  });
});

import { describe, expect, it } from "vitest";
import { doublings, kpiSignals, measuredOf, median, type MeasuredEpisode } from "./kpi-signals.js";

const episode = (title: string, viewsADay: number | null, more: Partial<MeasuredEpisode> = {}): MeasuredEpisode => ({
  id: title,
  title,
  topic: null,
  views: (viewsADay ?? 0) * 10,
  viewDays: viewsADay === null ? 0 : 10,
  clicks: 0,
  clickImpressions: 0,
  watchedSeconds: 0,
  watchedViews: 0,
  earned: 0,
  earnedViews: 0,
  ...more,
});
const others = ["bridges", "harbours", "tunnels", "canals"].map((title) => episode(title, 100));

describe("the figures of a channel", () => {
  it("have a middle, and distances from it that are bounded", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect([200, 50, 0, 1e9].map((value) => doublings(value, 100))).toEqual([1, -1, -3, 3]);
    expect(doublings(5, 0)).toBe(0);
  });

  it("speak for a topic whose like did better, and against one whose like did worse", () => {
    const better = kpiSignals("Volcanoes", [...others, episode("Volcanoes of Iceland", 400)]).VIEWS;
    // One episode at two doublings, beside two at none.
    expect(better).toEqual({ value: 2 / 3, sample: 1 });
    expect(kpiSignals("Volcanoes", [...others, episode("Volcanoes of Iceland", 25)]).VIEWS.value).toBeCloseTo(-2 / 3);
    const surer = [...others, ...others, episode("Volcanoes of Iceland", 400), episode("Volcanoes at sea", 400)];
    expect(kpiSignals("Volcanoes", surer).VIEWS).toMatchObject({ value: 1, sample: 2 });
  });

  it("say nothing of a topic that no episode was like, and count words in the episode's topic too", () => {
    expect(kpiSignals("Glaciers", [...others, episode("Volcanoes", 400)]).VIEWS).toEqual({ value: 0, sample: 0 });
    const named = episode("What burns below", 400, { topic: "Volcanoes" });
    expect(kpiSignals("Volcanoes", [...others, named]).VIEWS.sample).toBe(1);
  });

  it("say nothing by a measure that fewer than five episodes have", () => {
    expect(kpiSignals("Volcanoes", [...others.slice(1), episode("Volcanoes", 400)]).VIEWS).toEqual({
      value: 0,
      sample: 0,
    });
    expect(kpiSignals("Volcanoes", [...others, episode("Volcanoes", 400)]).CTR).toEqual({ value: 0, sample: 0 });
  });

  it("are those of episodes that have any", () => {
    const only = episode("a", null, { clicks: 4, clickImpressions: 100 });
    expect(measuredOf([episode("b", null), only])).toEqual([only]);
  });
});

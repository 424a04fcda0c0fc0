import { describe, expect, it } from "vitest";
import { BRIDGE, cited, episodeOf, research, RIVER, source } from "../../../test/kit/episode.js";
import { DEFAULT_SETTINGS } from "../../reads/governance/settings.js";
import { judgeTargets, missedTargets } from "./kpi-targets.js";
import { judge } from "./qa.js";
import { SCENE_ITEMS, sceneChecklist } from "./scene-checklist.js";
import { plainTemplate } from "./template.js";

const SOURCES = [source("bridge", BRIDGE), source("river", RIVER)];

function checklist(change: (made: ReturnType<typeof episodeOf>) => void = () => {}, sources = SOURCES) {
  const made = structuredClone(episodeOf(research(SOURCES)));
  change(made);
  const { findings } = judge(made, cited(sources), plainTemplate(), DEFAULT_SETTINGS);
  return sceneChecklist(made.episode, findings, plainTemplate());
}
const failed = (list: ReturnType<typeof checklist>) =>
  list.flatMap(({ scene, items }) => items.filter(({ passed }) => !passed).map(({ item }) => `${scene} ${item}`));

describe("a scene's checklist", () => {
  it("has every item of every scene, with what was looked for, and all pass of a sound episode", () => {
    const list = checklist();
    expect(list.map(({ scene }) => scene)).toEqual(list.map((_, i) => i + 1));
    for (const { items } of list) {
      expect(items.map(({ item }) => item)).toEqual(Object.keys(SCENE_ITEMS));
      expect(items.every(({ passed, remedy, why }) => passed && remedy === null && why !== "")).toBe(true);
    }
  });

  it("says in which scene what is wrong, why, and what mends it", () => {
    const list = checklist(({ episode }) => {
      episode.scenes[1]!.claims[0]!.text = "The bridge was opened on 5 May 1933 by nobody.";
    });
    expect(failed(list)).toContain("2 CLAIMS_SAID");
    expect(failed(list).every((line) => line.startsWith("2 "))).toBe(true);
    const item = list[1]!.items.find((one) => one.item === "CLAIMS_SAID")!;
    expect(item.why).toContain("say");
    expect(item.remedy).not.toBeNull();
  });

  it("holds a fallen source against the scenes that stand on it", () => {
    const list = checklist(undefined, [{ ...SOURCES[0]!, status: "DEAD" }, SOURCES[1]!]);
    const wrong = failed(list).filter((line) => line.endsWith("SOURCES_STAND"));
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.length).toBeLessThan(list.length);
  });

  it("finds what can't be said, or read along, in its time", () => {
    const list = checklist(({ episode }) => {
      episode.scenes[0]!.duration_s = 1;
    });
    expect(failed(list)).toEqual(expect.arrayContaining(["1 PACE", "1 SUBTITLES"]));
  });
});

describe("a channel's targets", () => {
  const sums = {
    episodes: 2,
    views: 60,
    viewDays: 20,
    clicks: 30,
    clickImpressions: 1_000,
    watchedSeconds: 0,
    watchedViews: 0,
    earned: 5,
    earnedViews: 1_000,
  };
  const qa = { targets: { views_per_day: 3, ctr: 0.04, avd_s: 90, rpm: 4 }, days: 28, weeks: 8 };

  it("are met, missed, or without figures", () => {
    expect(judgeTargets(qa, sums)).toEqual([
      { metric: "views_per_day", target: 3, value: 3, sample: 20, verdict: "MET" },
      { metric: "ctr", target: 0.04, value: 0.03, sample: 1_000, verdict: "MISSED" },
      { metric: "avd_s", target: 90, value: null, sample: 0, verdict: "NO_FIGURES" },
      { metric: "rpm", target: 4, value: 5, sample: 1_000, verdict: "MET" },
    ]);
    expect(judgeTargets({ ...qa, targets: {} }, sums)).toEqual([]);
    expect(missedTargets(judgeTargets(qa, sums), 28).map(({ code, at }) => [code, at])).toEqual([
      ["KPI_TARGET_MISSED", "channel"],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { judgeRows, type KnownSubjects } from "./judge-rows.js";
import type { KpiRow } from "./kpi-row.js";

const now = Date.UTC(2026, 10, 21, 12);
const known: KnownSubjects = {
  videos: new Map([
    ["v1", "one"],
    ["lost", "gone"],
  ]),
  episodes: new Map([
    ["one", "channel"],
    ["two", "channel"],
    ["lone", null],
  ]),
  channels: new Map([["channel", null]]),
  lone: new Map([["lone", "USD"]]),
};
const row = (more: object = {}): KpiRow => ({
  subjectId: { label: "Episode", id: "one" },
  day: "2026-11-20",
  views: 1,
  ...more,
});
const episode = (id: string) => ({ subjectId: { label: "Episode", id } });
const judge = (...rows: KpiRow[]) =>
  judgeRows(rows, known, now).map((one) =>
    "row" in one ? one.row.key : one.faults.map(({ code, path }) => `${code} ${path}`).join(),
  );

describe("rows beside what the graph knows", () => {
  it("are of an episode by its id, its video's id, or both where they agree, and of a channel", () => {
    expect(judge(row())).toEqual(["Episode:one 2026-11-20"]);
    expect(judge(row({ subjectId: null, videoId: "v1" }))).toEqual(["Episode:one 2026-11-20"]);
    expect(judge(row({ videoId: "v1" }))).toEqual(["Episode:one 2026-11-20"]);
    expect(judge(row({ videoId: "new" }))).toEqual(["Episode:one 2026-11-20"]);
    expect(judge(row({ subjectId: { label: "Channel", id: "channel" } }))).toEqual(["Channel:channel 2026-11-20"]);
  });

  it("are refused where their subject isn't there, or isn't what the video says", () => {
    expect(judge(row(episode("gone")))).toEqual(["NOT_FOUND subjectId"]);
    expect(judge(row({ subjectId: null, videoId: "v2" }))).toEqual(["NOT_FOUND videoId"]);
    expect(judge(row({ subjectId: null, videoId: "lost" }))).toEqual(["NOT_FOUND videoId"]);
    expect(judge(row({ ...episode("two"), videoId: "v1" }))).toEqual(["CONFLICT videoId"]);
    expect(judge(row({ subjectId: { label: "Channel", id: "channel" }, videoId: "v1" }))).toEqual([
      "BAD_INPUT videoId",
    ]);
  });

  it("name a video for the rows behind them", () => {
    const day = "2026-11-19";
    expect(judge(row({ videoId: "new" }), row({ subjectId: null, videoId: "new", day }))).toEqual([
      "Episode:one 2026-11-20",
      "Episode:one 2026-11-19",
    ]);
    expect(judge(row({ videoId: "new" }), row({ ...episode("two"), videoId: "new" }))[1]).toBe("CONFLICT videoId");
  });

  it("have one currency for each channel, the one that was told first", () => {
    const money = (id: string, currency: string, day = "2026-11-20") =>
      row({ ...episode(id), revenue: 1, currency, day });
    expect(judge(money("one", "EUR"), money("two", "USD"), money("two", "EUR"))).toEqual([
      "Episode:one 2026-11-20",
      "BAD_INPUT currency",
      "Episode:two 2026-11-20",
    ]);
    expect(judge(money("lone", "EUR"), money("lone", "USD"))).toEqual([
      "BAD_INPUT currency",
      "Episode:lone 2026-11-20",
    ]);
  });

  it("are refused for a day that is to come, and for one that is told twice", () => {
    expect(judge(row({ day: "2026-11-22" }), row({ day: "2026-11-21" }), row({ day: "2026-11-21" }))).toEqual([
      "BAD_INPUT day",
      "Episode:one 2026-11-21",
      "BAD_INPUT day",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { parseKpiRow, readKpiHeader, type KpiHeader } from "./kpi-row.js";

const id = "Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1";
const ALL = "episode_id,video_id,date,impressions,views,ctr,avd_s,rpm,revenue,currency";
const header = (line: string): KpiHeader => {
  const read = readKpiHeader(line);
  if ("problem" in read) throw new Error(read.problem);
  return read;
};
const problems = (line: string, columns = ALL) => {
  const parsed = parseKpiRow(line, header(columns));
  return "problems" in parsed ? parsed.problems.map(({ path }) => path) : [];
};
const message = (line: string) => {
  const parsed = parseKpiRow(line, header(ALL));
  return "problems" in parsed ? parsed.problems.map((one) => one.message).join(" ") : "";
};

describe("the header of a file of figures", () => {
  it("names columns in any order and case, among others", () => {
    expect(readKpiHeader("Date,Note,Episode_ID,Views")).toEqual({ day: 0, subjectId: 2, views: 3, width: 4 });
  });

  it.each(["", "a,b", "episode_id,views", "date,views", "episode_id,date", "episode_id;date;views", "date,date,views"])(
    "%j is refused, and what it should be is told",
    (line) => {
      expect(readKpiHeader(line)).toMatchObject({ problem: expect.stringContaining("avd_s") });
    },
  );
});

describe("a row of figures in a file", () => {
  it("is read by its columns; an empty cell says nothing", () => {
    const parsed = parseKpiRow(`${id},,2026-11-20,1000,40,0.04,62.5,2.5,.1,EUR`, header(ALL));
    expect(parsed).toMatchObject({
      id,
      row: { day: "2026-11-20", impressions: 1_000, views: 40, ctr: 0.04, avdSeconds: 62.5, rpm: 2.5, revenue: 0.1 },
    });
    const one = parseKpiRow(`,"a,b",2026-11-20,,40,,,,,`, header(ALL));
    expect(one).toMatchObject({ id: "a,b", row: { videoId: "a,b", subjectId: null, ctr: null, views: 40 } });
  });

  it("is refused for a percentage, which is told as a share", () => {
    expect(problems(`${id},,2026-11-20,1000,40,4.5%,,,,`)).toEqual(["ctr"]);
    expect(message(`${id},,2026-11-20,1000,40,4.5%,,,,`)).toContain("0.045");
    expect(problems(`${id},,2026-11-20,1000,40,4.5,,,,`)).toEqual(["ctr"]);
    expect(message(`${id},,2026-11-20,1000,40,4.5,,,,`)).toContain("0.045");
  });

  it.each([
    [`${id},,20.11.2026,,40,,,,,`, "date"],
    [`${id},,,,40,,,,,`, "date"],
    [`,,2026-11-20,,40,,,,,`, "episode_id"],
    [`video,,2026-11-20,,40,,,,,`, "episode_id"],
    [`${id},,2026-11-20,,,,,,,`, ""],
    [`${id},,2026-11-20,,40`, ""],
    [`${id},,2026-11-20,,"1,234",,,,,`, "views"],
    [`${id},,2026-11-20,,many,,,,,`, "views"],
    [`${id},,2026-11-20,,0x10,,,,,`, "views"],
    [`${id},,2026-11-20,,Infinity,,,,,`, "views"],
    [`${id},,2026-11-20,,40,,,,€3,EUR`, "revenue"],
    [`${id},,2026-11-20,,40,,,,3,`, "currency"],
    [`${id},,2026-11-20,,40,,,,3,euro`, "currency"],
    [`${id},,2026-11-20,,40,,,,"3,5",EUR`, "revenue"],
    [`"${id}`, ""],
  ])("%s is refused for %s", (line, path) => {
    expect(problems(line)).toEqual([path]);
  });

  it("tells all that is wrong with it at once", () => {
    expect(problems(`${id},,tomorrow,,many,5%,,,,`)).toEqual(["views", "ctr", "date"]);
  });
});

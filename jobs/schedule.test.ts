import { describe, expect, it } from "vitest";
import { JOBS } from "./jobs.js";
import { schedule } from "./main.js";

const at = (text: string): number => Date.parse(text);
const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/** All instants at which it is due, in order. */
function dues(expression: string, timeZone: string, from: string, to: string): string[] {
  const when = schedule(expression, timeZone);
  const found: string[] = [];
  for (let next = when.next(at(from) - 1); next !== null && next <= at(to); next = when.next(next))
    found.push(iso(next)!);
  return found;
}

describe("a schedule in a time zone", () => {
  it("is due by the clock on its wall, in winter and in summer", () => {
    expect(dues("30 2 * * *", "Europe/Berlin", "2026-01-10T00:00Z", "2026-01-11T23:00Z")).toEqual([
      "2026-01-10T01:30:00.000Z",
      "2026-01-11T01:30:00.000Z",
    ]);
    expect(dues("30 2 * * *", "Europe/Berlin", "2026-07-10T00:00Z", "2026-07-10T23:00Z")).toEqual([
      "2026-07-10T00:30:00.000Z",
    ]);
    expect(dues("0 9 * * 1", "America/New_York", "2026-11-15T00:00Z", "2026-11-24T00:00Z")).toEqual([
      "2026-11-16T14:00:00.000Z",
      "2026-11-23T14:00:00.000Z",
    ]);
  });

  it("a time that the spring leaves out is due once, right after the jump", () => {
    expect(dues("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-30T12:00Z")).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  it("a time that the autumn has twice is due once, the first time", () => {
    expect(dues("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-26T12:00Z")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  it("of every hour goes on with time, through both", () => {
    const hours = (day: string) => dues("15 * * * *", "Europe/Berlin", `${day}T00:00Z`, `${day}T03:59Z`);
    for (const day of ["2026-03-29", "2026-10-25"]) {
      expect(hours(day)).toEqual([0, 1, 2, 3].map((hour) => `${day}T0${hour}:15:00.000Z`));
    }
  });

  it("holds where clocks jump by half an hour, or at midnight", () => {
    // Lord Howe goes from 02:00 to 02:30 on 4 October 2026; Cairo from 24:00 to 01:00 on 24 April 2026.
    expect(dues("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", "2026-10-04T12:00Z")).toEqual([
      "2026-10-03T15:30:00.000Z",
    ]);
    expect(dues("15 0 * * *", "Africa/Cairo", "2026-04-23T12:00Z", "2026-04-24T12:00Z")).toEqual([
      "2026-04-23T22:00:00.000Z",
    ]);
  });
});

describe("what was missed", () => {
  it("is the newest tick, for a day and no longer", () => {
    const daily = schedule("0 4 * * *", "UTC");
    expect(iso(daily.latest(at("2026-11-18T04:00Z"), at("2026-11-21T09:00Z")))).toBe("2026-11-21T04:00:00.000Z");
    expect(daily.latest(at("2026-11-21T04:00Z"), at("2026-11-22T03:59Z"))).toBeNull();
    expect(schedule("0 4 1 * *", "UTC").latest(0, at("2026-11-21T09:00Z"))).toBeNull();
  });

  it("of a job that beats within the minute tells the second", () => {
    const beats = schedule("*/5 * * * * *", "UTC");
    expect(beats.beats).toBe(true);
    expect(iso(beats.latest(at("2026-11-21T04:00:00Z"), at("2026-11-21T04:00:11.9Z")))).toBe(
      "2026-11-21T04:00:10.000Z",
    );
    expect(iso(beats.next(at("2026-11-21T04:00:11.9Z")))).toBe("2026-11-21T04:00:15.000Z");
  });

  it("a day of every fourth year is found", () => {
    expect(iso(schedule("0 4 29 2 *", "UTC").next(at("2026-01-01T00:00Z")))).toBe("2028-02-29T04:00:00.000Z");
  });
});

describe("the list of jobs", () => {
  it("has schedules that can be read, and names that are single", () => {
    expect(new Set(JOBS.map(({ name }) => name)).size).toBe(JOBS.length);
    for (const job of JOBS) expect(schedule(job.schedule, job.timeZone).next(at("2026-01-01T00:00Z"))).not.toBeNull();
  });

  it("a schedule that nobody can read is told at once", () => {
    expect(() => schedule("61 * * * *", "UTC")).toThrow(/61/);
    expect(() => schedule("0 4 31 2 *", "UTC")).toThrow(/31 2/);
    expect(() => schedule("0 4 * * *", "Europe/Nowhere")).toThrow(/Europe\/Nowhere/);
  });
});

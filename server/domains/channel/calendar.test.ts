import { expect, it } from "vitest";
import { isTimeZone, nextSlots, timeOfDay } from "./calendar.js";

const at = (text: string) => Date.parse(text);
const told = (calendar: Parameters<typeof nextSlots>[0], after: string, most = 3) =>
  nextSlots(calendar, at(after), most).map((one) => new Date(one).toISOString());

it("slots come in order, across weeks, and only those behind the instant", () => {
  const calendar = {
    timeZone: "UTC",
    slots: [
      { weekday: 5, time: "18:00" },
      { weekday: 2, time: "09:30" },
    ],
  };
  // A Tuesday.
  expect(told(calendar, "2026-11-24T09:30:00Z")).toEqual([
    "2026-11-27T18:00:00.000Z",
    "2026-12-01T09:30:00.000Z",
    "2026-12-04T18:00:00.000Z",
  ]);
  expect(told(calendar, "2026-11-24T09:29:59Z", 1)).toEqual(["2026-11-24T09:30:00.000Z"]);
  expect(told({ timeZone: "UTC", slots: [] }, "2026-11-24T09:30:00Z")).toEqual([]);
  expect(told({ timeZone: "UTC", slots: [{ weekday: 1, time: "00:00" }] }, "2026-11-24T00:00:00Z", 5)).toHaveLength(5);
});

it("they are wall time: the same hour before and after clocks change", () => {
  const berlin = { timeZone: "Europe/Berlin", slots: [{ weekday: 7, time: "12:00" }] };
  expect(told(berlin, "2026-10-18T11:00:00Z", 2)).toEqual(["2026-10-25T11:00:00.000Z", "2026-11-01T11:00:00.000Z"]);
  expect(told(berlin, "2026-10-17T11:00:00Z", 1)).toEqual(["2026-10-18T10:00:00.000Z"]);
});

it("a time that clocks skip is as much later, and one that they show twice is the first", () => {
  const slots = [{ weekday: 7, time: "02:30" }];
  expect(told({ timeZone: "Europe/Berlin", slots }, "2026-03-28T12:00:00Z", 1)).toEqual(["2026-03-29T01:30:00.000Z"]);
  expect(told({ timeZone: "Europe/Berlin", slots }, "2026-10-24T12:00:00Z", 1)).toEqual(["2026-10-25T00:30:00.000Z"]);
});

it("a zone far ahead has its own days", () => {
  const auckland = { timeZone: "Pacific/Auckland", slots: [{ weekday: 1, time: "01:00" }] };
  // Monday, 01:00 in Auckland is Sunday noon in UTC.
  expect(told(auckland, "2026-11-21T00:00:00Z", 1)).toEqual(["2026-11-22T12:00:00.000Z"]);
});

it("what is no zone or no time is refused", () => {
  expect([isTimeZone("UTC"), isTimeZone("Europe/Berlin"), isTimeZone("Mars/Base")]).toEqual([true, true, false]);
  expect(["00:00", "23:59", "24:00", "7:30", "07:60"].map((text) => timeOfDay.safeParse(text).success)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

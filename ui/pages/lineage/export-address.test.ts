import { expect, test } from "vitest";
import { exportAddress, exportNote } from "./export-address.js";
import { NO_FILTER } from "./node-filter.js";
import { parseView } from "./view-state.js";

const asked = (address: string) =>
  Object.fromEntries(
    new URL(exportAddress("Claim:1", parseView(new URLSearchParams(address)), "csv"), "http://x").searchParams,
  );

test("a file is asked for with the view's question, whatever page of it is on screen", () => {
  expect(asked("")).toEqual({ id: "Claim:1", format: "csv", direction: "upstream", depth: "1" });
  expect(
    asked("direction=both&depth=3&first=300&expand=Fact:1&asOf=2026-11-21T06:00:00.000Z&edges=cites,states"),
  ).toEqual({
    ...{ id: "Claim:1", format: "csv", direction: "both", depth: "3", asOf: "2026-11-21T06:00:00.000Z" },
    edgeTypes: "STATES,CITES",
  });
});

test("a filter, which a file doesn't keep to, is told of where a file is chosen", () => {
  expect(exportNote({ filter: NO_FILTER })).toBeNull();
  expect(exportNote({ filter: { ...NO_FILTER, tiers: [1] } })).toMatch(/filter isn't applied/);
});

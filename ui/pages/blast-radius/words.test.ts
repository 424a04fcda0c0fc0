import { expect, it } from "vitest";
import { parseView } from "../lineage/view-state.js";
import { differenceHref } from "./words.js";

it("links to the difference from the instant before the source fell", () => {
  const href = differenceHref("Episode:01JCXM3V4T8Z5K2N7Q9R6W1Y0B", "2026-11-22T06:00:00.000Z");
  const [path, search] = href.split("?");
  expect(path).toBe("/lineage/Episode:01JCXM3V4T8Z5K2N7Q9R6W1Y0B");
  expect(parseView(new URLSearchParams(search))).toMatchObject({
    direction: "UPSTREAM",
    depth: 6,
    since: "2026-11-22T05:59:59.999Z",
    asOf: null,
  });
});

import { z } from "zod";
import { idOf } from "../documents/parts.js";
import { slug, when } from "./parts.js";

/** A figure that was measured outside. */
export const kpiReported = z
  .strictObject({
    subject_id: z.union([idOf("Episode"), idOf("Channel")]).describe("The episode or channel that it was measured of."),
    metric: slug().describe(
      "What was measured: `views`, `watch_time`. Of `views`, `impressions`, `ctr`, `avd`, `rpm` and `revenue` a record is kept.",
    ),
    value: z.number().describe("The figure."),
    unit: slug().describe("Its unit: `count`, `seconds`, `ratio`; of an amount its currency, such as `eur`."),
    from: when().describe("Beginning of the time that it was measured over."),
    to: when().describe("End of that time."),
  })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { path: ["to"], message: "must not be before from" });

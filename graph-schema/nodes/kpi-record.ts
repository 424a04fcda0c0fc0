import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** What is measured of a subject on a day, in the order in which it is told. */
export const KPI_FIGURES = ["impressions", "views", "ctr", "avdSeconds", "rpm", "revenue"] as const;
export type KpiFigure = (typeof KPI_FIGURES)[number];

/** What a platform measured of one episode or channel on one day; null is what wasn't measured, never 0. */
export const kpiRecord = defineNode({
  label: "KpiRecord",
  shape: z.object({
    /** Public id of the episode or channel. */
    subjectId: z.string(),
    /** `YYYY-MM-DD`, as the platform counts days. */
    day: z.string(),
    impressions: optional(z.number()),
    views: optional(z.number()),
    /** Clicks for each impression, 0 to 1. */
    ctr: optional(z.number()),
    /** Average view duration, in seconds. */
    avdSeconds: optional(z.number()),
    /** Revenue for a thousand views, in `currency`. */
    rpm: optional(z.number()),
    revenue: optional(z.number()),
    /** ISO 4217; one channel has one. */
    currency: optional(z.string()),
  }),
  key: "subject and day",
  searched: false,
});
export type KpiRecordProperties = z.infer<typeof kpiRecord.shape>;

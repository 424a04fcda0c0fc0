import type { InboundData } from "../../../graph-schema/events.js";
import type { KpiFigure } from "../../../graph-schema/nodes/kpi-record.js";
import { toProblems } from "../../commands/input.js";
import { refuse, type Problem } from "../../commands/problem.js";
import { dayOf, kpiRow, type KpiRow } from "./kpi-row.js";

/** What others call the figures that are kept, and the unit of each; null stands for a currency. */
const METRICS: Readonly<Record<string, { readonly figure: KpiFigure; readonly unit: string | null }>> = {
  impressions: { figure: "impressions", unit: "count" },
  views: { figure: "views", unit: "count" },
  ctr: { figure: "ctr", unit: "ratio" },
  avd: { figure: "avdSeconds", unit: "seconds" },
  avd_s: { figure: "avdSeconds", unit: "seconds" },
  rpm: { figure: "rpm", unit: null },
  revenue: { figure: "revenue", unit: null },
};

/** Where a field of a row stands in the event. */
const PATHS: Readonly<Record<string, string>> = { subjectId: "subject_id", day: "from", currency: "unit", "": "" };

export const eventPath = (path: string): string => {
  const known = PATHS[path] ?? "value";
  return known === "" ? "data" : `data.${known}`;
};

export type KpiOfEvent = { readonly row: KpiRow } | { readonly problems: readonly Problem[] };

/**
 * The row that a reported figure is kept as; null where it isn't one of those, or not of one day in UTC: a month's figure is no
 * day's, and nothing here spreads it.
 */
export function kpiOfEvent(data: InboundData<"kpi.reported">): KpiOfEvent | null {
  const metric = Object.hasOwn(METRICS, data.metric) ? METRICS[data.metric]! : null;
  if (metric === null || !isOfOneDay(Date.parse(data.from), Date.parse(data.to))) return null;
  const { figure, unit } = metric;
  if (unit !== null && data.unit !== unit)
    return {
      problems: refuse(
        "BAD_INPUT",
        "data.unit",
        unit === "ratio"
          ? "must be ratio: report 4.5 % as 0.045"
          : `must be ${unit}, which ${data.metric} is recorded in`,
      ).problems,
    };
  const row = {
    subjectId: data.subject_id,
    day: dayOf(Date.parse(data.from)),
    [figure]: data.value,
    ...(unit === null ? { currency: data.unit.toUpperCase() } : {}),
  };
  const parsed = kpiRow.safeParse(row);
  if (parsed.success) return { row: parsed.data };
  return { problems: toProblems(parsed.error).map((one) => ({ ...one, path: eventPath(one.path) })) };
}

const DAY_MS = 86_400_000;

/** Whether a time lies within one day in UTC; its end may be the midnight behind it. */
function isOfOneDay(from: number, to: number): boolean {
  const end = Math.floor(from / DAY_MS) * DAY_MS + DAY_MS;
  return to <= end;
}

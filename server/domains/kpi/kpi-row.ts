import { z } from "zod";
import { KPI_FIGURES, type KpiFigure } from "../../../graph-schema/nodes/kpi-record.js";
import type { Instant } from "../../../graph-schema/time.js";
import { day, nodeId, text } from "../../commands/input.js";

/*
 * One row of figures, whichever door it came by: a file, the API or a webhook. What a door calls a column is its own; what
 * a column may hold is said here, once.
 */

const MOST = 1e12;

const count = z
  .number("must be a whole number, without thousands separators")
  .int("must be a whole number")
  .min(0, "must not be negative")
  .max(MOST, "must be at most 1000000000000");
const ratio = z
  .number("must be a ratio from 0 to 1")
  .min(0, "must not be negative")
  .max(1, "must be a ratio from 0 to 1, not a percentage: write 4.5 % as 0.045");
const seconds = z
  .number("must be a number of seconds")
  .min(0, "must not be negative")
  .max(86_400, "must be seconds, at most 86400");
const money = z
  .number("must be an amount such as 12.50, without a currency sign")
  .min(0, "must not be negative: leave a day with corrections out, or report its net amount")
  .max(MOST, "must be at most 1000000000000");

/** What each figure may be. */
export const FIGURE_SHAPES = {
  impressions: count,
  views: count,
  ctr: ratio,
  avdSeconds: seconds,
  rpm: money,
  revenue: money,
} as const satisfies Record<KpiFigure, z.ZodType<number>>;

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be a currency's three capital letters, such as EUR (ISO 4217)");

export const videoId = text(200);

export type Figures = { readonly [F in KpiFigure]?: number | null | undefined };

/** Figures that are told in a currency. */
const MONEY = ["rpm", "revenue"] as const satisfies readonly KpiFigure[];

export interface Fault {
  /** A field of the row. */
  readonly path: KpiFigure | "subjectId" | "videoId" | "day" | "currency" | "";
  readonly message: string;
}

type Unjudged = Figures & {
  readonly subjectId?: unknown;
  readonly videoId?: unknown;
  readonly currency?: string | null | undefined;
};

/** What is wrong with a row as a whole, each of its fields being right by itself. */
export function faultsOfRow(row: Unjudged): Fault[] {
  const faults: Fault[] = [];
  if (row.subjectId == null && row.videoId == null)
    faults.push({ path: "subjectId", message: "is missing: say what was measured, by its id or by its video's" });
  if (KPI_FIGURES.every((figure) => row[figure] == null))
    faults.push({ path: "", message: "There is no figure in it: give at least one, or leave the row out." });
  if (row.currency == null && MONEY.some((figure) => row[figure] != null))
    faults.push({ path: "currency", message: "is missing: an amount is told in a currency, such as EUR" });
  return faults;
}

const optionalFigures = Object.fromEntries(
  KPI_FIGURES.map((figure) => [figure, FIGURE_SHAPES[figure].nullish()]),
) as unknown as { [F in KpiFigure]: z.ZodOptional<z.ZodNullable<z.ZodType<number>>> };

/** A row as commands take it. */
export const kpiRow = z
  .object({
    subjectId: nodeId("Episode", "Channel").nullish(),
    videoId: videoId.nullish(),
    day,
    currency: currency.nullish(),
    ...optionalFigures,
  })
  .superRefine((row, context) => {
    for (const { path, message } of faultsOfRow(row))
      context.addIssue({ code: "custom", path: path === "" ? [] : [path], message });
  });
export type KpiRow = z.output<typeof kpiRow>;

/** The figures of a row that were given. What wasn't says nothing about what is known. */
export const figuresOf = (row: Figures): { [F in KpiFigure]?: number } =>
  Object.fromEntries(KPI_FIGURES.flatMap((figure) => (row[figure] == null ? [] : [[figure, row[figure]]])));

/** The day of an instant in UTC, `YYYY-MM-DD`. */
export const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** What is wrong with a day that hasn't come; null for one that has. */
export const futureFault = (given: string, now: Instant): Fault | null =>
  given <= dayOf(now)
    ? null
    : {
        path: "day",
        message: `${given} is still to come (today is ${dayOf(now)} in UTC): report what was measured, on its day or later`,
      };

import { KPI_FIGURES, type KpiFigure } from "../../graph-schema/nodes/kpi-record.js";
import { toProblems } from "../commands/input.js";
import type { Problem } from "../commands/problem.js";
import { kpiRow, type KpiRow } from "../domains/kpi/kpi-row.js";
import { csvCells } from "./csv-cells.js";

/** What the columns of a file are called, by the field that they fill. */
export const KPI_COLUMNS = {
  subjectId: "episode_id",
  videoId: "video_id",
  day: "date",
  impressions: "impressions",
  views: "views",
  ctr: "ctr",
  avdSeconds: "avd_s",
  rpm: "rpm",
  revenue: "revenue",
  currency: "currency",
} as const satisfies Record<KpiFigure | "subjectId" | "videoId" | "day" | "currency", string>;
type Field = keyof typeof KPI_COLUMNS;
const FIELDS = Object.keys(KPI_COLUMNS) as Field[];

/** Which cell of a row fills each field; what isn't there isn't in the file. */
export type KpiHeader = { readonly [F in Field]?: number } & { readonly width: number };

const NAMES = FIELDS.map((field) => KPI_COLUMNS[field]).join(", ");

/** The column of a field, for whoever mends the file. */
export const columnOf = (path: string): string => (path in KPI_COLUMNS ? KPI_COLUMNS[path as Field] : path);

/** Reads the first line of a file. Columns may stand in any order; what isn't known here is passed over. */
export function readKpiHeader(line: string): KpiHeader | { readonly problem: string } {
  const read = csvCells(line);
  if ("problem" in read) return read;
  const names = read.cells.map((name) => name.trim().toLowerCase());
  const wrong = (problem: string) => ({ problem: `${problem} The first line names the columns: ${NAMES}.` });
  if (names.length === 1 && /[;\t|]/.test(line)) return wrong("Cells are separated by commas.");
  const twice = names.find((name, at) => name !== "" && names.indexOf(name) !== at);
  if (twice !== undefined) return wrong(`The column ${twice.slice(0, 60)} stands there twice.`);
  const found = FIELDS.flatMap((field) => {
    const at = names.indexOf(KPI_COLUMNS[field]);
    return at === -1 ? [] : [[field, at] as const];
  });
  const has = new Set(found.map(([field]) => field));
  if (!has.has("subjectId") && !has.has("videoId")) return wrong("There is no column episode_id or video_id.");
  if (!has.has("day")) return wrong("There is no column date.");
  if (!KPI_FIGURES.some((figure) => has.has(figure))) return wrong("There is no column with a figure.");
  return { ...Object.fromEntries(found), width: names.length };
}

export type ParsedKpiRow =
  | { readonly row: KpiRow; readonly id: string }
  | { readonly id: string | null; readonly problems: readonly Problem[] };

const bad = (path: string, message: string): Problem => ({ code: "BAD_INPUT", path, message });

/** Reads one line under its header: a row, or what is wrong with it, by column. An empty cell says nothing. */
export function parseKpiRow(line: string, header: KpiHeader): ParsedKpiRow {
  const read = csvCells(line);
  if ("problem" in read) return { id: null, problems: [bad("", read.problem)] };
  const { cells } = read;
  const cell = (field: Field): string => {
    const at = header[field];
    return at === undefined ? "" : (cells[at] ?? "").trim();
  };
  const id = (cell("subjectId") || cell("videoId")).slice(0, 200) || null;
  if (cells.length !== header.width)
    return {
      id,
      problems: [
        bad(
          "",
          `The row has ${cells.length} cells, the header ${header.width}: write 1234.5 without a thousands separator, or put cells with commas in quotes.`,
        ),
      ],
    };
  const problems: Problem[] = [];
  const given: Record<string, unknown> = {};
  for (const field of ["subjectId", "videoId", "day", "currency"] as const) given[field] = cell(field) || null;
  for (const figure of KPI_FIGURES) {
    const figureRead = readNumber(cell(figure), figure);
    if (typeof figureRead === "string") problems.push(bad(KPI_COLUMNS[figure], figureRead));
    else given[figure] = figureRead;
  }
  const parsed = kpiRow.safeParse(given);
  if (problems.length === 0 && parsed.success) return { row: parsed.data, id: id! };
  // A figure that couldn't be read is told once, in its own words.
  const told = new Set(problems.map(({ path }) => path));
  const others = parsed.success
    ? []
    : toProblems(parsed.error)
        .map((one) => ({ ...one, path: columnOf(one.path) }))
        .filter(({ path }) => !told.has(path) && (path !== "" || problems.length === 0));
  return { id, problems: [...problems, ...others] };
}

/** A figure as it is written, null for an empty cell, or what is wrong with it. */
function readNumber(text: string, figure: KpiFigure): number | null | string {
  if (text === "") return null;
  if (text.includes("%")) return `is a percentage: write ${percentAs(text)}`;
  if (/^[+-]?\d+,\d+$/.test(text)) return "must be written without commas: 1234.5, whatever it stands for";
  if (/\p{Sc}/u.test(text)) return "must be the amount alone; its currency stands in the column currency";
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    return `must be a number such as ${figure === "ctr" ? "0.045" : "1234.5"}, not “${text.slice(0, 40)}”`;
  return Number(text);
}

function percentAs(text: string): string {
  const value = Number(text.replace("%", "").replace(",", ".").trim());
  return Number.isFinite(value) && text.replace("%", "").trim() !== ""
    ? `it as a number, a share of 1 such as ${Number((value / 100).toPrecision(12))}`
    : "a number, without the sign";
}

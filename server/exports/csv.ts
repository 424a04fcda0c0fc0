import { iso } from "./properties.js";
import type { WholeLineage } from "./whole-lineage.js";

export const CSV_HEADER = [
  "from_id",
  "from_label",
  "from_title",
  "type",
  "to_id",
  "to_label",
  "to_title",
  "valid_from",
  "valid_to",
  "by",
  "why",
] as const;

/** Whatever a reader could take for the end of a line, with the white space around it. */
const LINE_ENDS = /[ \t]*[\n\r\v\f\u0085\u2028\u2029]+[ \t]*/g;
/** What a spreadsheet would run as a formula when a cell begins with it, in its wide forms too, and behind white space. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/;

/** A cell by RFC 4180 that machines read and compare: the text itself, whatever it begins with. For people there is `csvCell`. */
export const exactCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A cell by RFC 4180, on one line; text that would be a formula gets an apostrophe before it. */
export function csvCell(text: string): string {
  const line = text.replaceAll(LINE_ENDS, " ");
  const safe = FORMULA.test(text) || FORMULA.test(line) ? `'${line}` : line;
  return /[",\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** An edge a row, each in one line. */
export async function* toCsv(lineage: WholeLineage): AsyncGenerator<string> {
  yield csvLine(CSV_HEADER);
  const titles = new Map<string, string>();
  for await (const { nodes, edges } of lineage.pages()) {
    for (const { id, title } of nodes) titles.set(id, title);
    for (const { from, type, to, validFrom, validTo, by, why } of edges) {
      yield csvLine([...end(from), type, ...end(to), iso(validFrom), iso(validTo), by, why]);
    }
  }

  function end(id: string): [string, string, string] {
    return [id, id.slice(0, id.indexOf(":")), titles.get(id) ?? ""];
  }
}

/*
 * Cells as the server writes them (server/exports/csv.ts, whose test holds the two together), so that a table saved here is as
 * safe as an export.
 */

/** Whatever a reader could take for the end of a line, with the white space around it. */
const LINE_ENDS = /[ \t]*[\n\r\v\f\u0085\u2028\u2029]+[ \t]*/g;
/** What a spreadsheet would run as a formula when a cell begins with it, in its wide forms too, and behind white space. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/;

function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const line = value.replaceAll(LINE_ENDS, " ");
  const safe = FORMULA.test(value) || FORMULA.test(line) ? `'${line}` : line;
  return /[",\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, a row in one line, with a mark that tells spreadsheets it is UTF-8. Text that would be a formula gets an apostrophe before it. */
export function toCsv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

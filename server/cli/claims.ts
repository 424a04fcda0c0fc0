import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { EXIT } from "./exit.js";
import { progressLine, say } from "./output.js";
import { readRowFile } from "./row-file.js";
import { saveWhole } from "./save-whole.js";

export const claimsCommand = (): Command =>
  new Command("claims").description("claims and their evidence, without a database").addCommand(checkCommand());

const checkCommand = (): Command =>
  new Command("check")
    .description(
      "predict from words, numbers, dates and names whether evidence supports claims: id,verdict,rank,reasons",
    )
    .argument("<file>", "one JSON object per line: id, claim, evidence, source_title; what else it has isn't read")
    .option("--out <file>", "a CSV, written whole or not at all; replaces what is there (default: standard output)")
    .action(async (file: string, { out }: { out?: string }) => {
      const path = resolve(file);
      await readRowFile(path);
      const counts = { rows: 0, refused: 0 };
      const rows = Readable.from(lines(path, counts));
      if (out === undefined) await pipeline(rows, process.stdout, { end: false });
      else await saveWhole(rows, resolve(out));
      const rest = counts.refused > SHOWN ? `; only the first ${SHOWN} are told` : "";
      say(`checked ${counts.rows} rows, refused ${counts.refused}${rest}`);
      if (counts.refused > 0) process.exitCode = EXIT.failed;
    });

/** Broken rows whose problems are told one by one. */
const SHOWN = 100;

/** The CSV, a line per row in the file's order. A broken row is told and has none; the others don't suffer from it. */
async function* lines(path: string, counts: { rows: number; refused: number }): AsyncGenerator<string> {
  const [{ readLines }, { checkRow }, { exactCell }] = await Promise.all([
    import("../imports/lines.js"),
    import("../trace/claim-file.js"),
    import("../exports/csv.js"),
  ]);
  const progress = progressLine();
  const refuse = (line: number, problem: string): void => {
    counts.refused += 1;
    if (counts.refused > SHOWN) return;
    progress.end();
    say(`line ${line}: ${problem}`);
  };
  try {
    yield "id,verdict,rank,reasons\n";
    for await (const { number, text, problem } of readLines(createReadStream(path))) {
      if (text === null) {
        refuse(number, problem ?? "");
        continue;
      }
      const row = checkRow(text.replace(/^\uFEFF/, ""), number);
      if ("problems" in row) {
        for (const { path: field, message } of row.problems.slice(0, 1))
          refuse(number, field === "" ? message : `${field} ${message}`);
        continue;
      }
      counts.rows += 1;
      const { verdict, rank, reasons } = row.check;
      // Line ends as line tools have them: a last cell with a carriage return would be another code.
      yield `${exactCell(row.id)},${verdict},${rank},${reasons.join(";")}\n`;
      progress.show(`${counts.rows} rows`);
    }
  } finally {
    progress.end();
  }
}

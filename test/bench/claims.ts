import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CliError, usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { projectRoot } from "../../server/cli/project.js";
import { COEFFICIENTS, type Coefficients } from "../../server/trace/coefficients.js";
import { FEATURES, featuresOf } from "../../server/trace/features.js";
import { judge, VERDICTS, type Verdict } from "../../server/trace/model.js";
import { fit, type LabelledRow } from "./claims.fit.js";
import { claimOnly } from "./claims.baseline.js";
import { confusion, foldOf, macroF1, pairwise, type Answered } from "./claims.measure.js";
import { labelledRows, type Row } from "./claims.rows.js";
import { thousands } from "./figures.kit.js";

const HELP = `bench claims [FILE.jsonl] [--folds N] [--seeds N] [--fit] [--json]
How well the claim check predicts labels and orders evidence, on pages that it wasn't fitted on, beside two baselines.
  FILE.jsonl    rows with claim, evidence, label, source_title (default: vitaminc_claims of the shared data)
  --folds N     parts that the pages are dealt into; each is judged by what the others fitted, 5
  --seeds N     ways to deal them, 3
  --fit         in place of measuring: fit to all rows and print server/trace/coefficients.ts
  --json        all figures as JSON`;

const DATA = ["..", "shared", "data", "vitaminc_claims", "vitaminc_open.jsonl"];
/** What is asked, on rows that the check wasn't fitted on. */
const ASKED = { macroF1: 0.51, pairwise: 0.77 };

export async function run(argv: readonly string[]): Promise<number> {
  const { file, folds, seeds, values } = options(argv);
  if (values.help) {
    print(HELP);
    return 0;
  }
  if (!existsSync(file)) throw new CliError(`There is no file ${file}; name one with labelled rows.`);
  const given = labelledRows(await readFile(file, "utf8"), file);
  const began = performance.now();
  const rows = given.map((row): LabelledRow => ({
    ...row,
    features: featuresOf({ ...row, claim: row.claim }),
    claim: row.group,
  }));
  const perSecond = (rows.length / (performance.now() - began)) * 1_000;
  if (values.fit) {
    say(`fitted to ${rows.length} rows of ${pagesOf(given)} pages, ${2 * (FEATURES.length + 1)} numbers`);
    print(source(fit(rows)));
    return 0;
  }
  const figures = measure(given, rows, folds, seeds);
  const shipped = answers(rows, COEFFICIENTS);
  const refitted = JSON.stringify(fit(rows)) === JSON.stringify(COEFFICIENTS);
  const whole = { macroF1: macroF1(shipped), pairwise: pairwise(shipped).accuracy, refitted };
  const all = {
    file,
    rows: rows.length,
    pages: pagesOf(given),
    rowsPerSecond: Math.round(perSecond),
    ...figures,
    whole,
  };
  if (values.json) print(JSON.stringify(all));
  else report(all, folds, seeds);
  return figures.ours.macroF1.mean >= ASKED.macroF1 && figures.ours.pairwise.mean >= ASKED.pairwise ? 0 : 1;
}

function options(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        folds: { type: "string", default: "5" },
        seeds: { type: "string", default: "3" },
        fit: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [folds, seeds] = [Number(values.folds), Number(values.seeds)];
    if (!Number.isInteger(folds) || folds < 2 || folds > 50)
      throw new Error("--folds takes a whole number from 2 to 50.");
    if (!Number.isInteger(seeds) || seeds < 1 || seeds > 50)
      throw new Error("--seeds takes a whole number from 1 to 50.");
    if (positionals.length > 1) throw new Error("one file at most");
    const file = positionals[0] === undefined ? join(projectRoot, ...DATA) : resolve(positionals[0]);
    return { file, folds, seeds, values };
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

const pagesOf = (rows: readonly Row[]): number => new Set(rows.map(({ page }) => page)).size;

const answers = (rows: readonly LabelledRow[], coefficients: Coefficients): Answered[] =>
  rows.map((row) => ({ label: row.label, claim: row.claim, ...judge(row.features, coefficients) }));

/** Each row answered by what was fitted to other pages, for each way to deal the pages. */
function measure(given: readonly Row[], rows: readonly LabelledRow[], folds: number, seeds: number) {
  const ours: Answered[][] = [];
  const claims: Answered[][] = [];
  const perFold: { macroF1: number; pairwise: number }[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    say(`deal ${seed} of ${seeds}`);
    const [mine, baseline]: [Answered[], Answered[]] = [[], []];
    const fold = rows.map(({ page }) => foldOf(page, folds, seed));
    for (let k = 0; k < folds; k++) {
      const inside = <T>(all: readonly T[]) => all.filter((_, i) => fold[i] === k);
      const outside = <T>(all: readonly T[]) => all.filter((_, i) => fold[i] !== k);
      const answered = answers(inside(rows), fit(outside(rows)));
      mine.push(...answered);
      baseline.push(...claimOnly(outside(given), inside(given)));
      if (answered.length > 0) perFold.push({ macroF1: macroF1(answered), pairwise: pairwise(answered).accuracy });
    }
    ours.push(mine);
    claims.push(baseline);
  }
  const counts = VERDICTS.map((verdict) => rows.filter(({ label }) => label === verdict).length);
  const most: Verdict = VERDICTS[counts.indexOf(Math.max(...counts))]!;
  const majority = rows.map(({ label, claim }): Answered => ({ label, claim, verdict: most, rank: 0 }));
  return {
    ours: spreadOf(ours),
    folds: { macroF1: spread(perFold.map((one) => one.macroF1)), pairwise: spread(perFold.map((one) => one.pairwise)) },
    claimOnly: spreadOf(claims),
    majority: spreadOf([majority]),
    pairs: pairwise(ours[0]!).pairs,
    ties: pairwise(ours[0]!).ties,
    confusion: confusion(ours[0]!),
  };
}

const spreadOf = (deals: readonly Answered[][]) => ({
  macroF1: spread(deals.map(macroF1)),
  pairwise: spread(deals.map((deal) => pairwise(deal).accuracy)),
});

function spread(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, least: Math.min(...values), most: Math.max(...values) };
}

type Figures = ReturnType<typeof measure> & {
  readonly rows: number;
  readonly pages: number;
  readonly rowsPerSecond: number;
  readonly whole: { readonly macroF1: number; readonly pairwise: number; readonly refitted: boolean };
};

function report(figures: Figures, folds: number, seeds: number): void {
  const of = ({ mean, least, most }: ReturnType<typeof spread>) =>
    `${mean.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)})`;
  print(
    `${figures.rows} rows of ${figures.pages} pages, ${figures.pairs} pairs; ${folds} parts by page, ${seeds} deals`,
  );
  for (const [name, one] of [
    ["claim check", figures.ours],
    ["  single parts", figures.folds],
    ["claim only", figures.claimOnly],
    ["majority", figures.majority],
  ] as const)
    print(`${name.padEnd(14)} macro F1 ${of(one.macroF1)}   pairwise ${of(one.pairwise)}`);
  print(`asked          macro F1 ${ASKED.macroF1}, pairwise ${ASKED.pairwise}; ties of ours: ${figures.ties}`);
  print(`what it is -> what was said (${VERDICTS.join(", ")}), first deal:`);
  for (const [i, line] of figures.confusion.entries())
    print(`  ${VERDICTS[i]!.padEnd(9)}${line.map((n) => String(n).padStart(6)).join("")}`);
  const { macroF1: f1, pairwise: pair, refitted } = figures.whole;
  print(`the coefficients in the source, on these rows: macro F1 ${f1.toFixed(3)}, pairwise ${pair.toFixed(3)}`);
  print(
    refitted ? "a refit to these rows gives the same coefficients" : "a refit to these rows gives other coefficients",
  );
  print(`features of ${thousands(figures.rowsPerSecond)} rows a second on one core`);
}

/** The file that `--fit` is for. */
function source(coefficients: Coefficients): string {
  const lines = Object.entries(coefficients).map(
    ([name, [supports, refutes]]) => `  ${name}: [${supports}, ${refutes}],`,
  );
  return `import type { Feature } from "./features.js";

/*
 * What the check weighs each feature with: for each [that the evidence supports, that it refutes], against that it says
 * too little. Written by \`./throughline bench claims --fit\`; never edited by hand.
 */
export type Coefficients = Readonly<Record<Feature | "bias", readonly [supports: number, refutes: number]>>;

export const COEFFICIENTS: Coefficients = {
${lines.join("\n")}
};`;
}

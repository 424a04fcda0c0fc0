import type { Coefficients } from "../../server/trace/coefficients.js";
import { FEATURES, type Feature, type Features } from "../../server/trace/features.js";
import { VERDICTS, type Verdict } from "../../server/trace/model.js";

/*
 * Fits the check's coefficients: multinomial logistic regression by full-batch descent with Nesterov's momentum, so
 * that the same rows give the same coefficients. What is rare weighs more, since the mean of three F1 counts all alike.
 */

export interface LabelledRow {
  readonly features: Features;
  readonly label: Verdict;
  /** Rows with the same claim of the same case: for pairs. */
  readonly claim: string;
  readonly page: string;
}

export interface FitOptions {
  readonly l2: number;
  readonly steps: number;
  /** 0: rows weigh alike, 1: labels weigh alike. */
  readonly balance: number;
}

export const FIT: FitOptions = { l2: 2e-3, steps: 400, balance: 0.6 };

/**
 * What is known beforehand and too rare in the rows to be learnt: coefficients are drawn here in place of zero. Few of
 * VitaminC's edits add a "not", yet a sentence that says the claim with a "not" refutes it.
 */
const KNOWN: Partial<Record<Feature, readonly [supports: number, refutes: number]>> = { negation: [-2.5, 1.5] };

export function fit(rows: readonly LabelledRow[], { l2, steps, balance }: FitOptions = FIT): Coefficients {
  const width = FEATURES.length + 1;
  const count = rows.length;
  const x = new Float64Array(count * width);
  const y = new Uint8Array(count);
  const totals = VERDICTS.map((verdict) => rows.filter(({ label }) => label === verdict).length);
  const weights = new Float64Array(count);
  for (const [i, { features, label }] of rows.entries()) {
    x[i * width] = 1;
    for (const [j, name] of FEATURES.entries()) x[i * width + j + 1] = features[name];
    y[i] = VERDICTS.indexOf(label);
    weights[i] = (count / 3 / Math.max(1, totals[y[i]!]!)) ** balance;
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  const known = new Float64Array(2 * width);
  for (const [j, name] of FEATURES.entries())
    for (const k of [0, 1] as const) known[k * width + j + 1] = KNOWN[name]?.[k] ?? 0;
  const at = Float64Array.from(known);
  const last = Float64Array.from(known);
  const gradient = new Float64Array(2 * width);
  // The gradient changes by at most half the mean squared length of a row.
  let length = 0;
  for (let i = 0; i < x.length; i++) length += (weights[Math.floor(i / width)]! * x[i]! ** 2) / sum;
  const rate = 1 / (0.5 * length + l2);
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    for (let i = 0; i < count; i++) {
      const row = i * width;
      let [s, r] = [0, 0];
      for (let j = 0; j < width; j++) {
        s += at[j]! * x[row + j]!;
        r += at[width + j]! * x[row + j]!;
      }
      const most = Math.max(s, r, 0);
      const [es, er, en] = [Math.exp(s - most), Math.exp(r - most), Math.exp(-most)];
      const all = es + er + en;
      const ds = (weights[i]! / sum) * (es / all - (y[i] === 0 ? 1 : 0));
      const dr = (weights[i]! / sum) * (er / all - (y[i] === 1 ? 1 : 0));
      for (let j = 0; j < width; j++) {
        gradient[j]! += ds * x[row + j]!;
        gradient[width + j]! += dr * x[row + j]!;
      }
    }
    const momentum = step / (step + 3);
    for (let k = 0; k < at.length; k++) {
      const moved = at[k]! - rate * (gradient[k]! + (k % width === 0 ? 0 : l2 * (at[k]! - known[k]!)));
      const before = last[k]!;
      last[k] = moved;
      at[k] = moved + momentum * (moved - before);
    }
  }
  const of = (j: number): [number, number] => [round(last[j]!), round(last[width + j]!)];
  return Object.fromEntries([["bias", of(0)], ...FEATURES.map((name, j) => [name, of(j + 1)])]) as Coefficients;
}

const round = (value: number): number => Math.round(value * 1e3) / 1e3;

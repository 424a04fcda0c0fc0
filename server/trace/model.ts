import type { Coefficients } from "./coefficients.js";
import { FEATURES, type Features } from "./features.js";

/** A verdict is a prediction: that the evidence supports the claim, refutes it, or says too little (not enough information). */
export const VERDICTS = ["SUPPORTS", "REFUTES", "NEI"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Judged {
  readonly verdict: Verdict;
  /** Logarithm of the odds that the claim is supported; from about -10 to 10, to four decimals. Comparable between rows. */
  readonly rank: number;
}

/** A linear model over the features: multinomial logistic regression with "too little" as the reference. */
export function judge(features: Features, coefficients: Coefficients): Judged {
  let [supports, refutes] = coefficients.bias;
  for (const name of FEATURES) {
    const value = features[name];
    supports += coefficients[name][0] * value;
    refutes += coefficients[name][1] * value;
  }
  const verdict = supports >= refutes && supports >= 0 ? "SUPPORTS" : refutes > 0 ? "REFUTES" : "NEI";
  // log(exp(refutes) + exp(0)), without an overflow.
  const against = Math.max(refutes, 0) + Math.log1p(Math.exp(-Math.abs(refutes)));
  return { verdict, rank: Math.round((supports - against) * 1e4) / 1e4 };
}

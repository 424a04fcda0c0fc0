/*
 * The arithmetic of an experiment with fixed sample. Sources:
 * - quantile of the normal distribution: M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988) 477-484, PPND16;
 * - interval of one proportion: E. B. Wilson, JASA 22 (1927) 209-212, the score interval without continuity correction;
 * - interval of a difference: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (from two score intervals);
 * - sample size: J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), section 3.2, two-sided, without
 *   continuity correction.
 */

const poly = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

/** Below this probability of the other tail the quantile isn't asked for. */
const SMALLEST_TAIL = 1e-15;

/** The value that a standard normal variable stays below with probability `p`, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`no quantile of ${p}`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * poly(CENTRAL[0], r)) / poly(CENTRAL[1], r);
  }
  const r = Math.sqrt(-Math.log(Math.max(SMALLEST_TAIL, q < 0 ? p : 1 - p)));
  const [numerator, denominator, shift] = r <= 5 ? ([...MIDDLE, 1.6] as const) : ([...TAIL, 5] as const);
  const value = poly(numerator, r - shift) / poly(denominator, r - shift);
  return q < 0 ? -value : value;
}

const CENTRAL = [
  [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
    67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
    28729.085735721942674, 5226.495278852854561,
  ],
] as const;
const MIDDLE = [
  [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
] as const;
const TAIL = [
  [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
] as const;

export interface Counted {
  /** How often it was shown. */
  readonly shown: number;
  /** How often it was taken, at most `shown`. */
  readonly taken: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const twoSided = (alpha: number): number => normalQuantile(1 - alpha / 2);
const shareOf = ({ shown, taken }: Counted): number => taken / shown;

/** Wilson's score interval of a proportion at confidence 1 - alpha; `shown` is above 0. */
export function wilson(counted: Counted, alpha: number): Interval {
  const { shown: n } = counted;
  const [p, z] = [shareOf(counted), twoSided(alpha)];
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/** Newcombe's interval of the difference `first - second` of two proportions at confidence 1 - alpha. */
export function differenceInterval(first: Counted, second: Counted, alpha: number): Interval & { difference: number } {
  const [a, b] = [wilson(first, alpha), wilson(second, alpha)];
  const [p, q] = [shareOf(first), shareOf(second)];
  const difference = p - q;
  return {
    difference,
    low: Math.max(-1, difference - Math.hypot(p - a.low, b.high - q)),
    high: Math.min(1, difference + Math.hypot(a.high - p, q - b.low)),
  };
}

/** How many must see each of two variants so that a share of `base` and one of `base + effect` are told apart. */
export function sampleSize({ base, effect, alpha, power }: Planned): number {
  const [p, q] = [base, base + effect];
  const mean = (p + q) / 2;
  const noise = twoSided(alpha) * Math.sqrt(2 * mean * (1 - mean));
  const signal = normalQuantile(power) * Math.sqrt(p * (1 - p) + q * (1 - q));
  return Math.ceil(((noise + signal) / effect) ** 2);
}

export interface Planned {
  /** The share that is expected without a change, 0 to 1. */
  readonly base: number;
  /** The smallest difference that is worth finding, absolute. */
  readonly effect: number;
  /** The probability of naming a winner where there is none, over all comparisons that this is said of. */
  readonly alpha: number;
  /** The probability of finding a difference of `effect`. */
  readonly power: number;
}

/** Every variant is held against every other. */
export const pairsOf = (variants: number): number => (variants * (variants - 1)) / 2;
/** Bonferroni: so that all intervals together hold with probability 1 - alpha. */
export const corrected = (alpha: number, variants: number): number => alpha / Math.max(1, pairsOf(variants));

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
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const;
const MIDDLE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const;
const TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
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

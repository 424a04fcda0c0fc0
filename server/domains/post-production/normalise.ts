import type { z } from "zod";
import {
  DEFAULT_POST_PRODUCTION,
  postProduction,
  type PostProductionSettings,
} from "../../../graph-schema/documents/post-production.js";

/*
 * Settings as somebody gave them, made what the document must be, or refused. The document's own shape finds what is wrong;
 * here stands what each kind of fault is mended by. What is mended is always told. docs/post-production.md has the table.
 */

/** A value that was mended: where, from what, to what, and why. */
export interface Mend {
  /** With dots, such as `audio.loudness_lufs`. */
  readonly path: string;
  readonly was: unknown;
  readonly now: unknown;
  readonly why: string;
}

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type Normalised =
  | { readonly ok: true; readonly settings: PostProductionSettings; readonly mends: readonly Mend[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What the mending of one value changes can be wrong in another way; more than this is no mending. */
const MOST_ROUNDS = 8;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type Fix = { readonly now: unknown; readonly why: string } | undefined;

const dotted = (path: Path): string => path.map(String).join(".");
const at = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy with another value at the path; undefined takes the field out. */
function put(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const { [key]: held, ...others } = (isObject(root) ? root : {}) as Record<PropertyKey, unknown>;
  const inner = put(held, rest, value);
  return inner === undefined ? others : { ...others, [key]: inner };
}

const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The nearest of these; of two that are equally near the lower one. */
const nearest = (value: number, known: readonly number[]): number =>
  known.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best));

/** `#ABC`, `abc` and `AABBCC` as `#aabbcc`; undefined for what is no such colour. */
function colourOf(value: string): string | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return undefined;
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits}`;
}

/** What a value becomes whose meaning is plain; undefined where only whoever gave it can say what they meant. */
function mendOf(issue: Issue, value: unknown, path: Path): Fix {
  switch (issue.code) {
    case "too_small":
      return isFinite(value) ? { now: Number(issue.minimum), why: `at least ${issue.minimum}` } : undefined;
    case "too_big":
      return isFinite(value) ? { now: Number(issue.maximum), why: `at most ${issue.maximum}` } : undefined;
    case "not_multiple_of":
      return isFinite(value)
        ? { now: Math.floor(value / issue.divisor) * issue.divisor, why: `a multiple of ${issue.divisor}` }
        : undefined;
    case "invalid_type":
      return isFinite(value) && String(issue.expected) === "int"
        ? { now: Math.round(value), why: "a whole number" }
        : undefined;
    case "invalid_value": {
      const numbers = issue.values.filter(isFinite);
      if (isFinite(value) && numbers.length > 0)
        return { now: nearest(value, numbers), why: `one of ${numbers.join(", ")}` };
      const word =
        typeof value === "string"
          ? value
              .trim()
              .toUpperCase()
              .replaceAll(/[\s-]+/g, "_")
          : undefined;
      return word !== undefined && issue.values.includes(word) ? { now: word, why: `spelt ${word}` } : undefined;
    }
    case "invalid_format": {
      if (typeof value !== "string") return undefined;
      if (path.at(-1) === "language" && /^[a-z]{3}$/i.test(value.trim()))
        return { now: value.trim().toLowerCase(), why: "in lower case" };
      const colour = path.at(-1) === "background" ? colourOf(value) : undefined;
      return colour === undefined ? undefined : { now: colour, why: "as #rrggbb" };
    }
    default:
      return undefined;
  }
}

/** What was saved once and nobody would take today: its default, or nothing in its place. */
function dropOf(issue: Issue): { readonly path: Path; readonly fix: { now: unknown; why: string } }[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      fix: { now: undefined, why: "no setting of this name: left out" },
    }));
  return [
    {
      path: issue.path,
      fix: { now: at(DEFAULT_POST_PRODUCTION, issue.path), why: `${issue.message}: its default instead` },
    },
  ];
}

function faultsOf(issue: Issue): Fault[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: dotted([...issue.path, key]),
      message: "is no setting: see its JSON Schema",
    }));
  return [{ path: dotted(issue.path), message: issue.message }];
}

function normalise(given: unknown, stored: boolean): Normalised {
  const mends = new Map<string, Mend>();
  let value = given;
  for (let round = 0; ; round++) {
    const parsed = postProduction.safeParse(value);
    if (parsed.success) return { ok: true, settings: parsed.data, mends: [...mends.values()] };
    const faults: Fault[] = [];
    const seen = new Set<string>();
    for (const issue of parsed.error.issues) {
      // A value is mended once a round: it may be both too large and no whole number.
      if (seen.has(dotted(issue.path)) && issue.code !== "unrecognized_keys") continue;
      seen.add(dotted(issue.path));
      const fix = round < MOST_ROUNDS ? mendOf(issue, at(value, issue.path), issue.path) : undefined;
      const fixes = fix !== undefined ? [{ path: issue.path, fix }] : stored ? dropOf(issue) : [];
      if (fixes.length === 0) faults.push(...faultsOf(issue));
      for (const { path, fix: one } of fixes) {
        const name = dotted(path);
        const was = mends.has(name) ? mends.get(name)!.was : at(value, path);
        mends.set(name, { path: name, was, now: one.now, why: one.why });
        value = put(value, path, one.now);
      }
    }
    if (faults.length > 0) return { ok: false, faults };
    // Settings that are at odds with each other even by their defaults: none of them is kept.
    if (round > 2 * MOST_ROUNDS) return { ok: true, settings: DEFAULT_POST_PRODUCTION, mends: [...mends.values()] };
  }
}

/** Settings that somebody gives: mended where their meaning is plain, refused where it isn't. */
export const normaliseGiven = (given: unknown): Normalised => normalise(given, false);

/** Settings that were saved: whatever they are by now, they are shown, and what is shown otherwise than saved is told. */
export function normaliseStored(text: string | null): {
  readonly settings: PostProductionSettings;
  readonly mends: readonly Mend[];
} {
  if (text === null) return { settings: DEFAULT_POST_PRODUCTION, mends: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const why = "no JSON: the defaults instead";
    return { settings: DEFAULT_POST_PRODUCTION, mends: [{ path: "", was: text.slice(0, 200), now: {}, why }] };
  }
  const normalised = normalise(value, true);
  if (!normalised.ok) throw new Error("what was saved is always mended");
  return { settings: normalised.settings, mends: normalised.mends };
}

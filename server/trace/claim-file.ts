import { z } from "zod";
import { toProblems } from "../commands/input.js";
import type { Problem } from "../commands/problem.js";
import { checkClaim, type ClaimCheck } from "./claim-check.js";

/**
 * Text of a row. Control characters and halves of surrogate pairs, as old extracts have them, count as white space here:
 * nothing of it is stored, so that a row isn't lost for them.
 */
const text = (max: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? "is missing" : "must be text") })
    .max(max, `must be at most ${max} characters`)
    .transform((value) => value.replace(DAMAGE, " ").trim());
const DAMAGE =
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  /[\u0000-\u001F\u007F-\u009F]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const filled = (max: number) => text(max).refine((value) => value !== "", "must not be empty");

/** Whoever reads the verdicts compares it: so it goes out as it came in, and what wouldn't is refused. */
const WRONG_ID = "must be text of 1 to 500 characters, or a whole number of at most 2^53";
const text500 = z.string().refine((value) => value.length <= 500 && value.trim() !== "", WRONG_ID);
const id = z.union([z.int().transform(String), text500], WRONG_ID);

/** One JSON object a line. What else a row has, its label above all, isn't read. */
const columns = z.object({
  id: id.nullish(),
  claim: filled(2_000).refine((value) => /[\p{L}\p{N}]/u.test(value), "must have a word or a number"),
  evidence: filled(250_000),
  source_title: text(2_000).nullish(),
});

export type CheckedRow =
  | { readonly id: string; readonly check: ClaimCheck }
  | { readonly problems: readonly Problem[] };

/** Checks one line of a file. A row without an id is known by the number of its line, from 1. */
export function checkRow(line: string, number: number): CheckedRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problems: [{ code: "BAD_INPUT", path: "", message: "The line is no JSON." }] };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { problems: [{ code: "BAD_INPUT", path: "", message: "The line is no JSON object." }] };
  const parsed = columns.safeParse(value);
  if (!parsed.success) return { problems: toProblems(parsed.error) };
  const { id: given, claim, evidence, source_title: title } = parsed.data;
  return { id: given ?? String(number), check: checkClaim({ claim, evidence, title: title ?? "" }) };
}

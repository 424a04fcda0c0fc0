import { z } from "zod";
import { parseNodeId, type NodeId } from "../../graph-schema/node-id.js";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import type { Problem } from "./problem.js";

/** Longest text of one field, in characters. */
export const MAX_TEXT = 20_000;

// Tab and line ends are text; every other control character, and half of a surrogate pair, is damage.
// oxlint-disable-next-line no-control-regex -- finding them is the point
const DAMAGE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Whether a text can't be anybody's: it has control characters or halves of surrogate pairs. */
export const isDamaged = (value: string): boolean => DAMAGE.test(value);

/** Text of 1 to `max` characters after trimming, in Unicode NFC, without control characters. */
export const text = (max = MAX_TEXT) => bounded(max).refine((value) => value.length > 0, "must not be empty");

/** The same, possibly empty and untrimmed: for quotes and their surroundings, where white space counts. */
export const verbatim = (max = MAX_TEXT) => clean(max).transform((value) => value.normalize("NFC"));

const clean = (max: number) =>
  z
    .string()
    .max(max, `must be at most ${max} characters`)
    .refine((value) => !isDamaged(value), "must not contain control characters or broken surrogates");
const bounded = (max: number) => clean(max).transform((value) => value.normalize("NFC").trim());

/** A region, as regions.yaml and tenants name it. */
export const regionName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and hyphens");

/** An http or https address, at most 2,000 characters. */
export const httpUrl = text(2_000).refine((value) => {
  try {
    return ["http:", "https:"].includes(new URL(value).protocol);
  } catch {
    return false;
  }
}, "must be an http or https address");

/** The public id of a node of one of these labels. */
export function nodeId<L extends NodeLabel>(...labels: L[]) {
  return z
    .string()
    .max(100)
    .transform((value, context): NodeId & { label: L } => {
      const id = parseNodeId(value);
      if (id !== null && (labels as NodeLabel[]).includes(id.label)) return id as NodeId & { label: L };
      context.addIssue({
        code: "custom",
        message: `must be the id of a ${labels.join(" or ")}, such as ${labels[0]}:01JD3Z5X9QW8R7T6Y5V4N3M2K1`,
      });
      return z.NEVER;
    });
}

const instantRange = z.number().int().min(-62_135_596_800_000).max(253_402_300_799_999);
/** An instant in epoch milliseconds. */
export const instant = z.union([instantRange, z.date().transform((date) => date.getTime())]);

/** The version that somebody saw when they decided on a change; without it they change whatever stands. */
export const version = z.int().min(1).nullish();

/** A day, `YYYY-MM-DD`, that the calendar has. */
export const day = z.iso.date("must be a day such as 2026-11-21");

/** What every command takes beside its own input. */
export const envelope = z.object({
  operationId: z.string().regex(/^[A-Za-z0-9/_:.-]{8,128}$/, "must be 8 to 128 characters of A-Z, a-z, 0-9, / _ : . -"),
  reason: text(2_000),
  /** The decision record that it follows, such as `docs/adr/0008` or `Decision:01J…`. */
  adr: text(200).nullish(),
});

/** zod's issues as problems that name their fields. */
export const toProblems = (error: z.ZodError): Problem[] =>
  error.issues.slice(0, 20).map((issue) => ({ code: "BAD_INPUT", message: issue.message, path: issue.path.join(".") }));

import { createHash } from "node:crypto";
import { z } from "zod";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import type { Context } from "./context.js";
import { instantOf } from "./instant.js";

/**
 * Where a page ended. It carries the instant that the whole question is answered for and a hash of the question, so that
 * page 2 is of the same answer as page 1, or is refused.
 */
export interface Cursor {
  readonly asOf: Instant;
  /** Where the next page begins: an id, or a count of what was shown. */
  readonly position: string | number;
}

/** Most rows that can be paged through where a position is a count. */
const MAX_POSITION = 1_000_000;

const shape = z.tuple([
  z.literal(1),
  z.number().int().min(0).max(FOREVER),
  z.union([z.string().max(100), z.number().int().min(0).max(MAX_POSITION)]),
  z.string(),
]);

const hashOf = (question: unknown): string =>
  createHash("sha256").update(JSON.stringify(question)).digest("base64url").slice(0, 12);

/** `question`: every argument that shapes the answer, but neither `first` nor `after` nor `asOf`. */
export function formatCursor(cursor: Cursor, question: unknown): string {
  return Buffer.from(JSON.stringify([1, cursor.asOf, cursor.position, hashOf(question)])).toString("base64url");
}

const refuse = (why: string): DomainError =>
  DomainError.badInput("after", `\`after\` ${why}; take \`endCursor\` of the page before.`);

/** For a position that can't be one of the question's. */
export const noCursor = (): DomainError => refuse("is no cursor");

/** Refuses a cursor that isn't ours, is another question's, or is of an instant that no question can be answered for. */
export function parseCursor(
  context: Pick<Context, "now">,
  text: string,
  question: unknown,
  asOf: Instant | null | undefined,
): Cursor {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    throw noCursor();
  }
  const parsed = shape.safeParse(decoded);
  if (!parsed.success) throw noCursor();
  const [, instant, position, hash] = parsed.data;
  if (hash !== hashOf(question)) throw refuse("belongs to a question with other arguments");
  if (asOf !== null && asOf !== undefined && asOf !== instant) throw refuse("belongs to another `asOf`");
  return { asOf: instantOf(context, instant, "after"), position };
}

/** How many rows earlier pages showed, where that is the cursor's position; a text is another kind of question's. */
export function skipOf(cursor: Cursor | null): number {
  if (cursor === null) return 0;
  if (typeof cursor.position === "string") throw noCursor();
  return cursor.position;
}

import type { Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import { readBeginning } from "../reads/node/beginning.query.js";
import type { Context } from "./context.js";

/** How far a caller's clock may be ahead of ours. */
const CLOCK_SLACK_MS = 60_000;

const iso = (instant: Instant): string => new Date(instant).toISOString();

/**
 * The instant that a read answers for: the one given, or the one that the request fixed at its start. What hasn't happened
 * can't be answered for: the answer would be another one tomorrow, under the same name.
 */
export function instantOf(context: Pick<Context, "now">, given: Instant | null | undefined, field = "asOf"): Instant {
  if (given === null || given === undefined) return context.now;
  if (given <= context.now + CLOCK_SLACK_MS) return given;
  throw DomainError.badInput(
    field,
    `\`${field}\` lies in the future: what is recorded goes up to ${iso(context.now)}. Leave it out to ask for now.`,
  );
}

/** When the studio's record begins; null for a tenant without a node of its own. */
export const beginningOf = ({ services, scope }: Context): Promise<Instant | null> =>
  readBeginning(services.graph, scope);

/** What to throw when nothing was there at the instant: it says so when the studio itself wasn't there yet. */
export async function absentAt(context: Context, asOf: Instant, field = "asOf"): Promise<DomainError> {
  const begins = await beginningOf(context);
  return begins === null || asOf >= begins ? DomainError.notFound() : beforeTheRecord(asOf, begins, field);
}

const beforeTheRecord = (asOf: Instant, begins: Instant, field: string): DomainError =>
  new DomainError(
    "NOT_FOUND",
    `The record of this studio begins at ${iso(begins)}; of ${iso(asOf)} nothing is known. Ask for that instant or a later one.`,
    field,
  );

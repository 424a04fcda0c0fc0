import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";
import type { Instant } from "../../graph-schema/time.js";

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?$/;

function parse(value: unknown, node?: ValueNode): Instant {
  const match = typeof value === "string" ? ISO.exec(value) : null;
  const instant = match === null ? Number.NaN : Date.parse(match[4] === undefined ? `${match[0]}T00:00:00Z` : match[0]);
  // Date.parse lets 31 February roll over into March: the day must come back as it was written.
  const dayExists =
    match !== null && new Date(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`).getUTCDate() === Number(match[3]);
  if (Number.isFinite(instant) && dayExists) return instant;
  throw new GraphQLError("An instant is written like 2026-11-21T06:00:00.000Z or 2026-11-21.", {
    nodes: node ?? null,
    extensions: { code: "BAD_INPUT" },
  });
}

/** An answer tells the same few instants thousands of times, and each text costs as much as the rest of an edge. */
const MAX_TEXTS = 10_000;
const texts = new Map<Instant, string>();

function serialize(instant: Instant): string {
  let text = texts.get(instant);
  if (text === undefined) {
    text = new Date(instant).toISOString();
    if (texts.size >= MAX_TEXTS) texts.clear();
    texts.set(instant, text);
  }
  return text;
}

/** Epoch milliseconds inside, ISO 8601 outside. */
export const DateTime = new GraphQLScalarType<Instant, string>({
  name: "DateTime",
  description:
    "An instant: ISO 8601, answered in UTC with milliseconds, such as 2026-11-21T06:00:00.000Z. An open end is 9999-12-31T23:59:59.999Z. A day alone means its beginning in UTC.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) => serialize(value as Instant),
  parseValue: (value) => parse(value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null, node),
});

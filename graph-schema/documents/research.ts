import { z } from "zod";
import { RELIABILITIES } from "../nodes/source.js";
import { idOf, quote, ref, refs, repeated, text, title } from "./parts.js";

/** What a research stage may warn of; publishing stops while a flag stands. */
export const RISK_FLAGS = [
  "SOURCE_STALE",
  "SOURCE_RETRACTED",
  "SOURCE_DEAD",
  "TIER3_UNCORROBORATED",
  "CLAIM_UNQUOTED",
  "CLAIM_CONTRADICTED_UNDECIDED",
  "TRACE_MISMATCH",
] as const;

const source = z.strictObject({
  ref: ref().describe("How the rest of the document calls this source."),
  url: z
    .url({ protocol: /^https?$/, abort: true })
    .regex(/^https?:\/\//, "expected http or https")
    .meta({ format: "uri" }),
  title: title(),
  publisher: title().optional(),
  tier: z.int().min(1).max(3).describe("1 primary or official, 2 edited secondary, 3 anything else and the unknown."),
  reliability: z.enum(RELIABILITIES).describe("NATO Admiralty scale, A completely reliable to F cannot be judged."),
  published_at: z.iso.datetime().optional().describe("UTC, as the source says it."),
  retrieved_at: z.iso.datetime().describe("UTC, when it was read."),
  snapshot_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits")
    .describe("Of the text that was read and that the quotes stand in, UTF-8."),
});

const keyFact = z.strictObject({
  ref: ref().describe("How scenes call this fact."),
  statement: text(),
  source_ref: ref().describe("The source that it is quoted from."),
  quote,
});

const dataPoint = z.strictObject({
  ...keyFact.shape,
  value: z.number().describe("The number that the quote gives."),
  unit: title().describe('What the number counts, such as "kWh", "%" or "EUR".'),
  as_of: z.iso.date().describe("The day that the value holds for."),
});

const riskFlag = z.strictObject({
  code: z.enum(RISK_FLAGS),
  refs: refs().describe("The sources, key facts or data points that it is about."),
  message: text().describe("What is wrong, and what would mend it."),
});

const leftOut = z.strictObject({
  what: text().describe("An address, or the name of what isn't held."),
  code: z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/, "a code in capitals"),
  message: text().describe("Why it wasn't used, and what would mend it."),
});

/** Why this topic was selected, and among which others. */
const scoring = z.strictObject({
  score: z.number(),
  formula_version: title(),
  sample_size: z.int().min(0),
  candidates: z.array(z.strictObject({ topic_id: idOf("Topic"), score: z.number() })).max(500),
});

/** What a research stage hands on: a topic, what was read for it, and what was found there, each with its quote. */
export const research = z
  .strictObject({
    topic: z.strictObject({ id: idOf("Topic"), title: title() }).describe("The selected topic that this answers."),
    sources: z.array(source).min(1),
    key_facts: z.array(keyFact),
    data_points: z.array(dataPoint),
    risk_flags: z.array(riskFlag),
    scoring: scoring.optional().describe("The scores that the topic was selected by, its own among them."),
    left_out: z.array(leftOut).max(1_000).optional().describe("What was found and not used."),
  })
  .superRefine(({ sources, key_facts, data_points, risk_flags }, context) => {
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    const lists = [
      ["sources", sources],
      ["key_facts", key_facts],
      ["data_points", data_points],
    ] as const;
    const places = lists.flatMap(([name, items]) => items.map((item, index) => ({ name, index, ref: item.ref })));
    for (const { value, index } of repeated(places.map((place) => place.ref))) {
      const place = places[index];
      if (place !== undefined) problem([place.name, place.index, "ref"], `${value} is used twice`);
    }
    const known = new Set(places.map((place) => place.ref));
    const sourceRefs = new Set(sources.map((each) => each.ref));
    for (const [name, items] of [["key_facts", key_facts] as const, ["data_points", data_points] as const]) {
      items.forEach((item, index) => {
        if (!sourceRefs.has(item.source_ref))
          problem([name, index, "source_ref"], `there is no source ${item.source_ref}`);
      });
    }
    risk_flags.forEach((flag, index) => {
      flag.refs.forEach((value, at) => {
        if (!known.has(value)) problem(["risk_flags", index, "refs", at], `there is no ${value}`);
      });
    });
  })
  .meta({ id: "Research", title: "Research", description: "What was found out about a topic, with its quotes." });

export type Research = z.infer<typeof research>;

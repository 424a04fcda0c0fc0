import type { NodeLabel } from "../../../graph-schema/catalog.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { CONFIDENCES, FRESHNESS, LINEAGE_LABELS, TIERS, WEAKEST_FIRST } from "../lineage/standing.js";
import { labelOf } from "../lineage/walk.query.js";
import { patternOf, type Asked, type Field } from "./expression.js";

/*
 * The words of the language of selections: its fields, what each takes, and what it means. The grammar, its errors, its
 * completion and docs/select.md all come from here.
 */

/** How a label is written: `kill-switch`, `killSwitch` and `KILL_SWITCH` are one. */
export const plain = (word: string): string => word.toLowerCase().replace(/[-_]/g, "");

export const MOST_LINKS = 1_000_000;

interface FieldWord {
  readonly meaning: string;
  /** The few values that there are, where they are few. */
  readonly values?: readonly string[];
  /** What a value must be, for whoever wrote another. */
  readonly takes: string;
  /** Whose titles complete it. */
  readonly titles?: readonly NodeLabel[];
  /** What a value says; null when it is none of the field's. `text` is as written, without quotes. */
  read(text: string, compared: string): Asked["values"][number] | null;
}

const oneOf =
  <T extends string | number>(values: readonly T[]) =>
  (text: string, compared: string): T | null =>
    compared === "" ? (values.find((value) => plain(String(value)) === plain(text)) ?? null) : null;

const pattern = (text: string, compared: string) => (compared === "" && text !== "" ? patternOf(text) : null);

/** A title of a kind, or the id of one. */
const named =
  (label: NodeLabel) =>
  (text: string, compared: string): Asked["values"][number] | null =>
    compared === "" && parseNodeId(text)?.label === label ? text : pattern(text, compared);

function range(text: string, compared: string): { min: number; max: number } | null {
  const [, low, high = low] = /^(\d{1,7})(?:\.\.(\d{1,7}))?$/.exec(text) ?? [];
  if (low === undefined || high === undefined || (compared !== "" && text.includes("."))) return null;
  const [min, max] = [Number(low), Number(high)];
  switch (compared) {
    case ">":
      return { min: min + 1, max: MOST_LINKS };
    case ">=":
      return { min, max: MOST_LINKS };
    case "<":
      return { min: 0, max: min - 1 };
    case "<=":
      return { min: 0, max: min };
    default:
      return min <= max ? { min, max } : null;
  }
}

const choice = (values: readonly (string | number)[]) => `one of ${values.join(", ")}`;
const TITLE = "a word, or a text in quotes; `*` in it stands for any text";
const NAMED = `${TITLE}; or an id`;

export const FIELDS: Readonly<Record<Field, FieldWord>> = {
  label: {
    meaning: "the kind of node",
    values: LINEAGE_LABELS.map((label) => label.toLowerCase()),
    takes: choice(LINEAGE_LABELS.map((label) => label.toLowerCase())),
    read: oneOf(LINEAGE_LABELS),
  },
  title: { meaning: "words of the title", takes: TITLE, titles: LINEAGE_LABELS, read: pattern },
  tier: {
    meaning: "a source's tier: 1 primary, 2 edited, 3 anything else",
    values: TIERS.map(String),
    takes: choice(TIERS),
    read: oneOf(TIERS),
  },
  status: {
    meaning: "where it stands",
    values: WEAKEST_FIRST,
    takes: choice(WEAKEST_FIRST),
    read: oneOf(WEAKEST_FIRST),
  },
  freshness: {
    meaning: "whether a claim or a source wants checking again",
    values: FRESHNESS,
    takes: choice(FRESHNESS),
    read: oneOf(FRESHNESS),
  },
  confidence: {
    meaning: "how far a source, a fact or a claim can be trusted",
    values: CONFIDENCES,
    takes: choice(CONFIDENCES),
    read: oneOf(CONFIDENCES),
  },
  owner: {
    meaning: "channels and episodes that somebody answers for",
    takes: NAMED,
    titles: ["Principal"],
    read: named("Principal"),
  },
  channel: { meaning: "a channel and its episodes", takes: NAMED, titles: ["Channel"], read: named("Channel") },
  topic: { meaning: "a topic and the episodes about it", takes: NAMED, titles: ["Topic"], read: named("Topic") },
  links: {
    meaning: "number of relations",
    values: ["0", ">0", ">=10", "1..3"],
    takes: "a number, a range such as 1..3, or a number behind >, >=, < or <=",
    read: range,
  },
  id: {
    meaning: "one node, by its id",
    takes: "an id such as Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1, of a kind that lineage leads to",
    read: (text, compared) =>
      compared === "" && parseNodeId(text) !== null && LINEAGE_LABELS.includes(labelOf(text)) ? text : null,
  },
};

export const FIELD_NAMES = Object.keys(FIELDS) as Field[];

/** Kinds that are fields of their own: `source:"WHO"` is `label:source and title:"WHO"`. Channel and topic are fields already. */
export const KIND_FIELDS: readonly NodeLabel[] = LINEAGE_LABELS.filter(
  (label) => !FIELD_NAMES.includes(label.toLowerCase() as Field),
);

/** The field of a word, or the kind that it stands for; null for anything else. */
export function fieldOf(word: string): { field: Field; label: null } | { field: "title"; label: NodeLabel } | null {
  const field = FIELD_NAMES.find((name) => name === plain(word));
  if (field !== undefined) return { field, label: null };
  const label = KIND_FIELDS.find((kind) => plain(kind) === plain(word));
  return label === undefined ? null : { field: "title", label };
}

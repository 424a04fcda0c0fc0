import { tokenMatcher, type IToken } from "chevrotain";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import { NODES } from "../../../graph-schema/nodes.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { search } from "../../graph/search.js";
import { LINEAGE_LABELS } from "../lineage/standing.js";
import {
  And,
  bounded,
  Close,
  Colon,
  Comma,
  comesNext,
  Compared,
  countTerms,
  Not,
  Open,
  Or,
  Plus,
  Quoted,
  tokensOf,
  Whole,
  Word,
} from "./grammar.js";
import { findQueries } from "./select.query.js";
import { FIELD_NAMES, FIELDS, fieldOf, KIND_FIELDS, plain } from "./words.js";

export const COMPLETION_KINDS = ["KEYWORD", "FIELD", "VALUE", "TITLE"] as const;
export type CompletionKind = (typeof COMPLETION_KINDS)[number];

export interface Completion {
  readonly text: string;
  readonly kind: CompletionKind;
  readonly detail: string;
  /** What it takes the place of: characters before its beginning and up to its end. */
  readonly from: number;
  readonly to: number;
}
type Offer = Omit<Completion, "from" | "to">;

export interface Asked {
  readonly expression: string;
  /** Characters before the place. */
  readonly position: number;
  readonly first: number;
  readonly asOf: Instant;
}

/** What stands around a place: whole tokens before it, and the one that is being written there. */
interface Place {
  readonly before: readonly IToken[];
  readonly begun: string;
  readonly quoted: boolean;
  readonly from: number;
  readonly to: number;
}

const is = (token: IToken | undefined, ...types: Parameters<typeof tokenMatcher>[1][]): boolean =>
  token !== undefined && types.some((type) => tokenMatcher(token, type));

function placeAt(expression: string, position: number): Place {
  const head = expression.slice(0, position);
  const { tokens, errors } = tokensOf(head);
  const torn = errors[0]?.offset;
  const last = tokens.at(-1);
  let [from, before] = [position, tokens];
  if (torn !== undefined) [from, before] = [torn, tokens.filter(({ startOffset }) => startOffset < torn)];
  else if (is(last, Word, And, Or, Not, Whole) && last!.startOffset + last!.image.length === position)
    [from, before] = [last!.startOffset, tokens.slice(0, -1)];
  const whole = tokensOf(expression).tokens.find(({ startOffset }) => startOffset === from);
  const to = from < position && whole !== undefined ? Math.max(position, from + whole.image.length) : position;
  return { before, begun: head.slice(torn === undefined ? from : from + 1), quoted: torn !== undefined, from, to };
}

/** The word of the field whose value stands at the end of these tokens; null when none does. */
function fieldBefore(tokens: readonly IToken[]): string | null {
  let i = tokens.length - 1;
  if (is(tokens[i], Compared)) i--;
  while (is(tokens[i], Comma)) {
    i--;
    // Of one value before: two words of an id, a word, or what it is compared by.
    if (is(tokens[i - 1], Colon) && is(tokens[i - 3], Colon, Comma)) i -= 2;
    i--;
    if (is(tokens[i], Compared)) i--;
  }
  return is(tokens[i], Colon) && is(tokens[i - 1], Word) ? tokens[i - 1]!.image : null;
}

const quotedTitle = (title: string): string => `"${title.replace(/["*\\]/g, "\\$&")}"`;

/** Titles with the words begun; where nothing is, some of the few kinds that are few. */
async function titles(
  graph: Graph,
  scope: Scope,
  asked: Asked,
  begun: string,
  labels: readonly NodeLabel[],
): Promise<Offer[]> {
  const { asOf, first } = asked;
  const searched = labels.filter((label) => NODES[label].searched);
  const offer = (label: NodeLabel, title: string): Offer => ({
    text: quotedTitle(title),
    kind: "TITLE",
    detail: label,
  });
  if (searched.length === 0) return [];
  const words = begun.replace(/[\\*]/g, " ").trim();
  if (words !== "") {
    const found = await search(graph, scope, { text: words, labels: searched, asOf, skip: 0, first });
    return found.nodes.map(({ label, title }) => offer(label, title));
  }
  const [label] = searched;
  if (label === undefined || searched.length > 1) return [];
  const question = { asOf, conditions: [], titled: true, most: first };
  const rows = await graph.read(scope, findQueries.get(label)!, question);
  return rows.map(({ title }) => offer(label, title ?? "")).sort((a, b) => (a.text < b.text ? -1 : 1));
}

const begins = (text: string, begun: string): boolean => plain(text).startsWith(plain(begun));

async function values(
  graph: Graph,
  scope: Scope,
  asked: Asked,
  { begun, quoted }: Place,
  word: string,
): Promise<Offer[]> {
  const known = fieldOf(word);
  if (known === null) return [];
  const { field, label } = known;
  const { values: few = [], meaning, titles: labels = [] } = FIELDS[field];
  const offers = few
    .filter((value) => begins(value, begun))
    .map((value): Offer => ({ text: value.toLowerCase(), kind: "VALUE", detail: meaning }));
  const any: Offer = { text: "*", kind: "VALUE", detail: "any" };
  if (labels.length > 0 && begun === "" && !quoted) offers.push(any);
  return [...offers, ...(await titles(graph, scope, asked, begun, label === null ? labels : [label]))];
}

const KEYWORDS = [
  [And, "and", "both sides are so"],
  [Or, "or", "one side at least is so"],
  [Not, "not", "what follows is not so"],
] as const;

async function begin(graph: Graph, scope: Scope, asked: Asked, { before, begun, quoted }: Place): Promise<Offer[]> {
  const next = comesNext(before);
  const offers: Offer[] = [];
  if (!quoted) {
    if (next.includes(Word)) {
      for (const field of FIELD_NAMES) offers.push({ text: `${field}:`, kind: "FIELD", detail: FIELDS[field].meaning });
      for (const kind of KIND_FIELDS)
        offers.push({ text: `${kind.toLowerCase()}:`, kind: "FIELD", detail: `a ${kind.toLowerCase()} by its title` });
    }
    for (const [type, text, detail] of KEYWORDS)
      if (next.includes(type)) offers.push({ text, kind: "KEYWORD", detail });
    if (begun === "") {
      const open = before.filter((token) => is(token, Open)).length - before.filter((token) => is(token, Close)).length;
      if (next.includes(And))
        offers.push({ text: "+", kind: "KEYWORD", detail: "and all that stands on it; +2 within two hops" });
      else if (next.includes(Plus))
        offers.push({ text: "+", kind: "KEYWORD", detail: "and all that it stands on; 2+ within two hops" });
      if (next.includes(Open)) offers.push({ text: "(", kind: "KEYWORD", detail: "what belongs together" });
      if (next.includes(Close) && open > 0)
        offers.push({ text: ")", kind: "KEYWORD", detail: "closes the parenthesis" });
    }
  }
  const fitting = offers.filter(({ text }) => begun === "" || begins(text, begun));
  const isTitle = next.includes(Quoted) && begun.trim() !== "";
  return [...fitting, ...(isTitle ? await titles(graph, scope, asked, begun, LINEAGE_LABELS) : [])];
}

/** What could stand at a place of an expression: nothing where what stands before it can't be gone on with. */
export async function completeSelection(graph: Graph, scope: Scope, asked: Asked): Promise<Completion[]> {
  const { expression, position, first } = asked;
  bounded(expression);
  if (!Number.isInteger(position) || position < 0 || position > expression.length)
    throw DomainError.badInput(
      "position",
      `\`position\` must be a whole number from 0 to ${expression.length}, the length of the expression.`,
    );
  const place = placeAt(expression, position);
  countTerms(place.before);
  const field = fieldBefore(place.before);
  const offers =
    field === null ? await begin(graph, scope, asked, place) : await values(graph, scope, asked, place, field);
  return offers.slice(0, first).map((offer) => ({ ...offer, from: place.from, to: place.to }));
}

import { NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import { countList, LISTS, readList, type ListLabel, type ListQuestion } from "../reads/lists/list.query.js";
import { callerOf, type Context } from "./context.js";
import { formatCursor, parseCursor } from "./cursor.js";
import { instantOf } from "./instant.js";
import { LIMITS, within } from "./limits.js";
import { at, type At } from "./loaders.js";
import { pageInfo, type Connection } from "./pagination.js";

export interface PageArgs {
  readonly first: number;
  readonly after?: string | null | undefined;
  readonly asOf?: Instant | null | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** The id that an argument names; BAD_INPUT when it is no id of these labels. */
export function idArgument(field: string, text: string, labels: readonly NodeLabel[] = NODE_LABELS) {
  const id = parseNodeId(text);
  if (id !== null && labels.includes(id.label)) return id;
  const kinds = labels.length === NODE_LABELS.length ? "" : `, of a ${labels.join(" or ")}`;
  const example = labels.includes("Claim") ? "Claim" : labels[0];
  throw DomainError.badInput(
    field,
    `\`${field}\` must be an id such as ${example}:01JD3Z5X9QW8R7T6Y5V4N3M2K1${kinds}.`,
  );
}

/** Words of a title that a list filters by: more than anybody remembers of one. */
const MOST_WORDS = 20;
const LONGEST_WORDS = 200;

/** Words of a filter, in lower case; null for none. */
function wordsOf(title: unknown): string[] | null {
  const words = typeof title === "string" ? title.toLowerCase().split(/\s+/).filter(Boolean) : [];
  if (words.length > MOST_WORDS || words.join(" ").length > LONGEST_WORDS)
    throw DomainError.badInput(
      "filter.title",
      `\`filter.title\` must be at most ${MOST_WORDS} words of ${LONGEST_WORDS} characters together.`,
    );
  return words.length === 0 ? null : words;
}

/** A page of a label's list, filtered by property values and neighbours. */
export async function connect(
  context: Context,
  label: ListLabel,
  page: PageArgs,
  filter: Readonly<Record<string, unknown>> = {},
): Promise<Connection<At>> {
  callerOf(context);
  const first = within("first", page.first, LIMITS.first);
  const definition: {
    by: readonly string[];
    of: Readonly<Record<string, readonly [unknown, unknown, readonly NodeLabel[]]>>;
    titled?: true;
  } = LISTS[label];
  const values = Object.fromEntries(
    definition.by.map((name) => [name, filter[name] ?? null]),
  ) as ListQuestion["values"];
  const neighbours = Object.entries(definition.of).flatMap(([field, [, , labels]]) => {
    const value = filter[field];
    return typeof value === "string" ? [{ field, node: idArgument(`filter.${field}`, value, labels) }] : [];
  });
  const words = definition.titled ? wordsOf(filter.title) : null;
  const newestFirst = page.newestFirst === true;
  const question = [label, values, neighbours, ...(words === null && !newestFirst ? [] : [words, newestFirst])];
  const cursor = page.after ? parseCursor(context, page.after, question, page.asOf) : null;
  const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
  const after = cursor === null ? null : String(cursor.position);
  const asked: ListQuestion = { asOf, after, first, values, neighbours, words, newestFirst };
  const { graph } = context.services;
  const { nodes, more } = await readList(graph, context.scope, label, asked);
  const edges = nodes.map((node) => ({
    cursor: formatCursor({ asOf, position: node.ulid }, question),
    node: at(node, asOf),
  }));
  let counted: ReturnType<typeof countList> | undefined;
  return {
    edges,
    pageInfo: pageInfo(edges, more, page.after),
    asOf,
    count: () => (counted ??= countList(graph, context.scope, label, asked)),
  };
}

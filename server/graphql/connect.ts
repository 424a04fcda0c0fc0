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
  } = LISTS[label];
  const values = Object.fromEntries(
    definition.by.map((name) => [name, filter[name] ?? null]),
  ) as ListQuestion["values"];
  const neighbours = Object.entries(definition.of).flatMap(([field, [, , labels]]) => {
    const value = filter[field];
    return typeof value === "string" ? [{ field, node: idArgument(`filter.${field}`, value, labels) }] : [];
  });
  const question = [label, values, neighbours];
  const cursor = page.after ? parseCursor(context, page.after, question, page.asOf) : null;
  const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
  const asked: ListQuestion = { asOf, after: String(cursor?.position ?? ""), first, values, neighbours };
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

import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { VERSIONED, type AnyNode } from "../../graph/projection.js";

/*
 * What is approved, as one text: the action, its arguments, and everything that it rests on, in canonical JSON (RFC 8785).
 * Its SHA-256 is what approvers name; any edit gives another one.
 */

const frozenEdge = z.object({ type: z.string(), to: z.string(), basis: z.string().nullable() });

/** One node of what is approved. */
export const frozenItem = z.object({
  /** Public id. */
  id: z.string(),
  title: z.string(),
  /** Null where the node's own versions don't matter, such as its status. */
  version: z.number().nullable(),
  properties: z.record(z.string(), z.unknown()),
  /** Open edges from it, in order of type and end. */
  edges: z.array(frozenEdge),
});
export type FrozenItem = z.infer<typeof frozenItem>;
export type FrozenEdge = z.infer<typeof frozenEdge>;

/** Node properties and edges as an item. Without `left` the whole node counts, its version too. */
export function freezeNode(node: AnyNode, edges: readonly FrozenEdge[], left: readonly string[] = []): FrozenItem {
  const stored = node as unknown as Readonly<Record<string, unknown>>;
  const names = VERSIONED[node.label].filter((name) => name !== "title" && !left.includes(name));
  return {
    id: formatNodeId(node.label, node.ulid),
    title: node.title,
    version: left.length === 0 ? node.version : null,
    properties: Object.fromEntries(names.map((name) => [name, stored[name] ?? null])),
    edges: [...edges].sort((a, b) => compare(`${a.type} ${a.to}`, `${b.type} ${b.to}`)),
  };
}

export interface Content {
  readonly action: string;
  readonly subjectId: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly items: readonly FrozenItem[];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The canonical text of what is approved, and its SHA-256. */
export function sealContent({ items, ...content }: Content): { text: string; hash: string } {
  const text = canonicalize({ ...content, items: items.toSorted((a, b) => compare(a.id, b.id)) })!;
  return { text, hash: createHash("sha256").update(text).digest("hex") };
}

const sealed = z.object({ items: z.array(frozenItem) });

/** The items of a text that `sealContent` made. */
export const itemsOf = (text: string): FrozenItem[] => sealed.parse(JSON.parse(text)).items;

export interface Difference {
  readonly added: readonly { readonly id: string; readonly title: string }[];
  readonly removed: readonly { readonly id: string; readonly title: string }[];
  /** What differs of each, a line for each property or kind of edge. */
  readonly changed: readonly {
    readonly id: string;
    readonly title: string;
    readonly before: string;
    readonly after: string;
  }[];
}

/** What became of the items. */
export function differenceOf(before: readonly FrozenItem[], after: readonly FrozenItem[]): Difference {
  const old = new Map(before.map((item) => [item.id, item]));
  const present = new Map(after.map((item) => [item.id, item]));
  const named = ({ id, title }: FrozenItem) => ({ id, title });
  return {
    added: after.filter(({ id }) => !old.has(id)).map(named),
    removed: before.filter(({ id }) => !present.has(id)).map(named),
    changed: after.flatMap((item) => {
      const was = old.get(item.id);
      if (was === undefined) return [];
      const [left, right] = [linesOf(was), linesOf(item)];
      const names = [...new Set([...left.keys(), ...right.keys()])].filter(
        (name) => left.get(name) !== right.get(name),
      );
      if (names.length === 0) return [];
      const tell = (lines: ReadonlyMap<string, string>) =>
        names.map((name) => `${name}: ${lines.get(name) ?? ""}`).join("\n");
      return [{ ...named(item), before: tell(left), after: tell(right) }];
    }),
  };
}

/** An item as named lines. */
function linesOf({ title, version, properties, edges }: FrozenItem): ReadonlyMap<string, string> {
  const lines = new Map([["title", title]]);
  if (version !== null) lines.set("version", String(version));
  for (const [name, value] of Object.entries(properties))
    lines.set(name, typeof value === "string" ? value : JSON.stringify(value));
  for (const type of new Set(edges.map((edge) => edge.type))) {
    const ends = edges.filter((edge) => edge.type === type);
    lines.set(type, ends.map(({ to, basis }) => (basis === null ? to : `${to} (${basis})`)).join(", "));
  }
  return lines;
}

import { z } from "zod";
import { LINEAGE_EDGES, EDGES, NODE_LABELS, type EdgeType, type NodeLabel } from "../../graph-schema/catalog.js";
import { formatNodeId } from "../../graph-schema/node-id.js";
import { nodeBase, type NodeBase } from "../../graph-schema/node.js";
import { NODES } from "../../graph-schema/nodes.js";
import type { Instant } from "../../graph-schema/time.js";

/*
 * Nodes travel as lists of values, `[label, …life, …version]`, in an order that the stored shape gives: the driver decodes a
 * nested map many times slower than a list (docs/performance.md). Text and decoder come from the same columns, so that no
 * position is ever counted by hand, and what isn't in the shape is never sent.
 */

type Shape<L extends NodeLabel> = z.infer<(typeof NODES)[L]["shape"]>;

/** What every node read from the graph has. */
export interface ReadNode extends Readonly<NodeBase> {
  readonly label: NodeLabel;
  /** The public id, `Label:ulid`. */
  readonly id: string;
  /** The part behind the label, as stored. */
  readonly ulid: string;
  /** When its life began. */
  readonly createdAt: Instant;
}
/** A node as it was at the instant asked for: its base and its own properties. */
export type NodeOf<L extends NodeLabel> = ReadNode & { readonly label: L } & Readonly<Shape<L>>;
export type AnyNode = { [L in NodeLabel]: NodeOf<L> }[NodeLabel];

/** Columns of the life, and of where the version stands in it. */
const LIFE = ["id", "validFrom", "validTo", "version", "versionFrom"] as const;

/** What can differ between versions, by label: what a revision keeps. */
export const VERSIONED = Object.fromEntries(
  NODE_LABELS.map((label) => [
    label,
    [...Object.keys(nodeBase.shape), ...Object.keys(NODES[label].shape.shape)].filter(
      (column) => !(LIFE as readonly string[]).includes(column),
    ),
  ]),
) as Record<NodeLabel, string[]>;

/**
 * Cypher for the version of node `n` that held at `$asOf`: the node itself, or the revision that took its place.
 * A revision keeps the outgoing properties under their own names, so that both are read alike.
 */
export const versionAt = (n: string): string =>
  `CASE WHEN ${n}.versionFrom > $asOf THEN head([(past:Revision)-[:REVISION_OF]->(${n}) WHERE past.validFrom <= $asOf AND past.validTo > $asOf | past]) ELSE ${n} END`;

/** Cypher that is true of a node or an edge which holds at `$asOf`. */
export const holdsAt = (x: string): string => `${x}.validFrom <= $asOf AND ${x}.validTo > $asOf`;

/** Cypher for a map of the versioned columns by label, for `nodeRow` of nodes of several labels. */
export const columnMap = (labels: readonly NodeLabel[] = NODE_LABELS): string =>
  `{${labels.map((label) => `${label}: [${VERSIONED[label].map((column) => `"${column}"`).join(", ")}]`).join(", ")}}`;

/**
 * Cypher for the row of node `n`, of one of `labels`, in its version `v`. For several labels the columns are looked up by
 * label as it runs: a CASE over all of them reads as fast, but takes the planner three times as long. The database makes
 * the map anew for every row, so a statement of many rows makes it once and names it as `columns`.
 */
export function nodeRow(
  n: string,
  v: string,
  labels: readonly NodeLabel[] = NODE_LABELS,
  columns = columnMap(labels),
): string {
  // A revision numbers its version `n` and holds from `validFrom` on.
  const life = `${n}.id, ${n}.validFrom, ${n}.validTo, coalesce(${v}.n, ${v}.version), coalesce(${v}.versionFrom, ${v}.validFrom)`;
  const [only] = labels;
  if (only !== undefined && labels.length === 1)
    return `["${only}", ${life}, ${VERSIONED[only].map((column) => `${v}.${column}`).join(", ")}]`;
  return `[labels(${n})[0], ${life}] + [column IN ${columns}[labels(${n})[0]] | ${v}[column]]`;
}

const decoders = new Map<unknown, (row: readonly unknown[]) => AnyNode>(
  NODE_LABELS.map((label) => {
    const shape = nodeBase.extend(NODES[label].shape.shape);
    const columns = [...LIFE, ...VERSIONED[label]];
    const decode = (row: readonly unknown[]): AnyNode => {
      const named: Record<string, unknown> = {};
      for (let i = 0; i < columns.length; i++) named[columns[i]!] = row[i + 1];
      const stored = shape.parse(named);
      return Object.assign(stored, {
        label,
        ulid: stored.id,
        id: formatNodeId(label, stored.id),
        createdAt: stored.validFrom,
      }) as unknown as AnyNode;
    };
    return [label, decode];
  }),
);

/** Decodes what `nodeRow` sent. */
export const nodeRowSchema = z.array(z.unknown()).transform((row, context): AnyNode => {
  const decoder = decoders.get(row[0]);
  if (decoder !== undefined) return decoder(row);
  context.addIssue({ code: "custom", message: "not a node row" });
  return z.NEVER;
});

/** A node row of one label. */
export const nodeRowOf = <L extends NodeLabel>(label: L) =>
  nodeRowSchema.refine((node) => node.label === label, `not a ${label}`) as unknown as z.ZodType<NodeOf<L>>;

export interface EdgeRow {
  readonly type: keyof typeof EDGES;
  /** Public ids. */
  readonly from: string;
  readonly to: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly openedBy: string;
}

/** Edge types whose ends follow from the type alone; for the others the row says the label. */
const fixedEnds = new Map(
  LINEAGE_EDGES.filter((type) => EDGES[type].endpoints.length === 1).map(
    (type) => [type, EDGES[type].endpoints[0]!] as const,
  ),
);

/** Cypher for the row of lineage edge `r`, of one of `types`, as seen from one end: it names the other, `end`. */
export function edgeRow(r: string, end: string, types: readonly EdgeType[]): string {
  const label = types.every((type) => fixedEnds.has(type)) ? "" : `, labels(${end})[0]`;
  return `[type(${r}), ${end}.id, ${r}.validFrom, ${r}.validTo, ${r}.openedBy${label}]`;
}

export const edgeRowSchema = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.string(),
  z.string().optional(),
]);

/** Decodes what `edgeRow` sent of an edge that was seen from the node with public id `seenFrom`: its `from`, or its `to`. */
export function decodeEdge(
  [name, end, validFrom, validTo, openedBy, label]: z.infer<typeof edgeRowSchema>,
  seenFrom: string,
  side: "from" | "to",
): EdgeRow {
  const type = name as EdgeRow["type"];
  const other = `${label ?? fixedEnds.get(type as EdgeType)?.[side === "from" ? 1 : 0]}:${end}`;
  const [from, to] = side === "from" ? [seenFrom, other] : [other, seenFrom];
  return { type, from, to, validFrom, validTo, openedBy };
}

import { z } from "zod";
import { LINEAGE_EDGES, EDGES, NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import { formatNodeId } from "../../graph-schema/node-id.js";
import { nodeBase, type NodeBase } from "../../graph-schema/node.js";
import { NODES } from "../../graph-schema/nodes.js";
import type { Instant } from "../../graph-schema/time.js";

/*
 * Nodes travel as lists of values, `[label index, …values]`, in the column order that the stored shape gives: the driver
 * decodes a nested map many times slower than a list (docs/performance.md). Text and decoder come from one list of
 * columns, so that no position is ever counted by hand, and what isn't in the shape is never sent.
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

/** Properties of a life; the others belong to a version. */
const LIFE: readonly string[] = ["id", "validFrom", "validTo"];

const COLUMNS = Object.fromEntries(
  NODE_LABELS.map((label) => [label, [...Object.keys(nodeBase.shape), ...Object.keys(NODES[label].shape.shape)]]),
) as Record<NodeLabel, string[]>;
/** Columns that a revision keeps: what can differ between versions. */
export const versionedColumns = (label: NodeLabel): string[] =>
  COLUMNS[label].filter((column) => !LIFE.includes(column) && column !== "version" && column !== "versionFrom");

/**
 * Cypher for the version of node `n` that held at `$asOf`: the node itself, or the revision that took its place.
 * A revision keeps the outgoing properties under their own names, so that both are read alike.
 */
export const versionAt = (n: string): string =>
  `CASE WHEN ${n}.versionFrom > $asOf THEN head([(past:Revision)-[:REVISION_OF]->(${n}) WHERE past.validFrom <= $asOf AND past.validTo > $asOf | past]) ELSE ${n} END`;

/** Cypher that is true of a node or an edge which holds at `$asOf`. */
export const holdsAt = (x: string): string => `${x}.validFrom <= $asOf AND ${x}.validTo > $asOf`;

function values(label: NodeLabel, n: string, v: string): string {
  const columns = COLUMNS[label].map((column) => {
    if (LIFE.includes(column)) return `${n}.${column}`;
    // A revision numbers its version `n` and holds from `validFrom` on.
    if (column === "version") return `coalesce(${v}.n, ${v}.version)`;
    if (column === "versionFrom") return `coalesce(${v}.versionFrom, ${v}.validFrom)`;
    return `${v}.${column}`;
  });
  return `[${NODE_LABELS.indexOf(label)}, ${columns.join(", ")}]`;
}

/** Cypher for the row of node `n`, of one of `labels`, in its version `v`. */
export function nodeRow(n: string, v: string, labels: readonly NodeLabel[] = NODE_LABELS): string {
  const [only] = labels;
  if (only !== undefined && labels.length === 1) return values(only, n, v);
  return `CASE ${labels.map((label) => `WHEN ${n}:${label} THEN ${values(label, n, v)}`).join(" ")} END`;
}

const decoders = NODE_LABELS.map((label) => {
  const shape = nodeBase.extend(NODES[label].shape.shape);
  const columns = COLUMNS[label];
  return (row: readonly unknown[]): AnyNode => {
    const named: Record<string, unknown> = {};
    for (let i = 0; i < columns.length; i++) named[columns[i]!] = row[i + 1];
    const stored = shape.parse(named);
    return Object.assign(stored, { label, ulid: stored.id, id: formatNodeId(label, stored.id), createdAt: stored.validFrom }) as unknown as AnyNode;
  };
});

/** Decodes what `nodeRow` sent. */
export const nodeRowSchema = z.array(z.unknown()).transform((row, context): AnyNode => {
  const decoder = typeof row[0] === "number" ? decoders[row[0]] : undefined;
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

/** Edge types whose ends follow from the type alone; for the others the row says the labels. */
const fixedEnds = new Map(
  LINEAGE_EDGES.filter((type) => EDGES[type].endpoints.length === 1).map((type) => [type, EDGES[type].endpoints[0]!] as const),
);

/** Cypher for the row of lineage edge `r`. */
export function edgeRow(r: string): string {
  const fixed = [...fixedEnds.keys()].map((type) => `"${type}"`).join(", ");
  const label = (end: string) => `CASE WHEN type(${r}) IN [${fixed}] THEN null ELSE labels(${end}(${r}))[0] END`;
  return `[type(${r}), startNode(${r}).id, endNode(${r}).id, ${r}.validFrom, ${r}.validTo, ${r}.openedBy, ${label("startNode")}, ${label("endNode")}]`;
}

const edgeTuple = z.tuple([z.string(), z.string(), z.string(), z.number(), z.number(), z.string(), z.string().nullable(), z.string().nullable()]);

/** Decodes what `edgeRow` sent. */
export const edgeRowSchema = edgeTuple.transform(([name, from, to, validFrom, validTo, openedBy, fromLabel, toLabel]): EdgeRow => {
  const type = name as EdgeRow["type"];
  const fixed = fixedEnds.get(type);
  return {
    type,
    from: `${fixed?.[0] ?? fromLabel}:${from}`,
    to: `${fixed?.[1] ?? toLabel}:${to}`,
    validFrom,
    validTo,
    openedBy,
  };
});

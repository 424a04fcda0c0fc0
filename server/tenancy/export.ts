import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Label } from "../../graph-schema/catalog.js";
import type { Signer } from "../audit/signer.js";
import type { Graph } from "../graph/graph.js";
import { EXPORTED, pages, type ExportedRow } from "./content.query.js";
import { signEnd, type Signature, type Told } from "./export-signature.js";

const PAGE = 500;

/** Counts up when a line changes in a way that breaks who reads it. */
export const FORMAT = 3;
/** Had the same lines and an end that nobody signed. */
export const UNSIGNED_FORMAT = 2;

export type Properties = Readonly<Record<string, unknown>>;

export interface ExportedEdge {
  readonly type: string;
  /** Label and key of where it leads. */
  readonly to: string;
  readonly key: string;
  readonly properties: Properties;
}

/** A line of an export: what it is of, then every node with the edges that lead from it, then how many there were. */
export type ExportLine =
  | {
      readonly type: "tenant";
      readonly tenantId: string;
      readonly format: typeof FORMAT | typeof UNSIGNED_FORMAT;
      readonly labels: readonly string[];
    }
  | {
      readonly type: "node";
      /** The node's own label first, then its marks. */
      readonly labels: readonly string[];
      readonly properties: Properties;
      readonly edges: readonly ExportedEdge[];
    }
  | EndLine;

/** `sha256` is of all lines before this one with their line ends, in hex; signed unless its maker had no key. */
export type EndLine = { readonly type: "end" } & Told & Partial<Signature>;

export interface Exported {
  readonly line: ExportLine;
  /** The line as it is written: RFC 8785 JSON and a line end, so that what is equal is equal to the byte. */
  readonly text: string;
}

export const toText = (line: ExportLine): string => `${canonicalize(line)}\n`;

/**
 * Everything that a tenant has, page by page: its past and its audit log too, but neither tokens nor addresses that secrets go
 * to. What changes meanwhile may stand in it or not; suspend the tenant first where that matters. The last line is `end`: an
 * export without it isn't whole. `signer` is that of the home's audit, where there is one.
 */
export async function* exportTenantLines(
  graph: Graph,
  tenantId: string,
  signer: Signer | undefined,
): AsyncGenerator<Exported> {
  const sha256 = createHash("sha256");
  const tell = (line: ExportLine): Exported => {
    const text = toText(line);
    sha256.update(text);
    return { line, text };
  };
  yield tell({ type: "tenant", tenantId, format: FORMAT, labels: EXPORTED });
  let nodes = 0;
  let edges = 0;
  for (const [label, query] of pages) {
    for (let after: string | undefined = ""; after !== undefined;) {
      const rows: ExportedRow[] = await graph.read({ tenantId, timeoutMs: 60_000 }, query, { after, limit: PAGE });
      for (const row of rows) {
        const line = lineOf(label, row);
        nodes += 1;
        edges += line.edges.length;
        yield tell(line);
      }
      after = rows.length < PAGE ? undefined : rows.at(-1)!.key;
    }
  }
  const told = { nodes, edges, sha256: sha256.digest("hex") };
  const end = { type: "end", ...told, ...(signer && (await signEnd(signer, tenantId, told))) } as const;
  yield { line: end, text: toText(end) };
}

/** In an order that isn't the store's: labels, properties and edges come as each database pleases. */
function lineOf(label: Label, { labels, properties, edges }: ExportedRow): ExportLine & { type: "node" } {
  const rank = edges.map((edge) => ({ edge, by: canonicalize(edge)! }));
  return {
    type: "node",
    labels: [label, ...labels.filter((mark) => mark !== label).sort()],
    properties: isSealed(label) ? properties : withoutOurs(properties),
    edges: rank.sort((a, b) => (a.by < b.by ? -1 : 1)).map(({ edge }) => edge),
  };
}

/** Everything that an audit entry holds is in its leaf, known to us or not. */
const isSealed = (label: Label): boolean => label === "AuditEntry";

/** What a lock leaves behind says nothing, and by which move a tenant came or left is this database's to know. */
const withoutOurs = ({ _lock, _cameAs, _leftAs, ...properties }: Properties): Properties => properties;

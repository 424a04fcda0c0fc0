import type { Graph } from "../graph/graph.js";
import { EXPORTED, pages, type ExportedRow } from "./content.query.js";

const PAGE = 500;

/** A line of an export: what it is of, then every node with the edges that lead from it, then how many there were. */
export type ExportLine =
  | { readonly type: "tenant"; readonly tenantId: string; readonly format: 1; readonly labels: readonly string[] }
  | {
      readonly type: "node";
      readonly labels: readonly string[];
      readonly properties: Readonly<Record<string, unknown>>;
      readonly edges: readonly {
        readonly type: string;
        /** Label and key of where it leads. */
        readonly to: string;
        readonly key: string;
        readonly properties: Readonly<Record<string, unknown>>;
      }[];
    }
  | { readonly type: "end"; readonly nodes: number; readonly edges: number };

/**
 * Everything that a tenant has, page by page: its past and its audit log too, but neither tokens nor addresses that secrets go
 * to. What changes meanwhile may stand in it or not; suspend the tenant first where that matters. The last line is `end`: an
 * export without it isn't whole.
 */
export async function* exportTenantLines(graph: Graph, tenantId: string): AsyncGenerator<ExportLine> {
  yield { type: "tenant", tenantId, format: 1, labels: EXPORTED };
  let nodes = 0;
  let edges = 0;
  for (const query of pages.values()) {
    for (let after: string | undefined = ""; after !== undefined;) {
      const rows: ExportedRow[] = await graph.read({ tenantId, timeoutMs: 60_000 }, query, { after, limit: PAGE });
      for (const { labels, properties, edges: from } of rows) {
        nodes += 1;
        edges += from.length;
        yield { type: "node", labels, properties, edges: from };
      }
      after = rows.length < PAGE ? undefined : rows.at(-1)!.key;
    }
  }
  yield { type: "end", nodes, edges };
}

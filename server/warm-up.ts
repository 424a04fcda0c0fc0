import { NODE_LABELS } from "../graph-schema/catalog.js";
import { SYSTEM_TENANT, type Graph } from "./graph/graph.js";
import { readImpact } from "./reads/impact/impact.query.js";
import { readLineage } from "./reads/lineage/lineage.query.js";
import { LISTS, readList, type ListLabel } from "./reads/lists/list.query.js";
import { nodesById } from "./reads/node/node.query.js";
import { readSearch } from "./reads/search/search.query.js";

/** An id that nothing has. */
const NOBODY = "00000000000000000000000000";

/**
 * Asks what a page asks first, of nothing, so that the database has planned it before anyone waits: planning takes some
 * hundred times as long as answering. One question after the other, for as long as nothing fails.
 */
export async function warmUp(graph: Graph, signal: AbortSignal): Promise<void> {
  const scope = { tenantId: SYSTEM_TENANT };
  const asOf = Date.now();
  const lists = (Object.keys(LISTS) as ListLabel[]).map(
    (label) => () => readList(graph, scope, label, { asOf, after: "", first: 1, values: {}, neighbours: [] }),
  );
  const lineage = NODE_LABELS.flatMap((label) =>
    (["UPSTREAM", "DOWNSTREAM"] as const).map(
      (direction) => () =>
        readLineage(graph, scope, {
          root: { label, id: NOBODY },
          direction,
          depth: 1,
          asOf,
          edgeTypes: null,
          skip: 0,
          first: 1,
        }),
    ),
  );
  const nodes = NODE_LABELS.map((label) => () => nodesById(graph, scope, [{ label, id: NOBODY }], asOf));
  const impact = (["Source", "Claim"] as const).map(
    (label) => () => readImpact(graph, scope, { label, id: NOBODY }, asOf),
  );
  const search = () => readSearch(graph, scope, { text: "warm", labels: null, asOf, skip: 0, first: 1 });
  for (const ask of [...lists, search, ...nodes, ...lineage, ...impact]) {
    if (signal.aborted) return;
    await ask();
  }
}

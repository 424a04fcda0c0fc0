import { z } from "zod";
import { EVIDENCE_EDGES, NODE_LABELS, type NodeLabel } from "../../../graph-schema/catalog.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt, nodeRow, nodeRowOf, versionAt } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/** What a thing stands on: every evidence edge but those that speak against a claim or decide nothing. */
const STANDS_ON = EVIDENCE_EDGES.filter((type) => type !== "CONTRADICTED_BY" && type !== "CONSIDERED");

/** Everything that stands on a node is counted up to here; beyond it the totals are lower bounds. */
export const EXACT_IMPACT = 10_000;
/** Most live episodes or claims that are listed; they are counted beyond. */
export const MAX_LISTED = 500;
/** Longest chain that is followed: an episode stands on a source over six edges, and each citation adds one. */
const MAX_CHAIN = 16;

const listOf = <L extends NodeLabel>(label: L) => z.object({ count: z.number(), nodes: z.array(nodeRowOf(label)) });

const row = z.object({
  gathered: z.number(),
  /** Null when there is no root. */
  finished: z.boolean().nullable(),
  totals: z.array(z.tuple([z.enum(NODE_LABELS as [NodeLabel, ...NodeLabel[]]), z.number()])),
  liveEpisodes: listOf("Episode"),
  owners: z.array(nodeRowOf("Principal")),
  losingSupport: listOf("Claim"),
  losingContradiction: listOf("Claim"),
});
export type ImpactRow = z.infer<typeof row>;

const listed = (pairs: string, label: NodeLabel) =>
  `{count: size(${pairs}), nodes: [pair IN ${pairs}[0..${MAX_LISTED}] | ${nodeRow("pair[0]", "pair[1]", [label])}]}`;

function impactText(root: NodeLabel): string {
  return `MATCH (root:${root} {tenantId: $tenantId, id: $id})
WHERE ${holdsAt("root")}
MATCH (root)<-[path:${STANDS_ON.join("|")}*0..${MAX_CHAIN}]-(n)
WHERE all(r IN path WHERE ${holdsAt("r")})
WITH n, min(size(path)) AS level ORDER BY level, n.id LIMIT $cap + 1
WITH collect(n) AS seen, max(level) AS longest
WITH seen, seen[1..] AS standing, longest < ${MAX_CHAIN} AS finished
CALL (standing) {
  UNWIND standing AS n
  WITH labels(n)[0] AS label, count(n) AS nodes ORDER BY label
  RETURN collect([label, nodes]) AS totals
}
CALL (standing) {
  UNWIND [n IN standing WHERE n:Episode] AS n
  WITH n, ${versionAt("n")} AS v
  WHERE v.status IN $live
  WITH n, v ORDER BY n.id
  RETURN collect([n, v]) AS episodes
}
CALL (episodes) {
  UNWIND episodes AS pair
  WITH pair[0] AS e
  OPTIONAL MATCH (e)-[own:OWNED_BY]->(mine:Principal) WHERE ${holdsAt("own")}
  OPTIONAL MATCH (e)-[on:ON]->(:Channel)-[theirs:OWNED_BY]->(channels:Principal) WHERE ${holdsAt("on")} AND ${holdsAt("theirs")}
  WITH DISTINCT coalesce(mine, channels) AS p
  WHERE p IS NOT NULL
  WITH p, ${versionAt("p")} AS v ORDER BY p.id
  RETURN collect(${nodeRow("p", "v", ["Principal"])}) AS owners
}
CALL (seen, standing) {
  UNWIND [n IN standing WHERE n:Claim] AS c
  MATCH (c)-[r:SUPPORTED_BY]->(f:Fact) WHERE ${holdsAt("r")}
  OPTIONAL MATCH (f)-[q:QUOTED_FROM]->(:Snapshot)-[t:CAPTURED_FROM]->(s:Source) WHERE ${holdsAt("q")} AND ${holdsAt("t")}
  WITH c, f, f IN seen AS lost, s, ${versionAt("s")} AS sv
  WITH c, lost, coalesce(sv.independenceGroup, f.id) AS group
  WITH c, collect(DISTINCT CASE WHEN lost THEN group END) AS gone, collect(DISTINCT CASE WHEN NOT lost THEN group END) AS left
  WHERE none(group IN left WHERE NOT group IN gone)
  WITH c, ${versionAt("c")} AS v ORDER BY c.id
  RETURN collect([c, v]) AS unsupported
}
CALL (seen) {
  UNWIND [n IN seen WHERE n:Fact] AS f
  MATCH (f)<-[r:CONTRADICTED_BY]-(c:Claim) WHERE ${holdsAt("r")}
  WITH DISTINCT c
  WITH c, ${versionAt("c")} AS v ORDER BY c.id
  RETURN collect([c, v]) AS uncontradicted
}
RETURN size(seen) AS gathered, finished, totals, ${listed("episodes", "Episode")} AS liveEpisodes, owners,
  ${listed("unsupported", "Claim")} AS losingSupport, ${listed("uncontradicted", "Claim")} AS losingContradiction`;
}

const queries = Object.fromEntries(
  NODE_LABELS.map((root) => [
    root,
    defineQuery({
      name: `impactOf${root}`,
      mode: "read",
      scope: "tenant",
      params: params<{ id: string; asOf: Instant; cap: number; live: readonly string[] }>(),
      cypher: impactText(root),
      row,
    }),
  ]),
) as Record<
  NodeLabel,
  ReturnType<typeof defineQuery<{ id: string; asOf: Instant; cap: number; live: readonly string[] }, ImpactRow>>
>;
export const impactQueries = Object.values(queries);

export type ImpactReading = Omit<ImpactRow, "gathered" | "finished"> & { readonly totalIsExact: boolean };

/** What stands on the node at the instant. Null when it isn't there then, or isn't this tenant's. */
export async function readImpact(
  graph: Graph,
  scope: Scope,
  { label, id }: NodeId,
  asOf: Instant,
): Promise<ImpactReading | null> {
  const [found] = await graph.read(scope, queries[label], { id, asOf, cap: EXACT_IMPACT, live: LIVE_STATUSES });
  // Without a root nothing is gathered, and the statement answers that in a row all the same.
  if (found === undefined || found.gathered === 0) return null;
  const { gathered, finished, ...rest } = found;
  return { ...rest, totalIsExact: finished === true && gathered <= EXACT_IMPACT };
}

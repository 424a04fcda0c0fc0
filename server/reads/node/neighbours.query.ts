import { z } from "zod";
import { EDGES, LABELS, type EdgeType, type Label, type NodeLabel } from "../../../graph-schema/catalog.js";
import { EDGE_PROPERTIES } from "../../../graph-schema/edges.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt, nodeRow, nodeRowSchema, versionAt } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/** Most neighbours that one field of a node lists; beyond it, ask `lineage`, which pages. */
export const MAX_NEIGHBOURS = 500;

/** One step along an edge type from nodes of one label: `out` follows the arrow, `in` goes against it. */
export interface Step {
  readonly from: NodeLabel;
  readonly type: EdgeType;
  readonly direction: "out" | "in";
  /** Only neighbours of this label, where the type leads to others too. */
  readonly to?: NodeLabel;
}

const isContent = (label: Label): label is NodeLabel => LABELS[label] === "content";

function farLabels({ from, type, direction, to }: Step): NodeLabel[] {
  if (to !== undefined) return [to];
  const endpoints: readonly (readonly [Label, Label])[] = EDGES[type].endpoints;
  const far = endpoints.flatMap(([a, b]) => (direction === "out" ? (a === from ? [b] : []) : b === from ? [a] : []));
  return far.filter(isContent);
}

const neighbour = z.object({
  id: z.string(),
  node: nodeRowSchema,
  validFrom: z.number(),
  openedBy: z.string(),
  basis: EDGE_PROPERTIES.SUPPORTED_BY.shape.basis.nullable(),
});
export type Neighbour = z.infer<typeof neighbour>;

function neighbourQuery(step: Step) {
  const { from, type, direction } = step;
  const labels = farLabels(step);
  const pattern = direction === "out" ? `-[r:${type}]->` : `<-[r:${type}]-`;
  return defineQuery({
    name: `${type}${direction === "out" ? "Of" : "To"}${from}${step.to === undefined ? "" : `Only${step.to}`}`,
    mode: "read",
    scope: "tenant",
    params: params<{ ids: string[]; asOf: Instant; most: number }>(),
    cypher: `UNWIND $ids AS id
MATCH (n:${from} {tenantId: $tenantId, id: id})
CALL (n) {
  MATCH (n)${pattern}(m:${labels.join("|")})
  WHERE ${holdsAt("r")}
  RETURN r, m ORDER BY m.id LIMIT $most
}
WITH id, r, m, ${versionAt("m")} AS v
RETURN id, ${nodeRow("m", "v", labels)} AS node, r.validFrom AS validFrom, r.openedBy AS openedBy, r.basis AS basis`,
    row: neighbour,
  });
}

const keyOf = ({ from, type, direction, to }: Step) =>
  `${type} ${direction} ${from}${to === undefined ? "" : ` ${to}`}`;

/** The steps that fields of the API take. */
const STEPS: readonly Step[] = [
  { from: "Episode", type: "HAS_SCENE", direction: "out" },
  { from: "Episode", type: "ON", direction: "out" },
  { from: "Episode", type: "ABOUT", direction: "out" },
  { from: "Episode", type: "OWNED_BY", direction: "out" },
  { from: "Episode", type: "PRODUCED_BY", direction: "out" },
  { from: "Channel", type: "OWNED_BY", direction: "out" },
  { from: "CorrectionTask", type: "CORRECTS", direction: "out" },
  { from: "CorrectionTask", type: "PART_OF", direction: "out" },
  { from: "CorrectionTask", type: "OWNED_BY", direction: "out" },
  { from: "Scene", type: "HAS_SCENE", direction: "in" },
  { from: "Scene", type: "STATES", direction: "out" },
  { from: "Claim", type: "STATES", direction: "in" },
  { from: "Claim", type: "SUPPORTED_BY", direction: "out" },
  { from: "Claim", type: "CONTRADICTED_BY", direction: "out" },
  { from: "Claim", type: "CONSIDERED", direction: "out" },
  { from: "Claim", type: "CONFLICTS_WITH", direction: "out" },
  { from: "Claim", type: "CONFLICTS_WITH", direction: "in" },
  { from: "Claim", type: "ABOUT", direction: "in" },
  { from: "Claim", type: "PICKS", direction: "in" },
  { from: "Fact", type: "QUOTED_FROM", direction: "out" },
  { from: "Fact", type: "DERIVED_FROM", direction: "out" },
  { from: "Snapshot", type: "CAPTURED_FROM", direction: "out" },
  { from: "Source", type: "CITES", direction: "out" },
  { from: "Source", type: "SUPERSEDED_BY", direction: "out" },
  { from: "Source", type: "SUPERSEDED_BY", direction: "in" },
  { from: "Incident", type: "AFFECTS", direction: "out" },
  { from: "Decision", type: "ABOUT", direction: "out" },
  { from: "Decision", type: "BASED_ON", direction: "out" },
  { from: "Decision", type: "PICKS", direction: "out" },
  { from: "Decision", type: "REPLACES", direction: "out" },
  { from: "Decision", type: "REPLACES", direction: "in" },
  { from: "PipelineRun", type: "ON", direction: "out" },
  { from: "PipelineRun", type: "ABOUT", direction: "out" },
  { from: "PipelineRun", type: "PART_OF", direction: "in" },
  { from: "Experiment", type: "ARM_OF", direction: "in" },
  { from: "Experiment", type: "TESTED_ON", direction: "out" },
  { from: "PipelineRun", type: "PRODUCED_BY", direction: "in", to: "Episode" },
  { from: "Proposal", type: "PROPOSES", direction: "out" },
  { from: "Proposal", type: "OF", direction: "in" },
];
const queries = new Map(STEPS.map((step) => [keyOf(step), neighbourQuery(step)]));
export const neighbourQueries = [...queries.values()];

/** For each id (without label), what stands one step away at the instant, in order of id, at most MAX_NEIGHBOURS of them. */
export async function neighbours(
  graph: Graph,
  scope: Scope,
  step: Step,
  ids: readonly string[],
  asOf: Instant,
): Promise<Map<string, Neighbour[]>> {
  const query = queries.get(keyOf(step));
  if (query === undefined) throw new Error(`no field takes the step ${keyOf(step)}: add it to STEPS`);
  const rows = await graph.read(scope, query, { ids: [...new Set(ids)], asOf, most: MAX_NEIGHBOURS });
  return groupById(rows);
}

function groupById(rows: readonly Neighbour[]): Map<string, Neighbour[]> {
  const groups = new Map<string, Neighbour[]>();
  for (const row of rows) {
    const group = groups.get(row.id);
    if (group === undefined) groups.set(row.id, [row]);
    else group.push(row);
  }
  return groups;
}

import { z } from "zod";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params, type Query } from "../../graph/query.js";
import { LINEAGE_LABELS, type LineageStatus, type NodeFilter } from "./standing.js";
import { batches } from "./walk.query.js";

/** Reliabilities that count as evidence: MEDIUM at least. */
const TRUSTED = `["A", "B", "C"]`;

/** Cypher for how fresh node `n` is, in its version `v`: see FRESHNESS. */
export const freshnessOf = (n: string, v: string): string =>
  `CASE WHEN ${n}:Source THEN CASE WHEN ${v}.status = "ACTIVE" THEN "FRESH" ELSE "STALE" END
  WHEN ${n}:Claim THEN CASE WHEN ${v}.status = "NEEDS_RECHECK" OR ${v}.recheckBy <= $asOf THEN "STALE" WHEN ${v}.recheckBy IS NULL THEN "TIMELESS" ELSE "FRESH" END END`;

/** Cypher that gives `n` in its version `v` a `confidence`: see CONFIDENCES. */
const withConfidence = `CALL (n) {
  MATCH (n)-[against:CONTRADICTED_BY]->(:Fact)
  WHERE ${holdsAt("against")}
  RETURN count(against) AS contradictions
}
CALL (n) {
  MATCH (n)-[support:SUPPORTED_BY*0..1]->(:Fact)-[quoted:QUOTED_FROM]->(:Snapshot)-[captured:CAPTURED_FROM]->(s:Source)
  WHERE all(one IN support WHERE ${holdsAt("one")}) AND ${holdsAt("quoted")} AND ${holdsAt("captured")}
  WITH s, ${versionAt("s")} AS sv
  WHERE sv.status <> "RETRACTED" AND sv.reliability IN ${TRUSTED}
  RETURN collect(DISTINCT sv.reliability) AS reliabilities, count(DISTINCT sv.independenceGroup) AS groups
}
WITH *, CASE
  WHEN n:Source THEN CASE WHEN v.status = "RETRACTED" THEN "LOW" WHEN v.reliability IN ["A", "B"] THEN "HIGH" WHEN v.reliability = "C" THEN "MEDIUM" ELSE "LOW" END
  WHEN n:Fact THEN CASE WHEN "A" IN reliabilities OR "B" IN reliabilities THEN "HIGH" WHEN "C" IN reliabilities THEN "MEDIUM" ELSE "LOW" END
  WHEN n:Claim THEN CASE WHEN v.status = "WRONG" OR contradictions > 0 OR groups = 0 THEN "LOW" WHEN groups = 1 THEN "MEDIUM" ELSE "HIGH" END
END AS confidence`;

const among = (list: string, value: string): string => `($filter.${list} IS NULL OR ${value} IN $filter.${list})`;

/**
 * Cypher that keeps, of the rows that have `n`, those whose node passes `$filter`, or for which `unless` is true. Confidence
 * is weighed only where it is asked for: it looks around each node, and takes the planner as long as all the rest.
 */
export const passing = (weighed: boolean, unless?: string): string => `WITH *, ${versionAt("n")} AS v
${weighed ? withConfidence : ""}
WITH * WHERE ${unless === undefined ? "" : `${unless} OR `}(${[
  among("labels", "labels(n)[0]"),
  among("tiers", "v.tier"),
  among("statuses", "v.status"),
  among("freshness", `(${freshnessOf("n", "v")})`),
  ...(weighed ? [among("confidence", "confidence")] : []),
].join("\n  AND ")})`;

/** Every list, given or not: what a statement with `passing` in it takes as `filter`. */
export const filterParams = (filter: NodeFilter): Required<NodeFilter> => ({
  labels: filter.labels ?? null,
  tiers: filter.tiers ?? null,
  statuses: filter.statuses ?? null,
  freshness: filter.freshness ?? null,
  confidence: filter.confidence ?? null,
});

interface PassParams {
  ids: readonly string[];
  asOf: Instant;
  filter: Required<NodeFilter>;
}

const passRow = z.object({ id: z.string(), status: z.string().nullable() });

/** What has a confidence. */
export const WEIGHED_LABELS: readonly NodeLabel[] = ["Source", "Fact", "Claim"];

type StandingQuery = Query<PassParams, z.infer<typeof passRow>>;
const standingQuery = (label: NodeLabel, weighed: boolean): StandingQuery =>
  defineQuery({
    name: `standing${weighed ? "Weighed" : ""}Of${label}`,
    mode: "read",
    scope: "tenant",
    params: params<PassParams>(),
    cypher: `UNWIND $ids AS id
MATCH (n:${label} {tenantId: $tenantId, id: id})
${passing(weighed)}
RETURN id, v.status AS status`,
    row: passRow,
  });
const unweighed = new Map(LINEAGE_LABELS.map((label) => [label, standingQuery(label, false)]));
const weighed = new Map(WEIGHED_LABELS.map((label) => [label, standingQuery(label, true)]));
export const standingQueries = [...unweighed.values(), ...weighed.values()];

/** Those of the nodes that pass the filter at the instant, each with its status where it has one. */
export async function standingOf(
  graph: Graph,
  scope: Scope,
  ids: Iterable<string>,
  asOf: Instant,
  filter: NodeFilter = {},
): Promise<Map<string, LineageStatus | null>> {
  const rows = await Promise.all(
    batches(ids).map(async ({ label, ids: some }) => {
      const query = (filter.confidence ? weighed : unweighed).get(label);
      if (query === undefined) return [];
      const found = await graph.read(scope, query, { ids: some, asOf, filter: filterParams(filter) });
      return found.map(({ id, status }) => [`${label}:${id}`, status as LineageStatus | null] as const);
    }),
  );
  return new Map(rows.flat());
}

import { z } from "zod";
import { LINEAGE_EDGES, type EdgeType, type NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params, type Query } from "../../graph/query.js";
import { freshnessOf } from "../lineage/standing.query.js";
import { LINEAGE_LABELS } from "../lineage/standing.js";

/** What a node is asked, in one form for every field. `not`: it must not be so. */
export interface Condition {
  readonly field: "label" | "tier" | "status" | "freshness" | "id" | "title";
  /** Of a title: for each pattern its parts, all of which the title must have somewhere. */
  readonly values: readonly unknown[];
  readonly not: boolean;
}

interface FindParams {
  asOf: Instant;
  conditions: readonly Condition[];
  /** Whether the titles are wanted: what parts stand in a title says the database, in which order and as which words doesn't. */
  titled: boolean;
  most: number;
}
type CheckParams = FindParams & { ids: readonly string[] };

const row = z.object({ id: z.string(), title: z.string().nullable() });
type Row = z.infer<typeof row>;

const found = `WITH n, ${versionAt("n")} AS v
WHERE v IS NOT NULL AND all(c IN $conditions WHERE c.not <> coalesce(CASE c.field
  WHEN "label" THEN labels(n)[0] IN c.values
  WHEN "id" THEN n.id IN c.values
  WHEN "tier" THEN v.tier IN c.values
  WHEN "status" THEN v.status IN c.values
  WHEN "freshness" THEN (${freshnessOf("n", "v")}) IN c.values
  WHEN "title" THEN any(parts IN c.values WHERE all(part IN parts WHERE toLower(v.title) CONTAINS part))
END, false))
RETURN n.id AS id, CASE WHEN $titled THEN v.title END AS title LIMIT $most`;

const PRINCIPAL = "Principal" satisfies NodeLabel;

const forLabels = <T>(labels: readonly NodeLabel[], make: (label: NodeLabel) => T) =>
  new Map(labels.map((label) => [label, make(label)]));

/** Everything of a label that holds and meets the conditions. */
export const findQueries = forLabels([...LINEAGE_LABELS, PRINCIPAL], (label) =>
  defineQuery({
    name: `find${label}`,
    mode: "read",
    scope: "tenant",
    params: params<FindParams>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId})
WHERE n.id > "" AND ${holdsAt("n")}
${found}`,
    row,
  }),
);

/** Those of some nodes that meet the conditions. */
export const checkQueries = forLabels(LINEAGE_LABELS, (label) =>
  defineQuery({
    name: `check${label}`,
    mode: "read",
    scope: "tenant",
    params: params<CheckParams>(),
    cypher: `UNWIND $ids AS id
MATCH (n:${label} {tenantId: $tenantId, id: id})
WHERE ${holdsAt("n")}
${found}`,
    row,
  }),
);

interface LinksParams {
  ids: readonly string[];
  asOf: Instant;
  edgeTypes: readonly EdgeType[];
}

/** How many relations each of some nodes has at the instant. */
export const linksQueries = forLabels(LINEAGE_LABELS, (label) =>
  defineQuery({
    name: `linksOf${label}`,
    mode: "read",
    scope: "tenant",
    params: params<LinksParams>(),
    cypher: `UNWIND $ids AS id
MATCH (n:${label} {tenantId: $tenantId, id: id})
OPTIONAL MATCH (n)-[r:${LINEAGE_EDGES.join("|")}]-()
WHERE ${holdsAt("r")} AND type(r) IN $edgeTypes
RETURN id, count(r) AS links`,
    row: z.object({ id: z.string(), links: z.number() }),
  }),
);

interface BesideParams {
  ids: readonly string[];
  asOf: Instant;
  most: number;
}

const beside = (name: string, from: NodeLabel, rest: string): Query<BesideParams, { id: string }> =>
  defineQuery({
    name,
    mode: "read",
    scope: "tenant",
    params: params<BesideParams>(),
    cypher: `UNWIND $ids AS id
MATCH (x:${from} {tenantId: $tenantId, id: id})${rest}
RETURN DISTINCT labels(n)[0] + ":" + n.id AS id LIMIT $most`,
    row: z.object({ id: z.string() }),
  });

/** What belongs to channels, topics and people. An episode without an owner is its channel's owner's. */
export const besideQueries = {
  onChannel: beside("episodesOnChannels", "Channel", `<-[r:ON]-(n:Episode)\nWHERE ${holdsAt("r")}`),
  aboutTopic: beside("episodesAboutTopics", "Topic", `<-[r:ABOUT]-(n:Episode)\nWHERE ${holdsAt("r")}`),
  owned: beside("ownedBy", "Principal", `<-[r:OWNED_BY]-(n:Channel|Episode)\nWHERE ${holdsAt("r")}`),
  ownedByChannel: beside(
    "ownedThroughChannels",
    "Principal",
    `<-[r:OWNED_BY]-(:Channel)<-[on:ON]-(n:Episode)
WHERE ${holdsAt("r")} AND ${holdsAt("on")}
OPTIONAL MATCH (n)-[own:OWNED_BY]->(:Principal)
WHERE ${holdsAt("own")}
WITH n, count(own) AS owners WHERE owners = 0`,
  ),
};

export const selectQueries = [
  ...findQueries.values(),
  ...checkQueries.values(),
  ...linksQueries.values(),
  ...Object.values(besideQueries),
];
export type { Row };

import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/** Decisions are counted exactly up to here. */
export const EXACT_COUNT = 10_000;

/** Decisions for which all that isn't null holds. */
export interface DecisionFilter {
  readonly allowed: boolean | null;
  readonly rule: string | null;
  readonly actor: string | null;
  readonly capability: string | null;
  /** The first instant, and the last. */
  readonly from: Instant;
  readonly to: Instant;
}

/** Where a page ended: the entries before this one are left. */
export interface Before {
  readonly at: Instant;
  readonly id: string;
}

interface PageParams extends DecisionFilter {
  beforeId: string;
  limit: number;
}

/** Stands behind every id. */
const LAST_ID = "~";

// The tenant's index by instant gives the order, so that a page costs what it passes over and no more.
const newestFirst = `MATCH (a:AuditEntry {tenantId: $tenantId})
WHERE a.at >= $from AND a.at <= $to AND CASE a.at WHEN $to THEN a.id < $beforeId ELSE true END
  AND a.policy IS NOT NULL
  AND ($allowed IS NULL OR (size(a.denied) = 0) = $allowed)
  AND ($rule IS NULL OR $rule IN a.denied)
  AND ($actor IS NULL OR a.actor = $actor)
  AND ($capability IS NULL OR a.capability = $capability)
`;

const decisionRow = z.object({
  id: z.string(),
  at: z.number(),
  operationId: z.string(),
  command: z.string(),
  capability: z.string(),
  actor: z.string(),
  actorName: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  denied: z.array(z.string()),
  policy: z.string(),
  decisionInput: z.string().nullable(),
});
export type DecisionRow = z.infer<typeof decisionRow>;

export const policyDecisionsPage = defineQuery({
  name: "policyDecisionsPage",
  mode: "read",
  scope: "tenant",
  params: params<PageParams>(),
  cypher: `${newestFirst}WITH a ORDER BY a.tenantId DESC, a.at DESC, a.id DESC LIMIT $limit
RETURN a.id AS id, a.at AS at, a.operationId AS operationId, a.command AS command, a.capability AS capability,
  a.actor AS actor, a.actorName AS actorName, a.onBehalfOf AS onBehalfOf, a.denied AS denied, a.policy AS policy,
  a.decisionInput AS decisionInput`,
  row: decisionRow,
});

export const policyDecisionsCount = defineQuery({
  name: "policyDecisionsCount",
  mode: "read",
  scope: "tenant",
  params: params<PageParams>(),
  cypher: `${newestFirst}WITH a LIMIT $limit
RETURN count(a) AS count`,
  row: z.object({ count: z.number() }),
});

/** One page of the decision log, newest first, and whether there is more. */
export async function readPolicyDecisions(
  graph: Graph,
  scope: Scope,
  filter: DecisionFilter,
  page: { readonly first: number; readonly before: Before | null },
): Promise<{ decisions: DecisionRow[]; more: boolean }> {
  const rows = await graph.read(scope, policyDecisionsPage, {
    ...filter,
    to: Math.min(filter.to, page.before?.at ?? filter.to),
    beforeId: page.before?.id ?? LAST_ID,
    limit: page.first + 1,
  });
  return { decisions: rows.slice(0, page.first), more: rows.length > page.first };
}

export async function countPolicyDecisions(
  graph: Graph,
  scope: Scope,
  filter: DecisionFilter,
): Promise<{ count: number; exact: boolean }> {
  const [row] = await graph.read(scope, policyDecisionsCount, { ...filter, beforeId: LAST_ID, limit: EXACT_COUNT + 1 });
  const count = row?.count ?? 0;
  return { count: Math.min(count, EXACT_COUNT), exact: count <= EXACT_COUNT };
}

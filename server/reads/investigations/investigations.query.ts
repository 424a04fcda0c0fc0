import { z } from "zod";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const shape = z.object({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  sharing: z.enum(["PRIVATE", "SHARED", "DELETED"]),
  version: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type StoredInvestigation = z.infer<typeof shape>;
const FIELDS = `{${Object.keys(shape.shape)
  .map((name) => `.${name}`)
  .join(", ")}}`;
const row = z.object({ investigation: shape });

const oneQuery = defineQuery({
  name: "investigationById",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; reader: string }>(),
  cypher: `MATCH (i:Investigation {tenantId: $tenantId, id: $id})
WHERE i.sharing = "SHARED" OR (i.sharing = "PRIVATE" AND i.owner = $reader)
RETURN i ${FIELDS} AS investigation`,
  row,
});

interface PageParams {
  readonly owner: string;
  /** Ids below it, the greatest first. */
  readonly before: string;
  readonly limit: number;
}

const PIECES = {
  MINE: `MATCH (i:Investigation {tenantId: $tenantId, owner: $owner}) WHERE i.sharing <> "DELETED" AND i.id < $before`,
  SHARED: `MATCH (i:Investigation {tenantId: $tenantId, sharing: "SHARED"}) WHERE i.owner <> $owner AND i.id < $before`,
} as const;
export type InvestigationsOf = keyof typeof PIECES;
export const INVESTIGATIONS_OF = Object.keys(PIECES) as [InvestigationsOf, ...InvestigationsOf[]];

const listOf = (whose: InvestigationsOf) => ({
  page: defineQuery({
    name: `investigations${whose}Page`,
    mode: "read",
    scope: "tenant",
    params: params<PageParams>(),
    cypher: `${PIECES[whose]}
WITH i ORDER BY i.id DESC LIMIT $limit
RETURN i ${FIELDS} AS investigation`,
    row,
  }),
  count: defineQuery({
    name: `investigations${whose}Count`,
    mode: "read",
    scope: "tenant",
    params: params<PageParams>(),
    cypher: `${PIECES[whose]}
WITH i LIMIT $limit
RETURN count(i) AS count`,
    row: z.object({ count: z.number() }),
  }),
});
const LISTS = { MINE: listOf("MINE"), SHARED: listOf("SHARED") } as const;

/** After every ULID. */
const BEHIND_ALL = "~";

/** One that the reader keeps, or that is shared with them. */
export const findInvestigation = async (
  graph: Graph,
  scope: Scope,
  id: string,
  reader: string,
): Promise<StoredInvestigation | undefined> => (await graph.read(scope, oneQuery, { id, reader }))[0]?.investigation;

/** A page, the newest first; `before` is the last id of the page before, or empty. */
export async function readInvestigations(
  graph: Graph,
  scope: Scope,
  whose: InvestigationsOf,
  { owner, before, first }: { owner: string; before: string; first: number },
): Promise<{ rows: StoredInvestigation[]; more: boolean }> {
  const asked = { owner, before: before || BEHIND_ALL, limit: first + 1 };
  const rows = await graph.read(scope, LISTS[whose].page, asked);
  return { rows: rows.slice(0, first).map(({ investigation }) => investigation), more: rows.length > first };
}

export const countInvestigations = async (
  graph: Graph,
  scope: Scope,
  whose: InvestigationsOf,
  owner: string,
  most: number,
): Promise<number> =>
  (await graph.read(scope, LISTS[whose].count, { owner, before: BEHIND_ALL, limit: most }))[0]?.count ?? 0;

export const investigationReads = [oneQuery, ...Object.values(LISTS).flatMap(({ page, count }) => [page, count])];

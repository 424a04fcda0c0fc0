import { z } from "zod";
import type { Reader } from "../../commands/judge.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const watchRow = z.object({
  id: z.string(),
  watcher: z.string(),
  nodeId: z.string(),
  depth: z.number(),
  since: z.number(),
});
export type StoredWatch = z.infer<typeof watchRow>;
const WATCH = "w.id AS id, w.watcher AS watcher, w.nodeId AS nodeId, w.depth AS depth, w.since AS since";

const ownQuery = defineQuery({
  name: "watchesOfPerson",
  mode: "read",
  scope: "tenant",
  params: params<{ watcher: string }>(),
  cypher: `MATCH (w:Watch {tenantId: $tenantId, watcher: $watcher}) WHERE w.status = "ACTIVE"
RETURN ${WATCH} ORDER BY w.since DESC, w.id DESC`,
  row: watchRow,
});

const allQuery = defineQuery({
  name: "watchesOfTenant",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (w:Watch {tenantId: $tenantId, status: "ACTIVE"}) RETURN ${WATCH} ORDER BY w.id`,
  row: watchRow,
});

const change = z.object({
  kind: z.enum(["CREATED", "REVISED", "OPENED", "CLOSED"]),
  nodeId: z.string().nullable(),
  type: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  operationId: z.string(),
});

const alertRow = z.object({
  id: z.string(),
  nodeId: z.string(),
  operationId: z.string(),
  at: z.number(),
  changed: z.number(),
  changes: z.string().transform((text) => z.array(change).parse(JSON.parse(text))),
  seenAt: z.number().nullable(),
});
export type StoredAlert = z.infer<typeof alertRow>;
const ALERT =
  "a.id AS id, a.nodeId AS nodeId, a.operationId AS operationId, a.at AS at, a.changed AS changed, a.changes AS changes, a.seenAt AS seenAt";

interface AlertParams {
  readonly watcher: string;
  /** Ids strictly between these, the greatest first. */
  readonly from: string;
  readonly before: string;
  readonly limit: number;
}

const PIECES = {
  // Somebody's ids begin alike, so that their alerts are a piece of the index.
  all: `MATCH (a:Alert {tenantId: $tenantId}) WHERE a.id > $from AND a.id < $before AND a.watcher = $watcher`,
  unseen: `MATCH (a:Alert {tenantId: $tenantId, unseenBy: $watcher}) WHERE a.id < $before`,
} as const;

const alertsQuery = (name: keyof typeof PIECES) => ({
  page: defineQuery({
    name: `alerts${name}Page`,
    mode: "read",
    scope: "tenant",
    params: params<AlertParams>(),
    cypher: `${PIECES[name]}
WITH a ORDER BY a.tenantId DESC, a.id DESC LIMIT $limit
RETURN ${ALERT}`,
    row: alertRow,
  }),
  count: defineQuery({
    name: `alerts${name}Count`,
    mode: "read",
    scope: "tenant",
    params: params<AlertParams>(),
    cypher: `${PIECES[name]}
WITH a LIMIT $limit
RETURN count(a) AS count`,
    row: z.object({ count: z.number() }),
  }),
});
const ALERTS = { all: alertsQuery("all"), unseen: alertsQuery("unseen") } as const;

export const watchReads = [ownQuery, allQuery, ...Object.values(ALERTS).flatMap(({ page, count }) => [page, count])];

/** What somebody watches, what they began with last first. */
export const watchesOf = (graph: Graph, scope: Scope, watcher: string): Promise<StoredWatch[]> =>
  graph.read(scope, ownQuery, { watcher });

/** What anybody of the tenant watches. */
export const allWatches = (reader: Reader): Promise<StoredWatch[]> => reader.run(allQuery, {});

/** After everything that an id can be followed by. */
const BEHIND_ALL = "~";

export interface AlertQuestion {
  readonly watcher: string;
  /** What the ids of their alerts begin with. */
  readonly prefix: string;
  readonly unseen: boolean;
}

const paramsOf = ({ watcher, prefix, unseen }: AlertQuestion, before: string, limit: number): AlertParams => ({
  watcher,
  from: unseen ? "" : prefix,
  before: before || `${prefix}${BEHIND_ALL}`,
  limit,
});

/** A page, the newest first; `before` is the last id of the page before, or empty. */
export async function readAlerts(
  graph: Graph,
  scope: Scope,
  question: AlertQuestion,
  { before, first }: { before: string; first: number },
): Promise<{ rows: StoredAlert[]; more: boolean }> {
  const { page } = ALERTS[question.unseen ? "unseen" : "all"];
  const rows = await graph.read(scope, page, paramsOf(question, before, first + 1));
  return { rows: rows.slice(0, first), more: rows.length > first };
}

export async function countAlerts(graph: Graph, scope: Scope, question: AlertQuestion, most: number): Promise<number> {
  const { count } = ALERTS[question.unseen ? "unseen" : "all"];
  return (await graph.read(scope, count, paramsOf(question, "", most)))[0]?.count ?? 0;
}

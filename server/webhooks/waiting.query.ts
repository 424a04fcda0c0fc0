import { z } from "zod";
import type { Instant } from "../../graph-schema/time.js";
import type { Graph } from "../graph/graph.js";
import { defineQuery, params } from "../graph/query.js";

/** Counted no further: whoever asks wants to know whether there is much. */
const MOST_COUNTED = 10_000;

const waitingEvents = defineQuery({
  name: "waitingEvents",
  mode: "read",
  scope: "tenant",
  params: params<{ most: number }>(),
  cypher: `MATCH (e:Undispatched {tenantId: $tenantId}) WHERE e.id > ""
WITH e LIMIT $most
RETURN count(e) AS count`,
  row: z.object({ count: z.number() }),
});

const waitingDeliveries = defineQuery({
  name: "waitingDeliveries",
  mode: "read",
  scope: "tenant",
  params: params<{ now: Instant; most: number }>(),
  cypher: `MATCH (d:Delivery {tenantId: $tenantId}) WHERE d.nextAt <= $now
WITH d LIMIT $most
RETURN count(d) AS count`,
  row: z.object({ count: z.number() }),
});

export const waitingQueries = [waitingEvents, waitingDeliveries];

/** Events that aren't handed to webhooks yet, and deliveries whose time has come. */
export async function countWaiting(
  graph: Graph,
  tenantId: string,
  now: Instant,
): Promise<{ readonly events: number; readonly deliveries: number }> {
  const most = MOST_COUNTED;
  const [[events], [deliveries]] = await Promise.all([
    graph.read({ tenantId }, waitingEvents, { most }),
    graph.read({ tenantId }, waitingDeliveries, { now, most }),
  ]);
  return { events: events?.count ?? 0, deliveries: deliveries?.count ?? 0 };
}

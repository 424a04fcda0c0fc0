import type { Clock } from "../clock.js";
import type { Graph } from "../graph/graph.js";
import { takes } from "./event-catalog.js";
import { addDeliveries, listeners, markDispatched, undispatched, type NewDelivery } from "./webhook.query.js";

/** Events that one transaction hands on. */
const BATCH = 500;

/** The event that goes to its own subject and nobody else, whatever that one listens to. */
const PING = "webhook.ping";

/**
 * Hands the tenant's new events to the webhooks that listen to them: a Delivery each, due at once, in the transaction that
 * takes the event's `Undispatched` marker off. An event without a listener just loses its marker. Safe to run twice and by
 * several at once. Answers how many events were handed on; stops early when `signal` is aborted.
 */
export async function dispatchOutbox(
  { graph, clock }: { readonly graph: Graph; readonly clock: Pick<Clock, "now"> },
  tenantId: string,
  signal?: AbortSignal,
): Promise<number> {
  for (let events = 0; ;) {
    const { value } = await graph.write({ tenantId }, async (tx) => {
      const waiting = await tx.run(undispatched, { limit: BATCH });
      if (waiting.length === 0) return 0;
      const all = await tx.run(listeners, {});
      const deliveries = waiting.flatMap((event) => all.filter(listensTo(event)).map((to) => delivery(event, to.id)));
      if (deliveries.length > 0) await tx.run(addDeliveries, { deliveries, now: clock.now() });
      await tx.run(markDispatched, { ids: waiting.map(({ id }) => id) });
      return waiting.length;
    });
    events += value;
    if (value < BATCH || signal?.aborted === true) return events;
  }
}

interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

const listensTo =
  ({ type, subject }: Event) =>
  (webhook: { readonly id: string; readonly types: readonly string[] }): boolean =>
    type === PING ? subject === `Webhook:${webhook.id}` : webhook.types.some((pattern) => takes(pattern, type));

/** The webhook first: its log is a prefix of the index, in the order of its events. */
const delivery = ({ id, type }: Event, webhookId: string): NewDelivery => ({
  id: `${webhookId}-${id}`,
  eventId: id,
  webhookId,
  type,
});

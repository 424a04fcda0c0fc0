import { z } from "zod";
import { ULID } from "../../../graph-schema/node-id.js";
import { identityOf } from "../../commands/caller.js";
import { defineCommand } from "../../commands/command.js";
import { plumbingId } from "../../commands/plumbing-id.js";
import { notFound, Refusal } from "../../commands/problem.js";
import { lock } from "../../graph/lock.js";
import { ALERT_ID, alertIdOf } from "./alert-id.js";
import { addAlerts, seeAlerts, unmarkEvents, unseenAlerts, watchesThere } from "./watch.repository.js";

/** Events that one go holds against the watches. */
export const MOST_EVENTS = 500;
/** Alerts that one go raises. */
export const MOST_ALERTS = 5_000;
/** Alerts that are marked as seen at once. */
const MOST_SEEN = 10_000;

const alertId = z
  .string()
  .regex(ALERT_ID, "must be the id of an Alert")
  .transform((value) => value.slice("Alert:".length));

const alert = z.object({
  watchId: plumbingId("Watch"),
  watcher: z.string().min(1),
  nodeId: z.string().min(1).max(100),
  /** The operation that changed something. */
  changedBy: z.string().min(1).max(128),
  at: z.int().min(0),
  changed: z.int().min(1),
  changes: z.string().max(20_000),
});
export type RaisedAlert = z.input<typeof alert>;

/**
 * Raises alerts, and takes the marker off the events that they come from, in one transaction: each change of a watched
 * lineage is told once to each who watches it, whoever runs this how often.
 */
export const raiseAlerts = defineCommand({
  name: "raiseAlerts",
  capability: "job.run",
  input: z.object({
    eventIds: z.array(z.string().regex(ULID)).max(MOST_EVENTS * 2),
    alerts: z.array(alert).max(MOST_ALERTS),
  }),
  digest: ({ eventIds, alerts }) => [eventIds, alerts.map(({ watchId, changedBy }) => [watchId, changedBy])],
  summarize: ({ eventIds, alerts }) => ({ events: eventIds.length, alerts: alerts.length }),
  async run({ tx, operationId }, { eventIds, alerts }) {
    const { at } = await lock(tx, []);
    const there = new Set(
      (await tx.run(watchesThere, { ids: [...new Set(alerts.map(({ watchId }) => watchId))] })).map(({ id }) => id),
    );
    const missing = alerts.flatMap(({ watchId }, i) =>
      there.has(watchId) ? [] : notFound(`alerts.${i}.watchId`).problems,
    );
    if (missing.length > 0) throw new Refusal(missing);
    const added = await tx.run(addAlerts, {
      attempt: operationId,
      alerts: alerts.map(({ watchId, watcher, changedBy, ...told }) => ({
        ...told,
        id: alertIdOf({ watcher, at: told.at, watch: watchId, operationId: changedBy }),
        watch: watchId,
        operationId: changedBy,
      })),
    });
    await tx.run(unmarkEvents, { ids: eventIds });
    return {
      result: { alerts: added.length },
      at,
      events: added.map(({ id, watch, nodeId, changed }) => ({
        type: "watch.alerted",
        subject: `Watch:${watch}`,
        data: { nodeId, alertId: `Alert:${id}`, changed },
      })),
    };
  },
});

/** Marks the caller's own alerts as seen: those named, or all that aren't, up to 10,000 at a time. */
export const markAlertsSeen = defineCommand({
  name: "markAlertsSeen",
  capability: "view.write",
  input: z
    .object({ alertIds: z.array(alertId).min(1).max(500).nullish(), all: z.boolean().nullish() })
    .refine(({ alertIds, all }) => (alertIds == null) === (all === true), {
      path: ["alertIds"],
      message: "must be given, or `all`: true, and not both",
    }),
  async run({ tx, caller }, { alertIds }) {
    const watcher = identityOf(caller);
    const { at } = await lock(tx, []);
    const ids = alertIds ?? (await tx.run(unseenAlerts, { watcher, most: MOST_SEEN })).map(({ id }) => id);
    const seen = new Set((await tx.run(seeAlerts, { ids, watcher, at })).map(({ id }) => id));
    const missing = ids.flatMap((id, i) => (seen.has(id) ? [] : notFound(`alertIds.${i}`).problems));
    if (missing.length > 0) throw new Refusal(missing.slice(0, 20));
    return {
      result: { seen: seen.size },
      at,
      events: [{ type: "watch.alerts-seen", subject: `Tenant:${tx.tenantId}`, data: { seen: seen.size } }],
    };
  },
});

import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Executed } from "../../commands/execute.js";
import { systemCaller, type Caller } from "../../commands/caller.js";
import type { Command } from "../../commands/command.js";
import type { Reader } from "../../commands/judge.js";
import { MOST_ALERTS, MOST_EVENTS, raiseAlerts, type RaisedAlert } from "./alert.service.js";
import type { Graph } from "../../graph/graph.js";
import { unmarkEvents } from "./watch.repository.js";
import {
  changesAround,
  readUnwatched,
  type LineageChange,
  type SeenEvent,
} from "../../reads/lineage-changed/lineage-changed.query.js";
import { allWatches, type StoredWatch } from "../../reads/watches/watches.query.js";

/** Changes that an alert lists; it counts them all. */
const MOST_LISTED = 20;

interface AlertOffice {
  readonly graph: Graph;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
}

const readerOf = (graph: Graph, tenantId: string): Reader => {
  const scope = { tenantId };
  return { ...scope, run: (query, params) => graph.read(scope, query, params) };
};

/** Events that no watch was held against yet; counted as far as one go takes them. */
export const countUnwatched = async (graph: Graph, tenantId: string): Promise<number> =>
  (await readUnwatched(readerOf(graph, tenantId), MOST_EVENTS)).length;

/** One go: how many alerts there were, and whether there may be more to do. */
export type Raised = { readonly alerts: number; readonly more: boolean };

/**
 * Holds the tenant's new events against what is watched in it, and raises an alert for each watch and operation that changed
 * its lineage. Reading comes first, so that what concerns nobody leaves no trace; what is raised is raised in the transaction
 * that takes the markers off its events. A refusal answers its problems.
 */
export async function raiseOnce(
  { graph, execute }: AlertOffice,
  tenantId: string,
  operationId: (part: string) => string,
): Promise<Executed<Raised> | { readonly ok: true; readonly result: Raised }> {
  const reader = readerOf(graph, tenantId);
  const waiting = await readUnwatched(reader, MOST_EVENTS);
  if (waiting.length === 0) return { ok: true, result: { alerts: 0, more: false } };
  const { events, alerts } = await alertsThatFit(reader, waiting);
  const eventIds = events.map(({ id }) => id);
  const more = events.length < waiting.length || waiting.length === MOST_EVENTS;
  if (alerts.length === 0) {
    await graph.write({ tenantId }, (tx) => tx.run(unmarkEvents, { ids: eventIds }));
    return { ok: true, result: { alerts: 0, more } };
  }
  const executed = await execute(raiseAlerts, systemCaller(tenantId), {
    operationId: operationId(eventIds[0]!),
    reason: "the lineage of what is watched changed",
    eventIds,
    alerts,
  });
  if (!executed.ok) return executed;
  // Whoever came second raised nothing: the first did.
  return { ...executed, result: { alerts: executed.replayed ? 0 : executed.result.alerts, more } };
}

/** The alerts of the events, or of as many of them as one go may raise alerts for: one operation always fits. */
async function alertsThatFit(reader: Reader, waiting: readonly SeenEvent[]) {
  for (let events = waiting; ; events = events.slice(0, Math.ceil(events.length / 2))) {
    const alerts = await alertsFor(reader, events);
    if (alerts.length <= MOST_ALERTS) return { events, alerts };
  }
}

/** What the events' operations did to each watched lineage, an alert for each operation. */
async function alertsFor(reader: Reader, events: readonly SeenEvent[]): Promise<RaisedAlert[]> {
  const instants = new Map(events.map(({ operationId, at }) => [operationId, at]));
  const watched = new Map<string, StoredWatch[]>();
  for (const watch of await allWatches(reader)) {
    const key = `${watch.nodeId} ${watch.depth}`;
    watched.set(key, [...(watched.get(key) ?? []), watch]);
  }
  const alerts: RaisedAlert[] = [];
  for (const watches of watched.values()) {
    const [{ nodeId, depth }] = watches as [StoredWatch];
    const node = parseNodeId(nodeId);
    if (node === null) continue;
    const changes = await changesAround(reader, node, depth, [...instants.keys()]);
    for (const [changedBy, done] of byOperation(changes)) {
      const at = instants.get(changedBy)!;
      // Watching begins with what comes after it.
      for (const { id, watcher } of watches.filter((watch) => watch.since < at)) {
        const told = { changed: done.length, changes: JSON.stringify(done.slice(0, MOST_LISTED)) };
        alerts.push({ watchId: `Watch:${id}`, watcher, nodeId, changedBy, at, ...told });
      }
    }
  }
  return alerts;
}

function byOperation(changes: readonly LineageChange[]): ReadonlyMap<string, LineageChange[]> {
  const groups = new Map<string, LineageChange[]>();
  for (const change of changes) groups.set(change.operationId, [...(groups.get(change.operationId) ?? []), change]);
  return groups;
}

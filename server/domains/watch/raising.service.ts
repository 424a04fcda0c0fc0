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
import { failedLooks } from "../../reads/lineage-changed/looks.js";
import { allWatches, type StoredWatch } from "../../reads/watches/watches.query.js";
import type { TroubledWatches } from "./troubled-watches.js";

/** Changes that an alert lists; it counts them all. */
const MOST_LISTED = 20;

interface AlertOffice {
  readonly graph: Graph;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
  readonly troubled: TroubledWatches;
  /** Hears of a watched lineage that couldn't be looked over. */
  trouble(error: unknown): void;
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
 * that takes the markers off its events. Where a watched lineage couldn't be looked over the others' alerts are raised all the
 * same, and the events keep their markers for it. A refusal answers its problems.
 */
export async function raiseOnce(
  office: AlertOffice,
  tenantId: string,
  operationId: (part: string) => string,
): Promise<Executed<Raised> | { readonly ok: true; readonly result: Raised }> {
  const { graph, execute, troubled } = office;
  const reader = readerOf(graph, tenantId);
  const waiting = await readUnwatched(reader, MOST_EVENTS);
  if (waiting.length === 0) return { ok: true, result: { alerts: 0, more: false } };
  const full = waiting.length === MOST_EVENTS;
  const { events, alerts, missed, caughtUp } = await alertsThatFit(reader, waiting, office);
  const { gone, kept, given } = troubled.part(events, { missed, full });
  if (given > 0)
    office.trouble(
      new Error(`${given} events aren't held against ${missed} watched lineages any more: no look succeeded`),
    );
  const eventIds = gone.map(({ id }) => id);
  // What is kept is no reason to look again at once.
  const more = gone.length > 0 && (events.length < waiting.length || full);
  if (alerts.length === 0) {
    if (gone.length > 0) await graph.write({ tenantId }, (tx) => tx.run(unmarkEvents, { ids: eventIds }));
    troubled.done(tenantId, { caughtUp, kept });
    return { ok: true, result: { alerts: 0, more } };
  }
  const executed = await execute(raiseAlerts, systemCaller(tenantId), {
    operationId: operationId(eventIds[0] ?? events.at(-1)!.id),
    reason: "the lineage of what is watched changed",
    eventIds,
    alerts,
  });
  if (!executed.ok) return executed;
  troubled.done(tenantId, { caughtUp, kept });
  // Whoever came second raised nothing: the first did.
  return { ...executed, result: { alerts: executed.replayed ? 0 : executed.result.alerts, more } };
}

/** The alerts of the events, or of as many of them as one go may raise alerts for: one operation always fits. */
async function alertsThatFit(reader: Reader, waiting: readonly SeenEvent[], office: AlertOffice) {
  const watched = groupsOf(await allWatches(reader));
  const { behind, resting } = office.troubled.turn(reader.tenantId, [...watched.keys()]);
  for (let events = waiting; ; events = events.slice(0, Math.ceil(events.length / 2))) {
    const { alerts, caughtUp } = await alertsFor(reader, events, { watched, behind, resting, office });
    if (alerts.length <= MOST_ALERTS) return { events, alerts, missed: resting.size, caughtUp };
  }
}

/** Watches by node and depth: what several watch is looked over once. */
function groupsOf(watches: readonly StoredWatch[]): ReadonlyMap<string, readonly StoredWatch[]> {
  const groups = new Map<string, StoredWatch[]>();
  for (const watch of watches) {
    const key = `${watch.nodeId} ${watch.depth}`;
    groups.set(key, [...(groups.get(key) ?? []), watch]);
  }
  return groups;
}

interface Looking {
  readonly watched: ReadonlyMap<string, readonly StoredWatch[]>;
  /** Groups whose last look failed: they want the events that were kept for them too. */
  readonly behind: ReadonlySet<string>;
  /** Groups that sit this go out; whatever fails joins them. */
  readonly resting: Set<string>;
  readonly office: AlertOffice;
}

/** What the events' operations did to each watched lineage, an alert for each operation; and who was behind and isn't now. */
async function alertsFor(reader: Reader, events: readonly SeenEvent[], { watched, behind, resting, office }: Looking) {
  const { troubled, trouble } = office;
  const instantsOf = (some: readonly SeenEvent[]) => new Map(some.map(({ operationId, at }) => [operationId, at]));
  const all = instantsOf(events);
  const fresh = instantsOf(events.filter(({ id }) => !troubled.isKept(reader.tenantId, id)));
  const alerts: RaisedAlert[] = [];
  const caughtUp: string[] = [];
  for (const [key, watches] of watched) {
    const [{ nodeId, depth }] = watches as readonly [StoredWatch];
    const node = parseNodeId(nodeId);
    if (node === null || resting.has(key)) continue;
    const instants = behind.has(key) ? all : fresh;
    if (instants.size === 0) continue;
    try {
      const changes = await changesAround(reader, node, depth, [...instants.keys()]);
      alerts.push(...alertsOf(watches, changes, instants));
      if (behind.has(key)) caughtUp.push(key);
    } catch (error) {
      troubled.failed(reader.tenantId, key);
      resting.add(key);
      failedLooks.inc({ reader: "watch" });
      trouble(error);
    }
  }
  return { alerts, caughtUp };
}

function alertsOf(
  watches: readonly StoredWatch[],
  changes: readonly LineageChange[],
  instants: ReadonlyMap<string, number>,
): RaisedAlert[] {
  return [...byOperation(changes)].flatMap(([changedBy, done]) => {
    const at = instants.get(changedBy)!;
    const told = { changed: done.length, changes: JSON.stringify(done.slice(0, MOST_LISTED)) };
    // Watching begins with what comes after it.
    return watches
      .filter((watch) => watch.since < at)
      .map(({ id, watcher, nodeId }) => ({ watchId: `Watch:${id}`, watcher, nodeId, changedBy, at, ...told }));
  });
}

function byOperation(changes: readonly LineageChange[]): ReadonlyMap<string, LineageChange[]> {
  const groups = new Map<string, LineageChange[]>();
  for (const change of changes) groups.set(change.operationId, [...(groups.get(change.operationId) ?? []), change]);
  return groups;
}

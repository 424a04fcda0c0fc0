import type { NodeId } from "../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { CommandContext, DomainEvent } from "../commands/command.js";
import { needRechecks } from "../domains/claim/recheck.service.js";
import { holdIncidents, openCorrections, type Fall } from "../domains/correction/fall.service.js";
import { factKey } from "../domains/fact/quote.js";
import { isNewerRevision } from "../domains/snapshot/revision.js";
import type { WriteTx } from "../graph/graph.js";
import { lock } from "../graph/lock.js";
import { MOST_CLAIMS_OF_SOURCE, supportsOnSources, type SupportOnSource } from "./drift.query.js";
import { quoteAt, type QuotedFact } from "../domains/fact/facts-of-text.js";
import type { ReadSnapshot } from "./reading.js";
import { byClaimCheck, type SupportCheck } from "./support.js";

/*
 * What a newer snapshot of a source does to the claims that stand on older ones. A claim whose quote stands in it is carried
 * over; a claim whose quote is gone, or whose support dropped, needs a recheck and says why. Only of a whole page is a quote
 * gone: that an excerpt doesn't have it says nothing, so of excerpts only the words that bear on the claim are compared.
 */

export type Fate = "stands" | "gone" | "dropped" | "unknown";

export interface Stood {
  readonly claim: string;
  readonly quote: string;
  readonly kind: "FULL" | "EXCERPT";
}

/** What becomes of a claim that stood on a quote, given what was read later. */
export function fateOf(
  stood: Stood,
  newer: Pick<ReadSnapshot, "kind" | "text">,
  check: SupportCheck = byClaimCheck,
): Fate {
  if (newer.text.includes(stood.quote)) return "stands";
  const dropped = check.dropped(stood.claim, stood.quote, newer.text);
  if (newer.kind === "FULL") return dropped ? "dropped" : "gone";
  // An excerpt that replaces an excerpt is the same kind of reading; of a page it says nothing.
  if (stood.kind === "EXCERPT" && dropped) return "dropped";
  return "unknown";
}

/** The reason, without day or figure: said again at the next reading it is the same reason. */
export function because(
  fate: "gone" | "dropped",
  snapshot: { readonly title: string; readonly kind: "FULL" | "EXCERPT" },
): string {
  const where = `“${snapshot.title.slice(0, 300)}”`;
  if (fate === "gone") return `Its quote is gone from ${where}; words like it still stand there.`;
  if (snapshot.kind === "EXCERPT") return `Its support dropped: ${where} now says less of it than its quote did.`;
  return `Its quote is gone from ${where}, and its support dropped: nothing there says as much of it.`;
}

export interface Drift {
  /** The transaction's instant from now on. */
  readonly at: Instant;
  readonly marked: number;
  /** Facts of the new snapshots that claims are carried over to. */
  readonly carried: readonly Carried[];
  readonly closed: readonly { readonly claimId: string; readonly factId: string }[];
  /** That sources say something else than live episodes quote them for. */
  readonly events: readonly DomainEvent[];
}

export interface Carried {
  readonly claimId: string;
  readonly snapshotKey: string;
  readonly fact: QuotedFact & { readonly key: string };
}

/** Locks the claims on these sources, decides, and marks those that need it. Nothing else may have been written before. */
export async function followUp(
  context: Pick<CommandContext, "tx" | "operationId" | "newId">,
  readings: readonly { readonly key: string; readonly snapshot: ReadSnapshot }[],
  before: Instant,
): Promise<Drift> {
  const { tx } = context;
  const all = await standingSupports(tx, readings);
  const hubs = hubsAmong(all);
  const found = all.filter(({ sourceKey }) => !hubs.has(sourceKey));
  if (all.length === 0) return { at: before, marked: 0, carried: [], closed: [], events: [] };
  const claims = [...new Set(found.map(({ claimId }) => claimId))].map((id): NodeId => ({ label: "Claim", id }));
  const held = await lock(tx, claims);
  // Read again: what stood before the lock may have gone meanwhile.
  const standing = (await standingSupports(tx, readings)).filter(({ sourceKey }) => !hubs.has(sourceKey));
  const snapshots = new Map(readings.map(({ key, snapshot }) => [key, snapshot]));
  const decided = standing.flatMap((support) => {
    const snapshot = snapshots.get(support.sourceKey)!;
    if (support.snapshotKey === snapshot.key || isNewerRevision(support.revision, snapshot.revision) === true)
      return [];
    return [{ support, snapshot, fate: fateOf(support, snapshot) }];
  });
  const reasons = new Map<string, Set<string>>();
  for (const { support, snapshot, fate } of decided) {
    if (fate !== "gone" && fate !== "dropped") continue;
    const reason = because(fate, snapshot);
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(support.claimId));
  }
  const quotes = [...reasons].map(([because, claimIds]) => ({ ground: { claimIds: [...claimIds] }, because }));
  const crowds = [...hubs].map(([sourceKey, sourceId]) => ({
    ground: { sourceIds: [sourceId] },
    because: hubReason(snapshots.get(sourceKey)!),
  }));
  const fallen = [...fallsOf(decided), ...fallsOfHubs(hubs, snapshots)];
  const incidents = await holdIncidents(
    context,
    fallen.map(({ source }) => source.ulid),
  );
  const locked = Math.max(before, held.at, incidents.at);
  const { at, claims: marked } = await needRechecks(context, [...quotes, ...crowds], locked);
  const events: DomainEvent[] = [];
  for (const one of fallen)
    events.push(...(await openCorrections(context, one, incidents, { at, operationId: context.operationId })).events);
  const stood = decided.filter(({ fate }) => fate === "stands");
  return {
    at,
    marked,
    carried: stood.map(({ support, snapshot }) => ({
      claimId: support.claimId,
      snapshotKey: snapshot.key,
      fact: carriedFact(support, snapshot),
    })),
    closed: decided.flatMap(({ support: { basis, claimId, factId }, fate }) =>
      basis === "QUOTE" && fate !== "unknown" ? [{ claimId, factId }] : [],
    ),
    events,
  };
}

interface Decided {
  readonly support: SupportOnSource;
  readonly snapshot: ReadSnapshot;
  readonly fate: Fate;
}

/** A source falls with the claims whose words it doesn't say any more. */
function fallsOf(decided: readonly Decided[]): Fall[] {
  const falls = new Map<string, Fall & { claimIds: string[] }>();
  for (const { support, snapshot, fate } of decided) {
    if (fate !== "gone" && fate !== "dropped") continue;
    const source = { ulid: support.sourceId, title: snapshot.title };
    const fall = falls.get(support.sourceId) ?? {
      source,
      cause: "QUOTE_GONE",
      because: because(fate, snapshot),
      claimIds: [],
    };
    if (!fall.claimIds.includes(support.claimId)) fall.claimIds.push(support.claimId);
    falls.set(support.sourceId, fall);
  }
  return [...falls.values()];
}

const fallsOfHubs = (hubs: ReadonlyMap<string, string>, snapshots: ReadonlyMap<string, ReadSnapshot>): Fall[] =>
  [...hubs].map(([sourceKey, ulid]) => {
    const snapshot = snapshots.get(sourceKey)!;
    return { source: { ulid, title: snapshot.title }, cause: "QUOTE_GONE", because: hubReason(snapshot) };
  });

/** Sources with more claims than one reading is held against: all of those need a recheck, and a job goes on where this ends. */
function hubsAmong(rows: readonly SupportOnSource[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { sourceKey } of rows) counts.set(sourceKey, (counts.get(sourceKey) ?? 0) + 1);
  return new Map(
    rows.flatMap(({ sourceKey, sourceId }) =>
      counts.get(sourceKey)! > MOST_CLAIMS_OF_SOURCE ? [[sourceKey, sourceId] as const] : [],
    ),
  );
}

const hubReason = ({ title }: ReadSnapshot): string =>
  `“${title.slice(0, 300)}” was read again and says something else; more claims stand on it than could be compared.`;

const standingSupports = (tx: WriteTx, readings: readonly { readonly key: string }[]): Promise<SupportOnSource[]> =>
  tx.run(supportsOnSources, { keys: readings.map(({ key }) => key), forever: FOREVER });

/** The same words in the new snapshot: the fact that was taken out of it anyway, or one more. */
function carriedFact({ quote, statement }: SupportOnSource, snapshot: ReadSnapshot): Carried["fact"] {
  const same = snapshot.facts.find((fact) => fact.quote.exact === quote);
  if (same !== undefined) return same;
  const selector = quoteAt(snapshot.text, snapshot.text.indexOf(quote), quote);
  return {
    quote: selector,
    statement,
    kind: "KEY_FACT",
    value: null,
    unit: null,
    key: factKey(snapshot.key, selector),
  };
}

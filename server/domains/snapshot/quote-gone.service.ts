import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { CommandContext, DomainEvent } from "../../commands/command.js";
import { lock } from "../../graph/lock.js";
import type { NodeOf } from "../../graph/projection.js";
import { needRecheck } from "../claim/recheck.service.js";
import { fall, holdIncidents, openCorrections } from "../correction/fall.service.js";
import { MOST_QUOTES, quotesOfLive, snapshotOfKey } from "./quote-gone.repository.js";
import { isNewerRevision } from "./revision.js";

interface Captured {
  readonly key: string;
  readonly text: string;
  readonly kind: "FULL" | "EXCERPT";
  readonly revision: string | null;
  /** Whether only the beginning of it is kept: what a cut text lacks may stand behind the cut. */
  readonly cut: boolean;
}

interface Gone {
  readonly at: Instant;
  readonly events: readonly DomainEvent[];
}

/**
 * What a whole page that somebody captured does to what is live: claims whose quote isn't in it any more need a recheck, and
 * their episodes get correction tasks. An excerpt says nothing of the rest, nor does an older revision. What nobody has published is
 * compared when pages are imported. The source is locked, nothing is written yet.
 */
export async function followCapture(
  context: CommandContext,
  source: NodeOf<"Source">,
  { key, text, kind, revision, cut }: Captured,
  before: Instant,
): Promise<Gone> {
  const { tx, operationId } = context;
  const none = { at: before, events: [] };
  if (kind !== "FULL" || cut) return none;
  const quotes = async () =>
    (
      await tx.run(quotesOfLive, { id: source.ulid, live: LIVE_STATUSES, most: MOST_QUOTES + 1, forever: FOREVER })
    ).filter((one) => isNewerRevision(one.revision, revision) !== true);
  const found = await quotes();
  if (found.length === 0 || (await tx.run(snapshotOfKey, { key })).length > 0) return none;
  if (found.length > MOST_QUOTES) {
    const because = `“${source.title}” was read again and says something else; more claims stand on it than could be compared.`;
    const fell = await fall(context, { source, cause: "QUOTE_GONE", because }, before);
    return { at: fell.at, events: [...recheckEvent(source.id, fell.claims), ...fell.events] };
  }
  const { at: held } = await lock(
    tx,
    [...new Set(found.map(({ claimId }) => claimId))].map((id): NodeId => ({ label: "Claim", id })),
  );
  // Read again: what stood before the lock may have gone meanwhile.
  const lost = (await quotes()).filter(({ quote }) => !text.includes(quote));
  const claimIds = [...new Set(lost.map(({ claimId }) => claimId))];
  if (claimIds.length === 0) return { ...none, at: Math.max(before, held) };
  const incidents = await holdIncidents(context, [source.ulid]);
  const because = `Its quote is gone from “${source.title}”, which was read again.`;
  const locked = Math.max(before, held, incidents.at);
  const { at, claims } = await needRecheck(context, { claimIds }, because, locked);
  const falling = { source, cause: "QUOTE_GONE", because, claimIds } as const;
  const { events } = await openCorrections(context, falling, incidents, { at, operationId });
  return { at, events: [...recheckEvent(source.id, claims), ...events] };
}

const recheckEvent = (subject: string, claims: number): DomainEvent[] =>
  claims === 0 ? [] : [{ type: "claims.recheck", subject, data: { claims } }];

import { z } from "zod";
import type { NodeId } from "../../../graph-schema/node-id.js";
import type { ClaimProperties } from "../../../graph-schema/nodes/claim.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import type { Reader } from "../../commands/judge.js";
import { TIMEOUT_MS, type WriteTx } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import {
  claimsOnFacts,
  claimsOnSources,
  countRests,
  countRestsOfSource,
  endRest,
  keepRest,
  markClaims,
  takeRest,
  type Rest,
} from "./recheck.repository.js";

/** Claims that one statement marks. */
const SLICE = 1_000;
/** Claims that the transaction of a change marks; the job `recheck-claims` goes on from there. */
export const MOST_AT_ONCE = 10_000;
/** Characters of a claim's reasons together, and of one of them. */
const LONGEST = { all: 4_000, one: 1_000 } as const;

/** What claims may stand on: facts that support them, sources that such facts were quoted from; or the claims themselves. ULIDs. */
export interface Ground {
  readonly claimIds?: readonly string[];
  readonly sourceIds?: readonly string[];
  readonly factIds?: readonly string[];
}

export interface Rechecked {
  /** Claims that have a new version now. */
  readonly claims: number;
  /** The instant of those versions: behind what was given, and behind every version that the claims had. */
  readonly at: Instant;
  /** Whether there are more, which the job `recheck-claims` marks. */
  readonly more: boolean;
}

type Writing = Pick<CommandContext, "tx" | "operationId" | "newId">;

/** Reasons stand a line each. */
const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim().slice(0, LONGEST.one);

/**
 * What one locked claim is when it NEEDS A RECHECK because …, for a change that gives it a version anyway. As with many at once, a
 * reason that stands isn't said twice, the one that was given first says since when, and a claim that is WRONG stays so.
 */
export function recheckOf(
  { status, recheckReason, recheckSince }: Pick<ClaimProperties, "status" | "recheckReason" | "recheckSince">,
  said: string,
  at: Instant,
): Partial<Pick<ClaimProperties, "status" | "recheckReason" | "recheckSince">> {
  const because = oneLine(said);
  if (status === "WRONG" || recheckReason?.split("\n").includes(because)) return {};
  const alone = recheckReason === null || recheckReason.length + because.length >= LONGEST.all;
  return {
    status: "NEEDS_RECHECK",
    recheckReason: alone ? because : `${recheckReason}\n${because}`,
    recheckSince: recheckSince ?? at,
  };
}

/** What makes claims need a check, and the reason that they are given. */
export interface Need {
  readonly ground: Ground;
  readonly because: string;
}

/**
 * The claims that these facts support, or facts quoted from these sources, NEED A RECHECK because …: each gets a version that
 * says why and since when, in the transaction of the change. Facts that were computed from the given ones count too. Claims
 * that are WRONG stay so. Lock the ground before; write nothing before, and everything after with the `at` of the answer: it
 * is the transaction's instant from then on.
 */
export const needRecheck = (writing: Writing, ground: Ground, because: string, before: Instant): Promise<Rechecked> =>
  needRechecks(writing, [{ ground, because }], before);

/** The same of one change that has several reasons: all of it at one instant, and a claim that has two of them gets one version. */
export async function needRechecks(writing: Writing, needs: readonly Need[], before: Instant): Promise<Rechecked> {
  const { tx, newId } = writing;
  const reasons = new Map<string, string[]>();
  const rests: Rest[] = [];
  for (const { ground, because: said } of needs) {
    const because = oneLine(said);
    const found = await claimsOn(tx, ground, "", MOST_AT_ONCE + 1);
    const ids = found.slice(0, MOST_AT_ONCE);
    for (const id of ids) reasons.set(id, [...(reasons.get(id) ?? []), because]);
    if (found.length === ids.length) continue;
    const { sourceIds = [], factIds = [] } = ground;
    rests.push({ id: newId(), sourceIds: [...sourceIds], factIds: [...factIds], because, after: ids.at(-1)! });
  }
  const marked = await mark(writing, reasons, before);
  for (const rest of rests) await tx.run(keepRest, { rest });
  return { ...marked, more: rests.length > 0 };
}

/** Ids of the claims that stand on it, in order, from `after` on. */
async function claimsOn(
  tx: WriteTx,
  { claimIds = [], sourceIds = [], factIds = [] }: Ground,
  after: string,
  most: number,
): Promise<string[]> {
  const rows = [
    ...claimIds.map((id) => ({ id })),
    ...(sourceIds.length === 0 ? [] : await tx.run(claimsOnSources, { ids: sourceIds, after, most, forever: FOREVER })),
    ...(factIds.length === 0 ? [] : await tx.run(claimsOnFacts, { ids: factIds, after, most, forever: FOREVER })),
  ];
  return [...new Set(rows.map(({ id }) => id))].sort().slice(0, most);
}

/** Locks all of them first, so that there is one instant, and then marks them slice by slice, each for its reasons. */
async function mark(
  { tx, operationId, newId }: Writing,
  reasons: ReadonlyMap<string, readonly string[]>,
  before: Instant,
): Promise<{ claims: number; at: Instant }> {
  const ids = [...reasons.keys()].sort();
  const slices = Array.from({ length: Math.ceil(ids.length / SLICE) }, (_, i) => ids.slice(i * SLICE, (i + 1) * SLICE));
  let at = before;
  for (const slice of slices) {
    const nodes = slice.map((id): NodeId => ({ label: "Claim", id }));
    at = Math.max(at, (await lock(tx, nodes)).at);
  }
  let claims = 0;
  for (const slice of slices) {
    const rows = slice.map((id) => ({ id, revisionId: newId(), because: [...new Set(reasons.get(id))] }));
    claims += (await tx.run(markClaims, { rows, longest: LONGEST.all, at, operationId })).length;
  }
  return { claims, at };
}

/** Marks claims that stand on something that changed before, where one transaction couldn't mark all. */
export const continueRecheck = defineCommand({
  name: "continueRecheck",
  capability: "job.run",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({}),
  async run(context) {
    const { tx } = context;
    const [rest] = await tx.run(takeRest, {});
    const { at: now } = await lock(tx, []);
    const told = (claims: number) => [
      { type: "claims.recheck", subject: `Tenant:${tx.tenantId}`, data: { claims } } as const,
    ];
    if (rest === undefined) return { result: { claims: 0, more: false }, at: now, events: told(0) };
    const found = await claimsOn(tx, rest, rest.after, MOST_AT_ONCE + 1);
    const ids = found.slice(0, MOST_AT_ONCE);
    const { claims, at } = await mark(context, new Map(ids.map((id) => [id, [rest.because]])), now);
    if (found.length > ids.length) await tx.run(keepRest, { rest: { ...rest, after: ids.at(-1)! } });
    else await tx.run(endRest, { id: rest.id });
    return {
      result: { claims, more: (await countWaitingRechecks(tx)) > 0 },
      at,
      events: told(claims),
      detail: { claims },
    };
  },
});

/** Changes whose claims aren't all marked yet. */
export const countWaitingRechecks = async (reader: Reader): Promise<number> =>
  (await reader.run(countRests, {}))[0]?.count ?? 0;

/** Whether claims that stand on a source (its ULID) are still to be marked for what happened to it. */
export const isStillMarking = async (reader: Reader, sourceId: string): Promise<boolean> =>
  ((await reader.run(countRestsOfSource, { sourceId }))[0]?.count ?? 0) > 0;

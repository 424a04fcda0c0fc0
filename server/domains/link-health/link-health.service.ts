import { z } from "zod";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { instant, nodeId } from "../../commands/input.js";
import type { Reader } from "../../commands/judge.js";
import { lockAll } from "../../commands/locking.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { comeBack, fall } from "../correction/fall.service.js";
import { afterLook, turnOf, type Health } from "./health.js";
import {
  addressesBehind,
  answeringHosts,
  healthOfSources,
  keepHealth,
  keepRound,
  linkRound,
} from "./link-health.repository.js";
import { LINK_OUTCOMES } from "./look.js";

/** Addresses that one tick looks at. */
export const MOST_LOOKS = 50;
/** A round over all addresses begins a day after the one before it at the earliest. */
const ROUND_MS = 86_400_000;

const look = z.object({
  sourceId: nodeId("Source"),
  outcome: z.enum(LINK_OUTCOMES),
  status: z.int().nullable(),
  error: z.string().max(500).nullable(),
  movedTo: z.string().max(2_000).nullable(),
  etag: z.string().max(200).nullable(),
  lastModified: z.string().max(200).nullable(),
  counted: z.boolean(),
});

interface Turned {
  readonly at: Instant;
  readonly events: readonly DomainEvent[];
}

/**
 * Keeps what looks at sources' addresses found. A source that has failed for long enough is DEAD from then on, and what stands on it
 * falls; one that looks made DEAD is what it was before once it answers. One source turns in one transaction, whose effects are
 * bounded; another one in the same looks is left as it was, and turns at its next.
 */
export const noteLinks = defineCommand({
  name: "noteLinks",
  capability: "job.run",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({
    looks: z.array(look).max(MOST_LOOKS),
    lookedAt: instant,
    /** How far the round has come with these; null keeps it. */
    round: z.object({ after: z.string().max(26), startedAt: instant }).nullable(),
  }),
  async run(context, { looks, lookedAt, round }) {
    const { tx } = context;
    const ids = looks.map(({ sourceId }) => sourceId);
    const { at: before } = await lockAll(
      tx,
      ids,
      looks.map((_, i) => `looks.${i}.sourceId`),
    );
    const known = new Map(
      (await tx.run(healthOfSources, { ids: ids.map(({ id }) => id) })).map((row) => [row.id, row.health]),
    );
    const rows: { id: string; health: Health }[] = [];
    let turned: Turned & { readonly dead: number; readonly back: number } = {
      at: before,
      events: [],
      dead: 0,
      back: 0,
    };
    for (const one of looks) {
      const { id } = one.sourceId;
      const health = afterLook(known.get(id) ?? null, one, lookedAt);
      const source = (await presentNode(tx, "Source", id))!;
      const turn = turnOf(health, source.status);
      if (turn === null) rows.push({ id, health });
      else if (turned.dead + turned.back === 0) {
        const was = turn === "DEAD" ? source.status : null;
        const done =
          turn === "DEAD"
            ? await die(context, one.sourceId, health, before)
            : await live(context, one.sourceId, health, before);
        turned = { ...done, dead: turn === "DEAD" ? 1 : 0, back: turn === "BACK" ? 1 : 0 };
        rows.push({ id, health: { ...health, was } });
      }
    }
    if (rows.length > 0) await tx.run(keepHealth, { rows });
    if (round !== null) await tx.run(keepRound, round);
    const failing = rows.filter(({ health }) => health.failures > 0).length;
    const counts = { looked: rows.length, failing, dead: turned.dead, back: turned.back };
    const subject = formatNodeId("Tenant", tx.tenantId);
    return {
      result: counts,
      at: turned.at,
      events: [{ type: "links.looked", subject, data: counts }, ...turned.events],
      detail: counts,
    };
  },
});

async function die(context: CommandContext, { id }: NodeId, health: Health, before: Instant): Promise<Turned> {
  const source = (await presentNode(context.tx, "Source", id))!;
  const since = new Date(health.failingSince ?? health.lookedAt).toISOString().slice(0, 10);
  const why =
    health.outcome === "GONE"
      ? "its address says that it is gone for good (410)"
      : `its address failed ${health.failures} looks in a row since ${since}: ${health.error ?? "no answer"}`;
  const because = `The source “${source.title}” is dead: ${why}.`;
  const fell = await fall(context, { source, cause: "DEAD", because }, before);
  const stamp = { at: fell.at, operationId: context.operationId };
  await reviseNode(context.tx, source, { status: "DEAD" }, context.newId(), stamp);
  const told = fell.claims === 0 ? [] : [{ type: "claims.recheck", subject: source.id, data: { claims: fell.claims } }];
  return {
    at: fell.at,
    events: [{ type: "source.died", subject: source.id, data: { url: source.url } }, ...told, ...fell.events],
  };
}

async function live(context: CommandContext, { id }: NodeId, health: Health, before: Instant): Promise<Turned> {
  const source = (await presentNode(context.tx, "Source", id))!;
  const status = health.was as (typeof SOURCE_STATUSES)[number];
  const because = `The source “${source.title}” answers again: check whether it still says what it was quoted for.`;
  const { at } = await comeBack(context, source, because, before);
  await reviseNode(context.tx, source, { status }, context.newId(), { at, operationId: context.operationId });
  return { at, events: [{ type: "source.revived", subject: source.id, data: { url: source.url } }] };
}

export interface Batch {
  readonly addresses: readonly {
    readonly id: string;
    readonly url: string;
    readonly sourceStatus: (typeof SOURCE_STATUSES)[number];
    readonly health: Health | null;
  }[];
  /** Behind which source these begin; empty before the first. */
  readonly from: string;
  /** How far the round is behind these. */
  readonly round: Round;
}

/** `after` is the source that the round goes on behind; empty once it is over. */
interface Round {
  readonly after: string;
  readonly startedAt: Instant;
}

/** Before every source's id: a round that has begun, and goes on with the first of all. */
const BEGUN = "0";

/** The addresses whose turn it is; null where the round is over and the next one isn't due yet. */
export async function nextAddresses(reader: Reader, now: Instant): Promise<Batch | null> {
  const [standing] = await reader.run(linkRound, {});
  const over = standing === undefined || standing.after === "";
  if (over && standing !== undefined && standing.startedAt + ROUND_MS > now) return null;
  const from = over ? "" : standing.after;
  const startedAt = over ? now : standing.startedAt;
  const addresses = await reader.run(addressesBehind, { after: from, startedAt, most: MOST_LOOKS });
  const after = addresses.length < MOST_LOOKS ? "" : addresses.at(-1)!.id;
  return { addresses, from, round: { after, startedAt } };
}

/** How far the round is when only these of a batch are done: the first of the others is where it goes on. */
export function roundBehind(
  {
    addresses,
    from,
    round,
  }: Pick<Batch, "from" | "round"> & { readonly addresses: readonly { readonly id: string }[] },
  done: ReadonlySet<string>,
): Round {
  const left = addresses.findIndex(({ id }) => !done.has(id));
  if (left === -1) return round;
  const before = left === 0 ? from : addresses[left - 1]!.id;
  return { ...round, after: before === "" ? BEGUN : before };
}

/** Addresses that are asked where silence may be our own network's. */
const MOST_WITNESSES = 5;

/** Addresses on other hosts than these that answered when they were looked at last. */
export const witnessesBut = async (reader: Reader, hosts: readonly string[]) =>
  (await reader.run(answeringHosts, { but: hosts, most: MOST_WITNESSES })).map((one) => ({
    ...one,
    etag: null,
    lastModified: null,
  }));

/** Whether a look would turn the source: those are noted by themselves. */
export const wouldTurn = (
  { health, sourceStatus }: Batch["addresses"][number],
  seen: Parameters<typeof afterLook>[1],
  at: Instant,
): boolean => turnOf(afterLook(health, seen, at), sourceStatus) !== null;

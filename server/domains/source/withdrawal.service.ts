import { z } from "zod";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import { defineCommand, type DomainEvent } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { closeEdge, openEdge } from "../../graph/edge.js";
import { TIMEOUT_MS, type WriteTx } from "../../graph/graph.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { Rechecked } from "../claim/recheck.service.js";
import { fall } from "../correction/fall.service.js";
import { successorsOf } from "./source.repository.js";

const claimsEvent = (subject: string, { claims }: Pick<Rechecked, "claims">): DomainEvent[] =>
  claims === 0 ? [] : [{ type: "claims.recheck", subject, data: { claims } }];

/** Refuses what can't be retracted from where it stands; the caller has locked it. */
export async function mustBeRetractable(tx: WriteTx, { id }: NodeId): Promise<void> {
  const source = await presentNode(tx, "Source", id);
  if (source?.status === "RETRACTED")
    throw refuse("CONFLICT", "sourceId", "The source is retracted already, and stays so.");
}

/**
 * Retracts a source for good: it stays with all that was quoted from it, and every claim that such facts support needs a
 * check, with the reason; each live episode that stands on it gets a correction task. Only an approved proposal does it.
 */
export const retractSource = defineCommand({
  name: "retractSource",
  capability: "source.retract",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({ sourceId: nodeId("Source") }),
  async run(context, { sourceId }) {
    const { tx, operationId, newId, reason } = context;
    const { at: before } = await lockAll(tx, [sourceId], ["sourceId"]);
    await mustBeRetractable(tx, sourceId);
    const source = (await presentNode(tx, "Source", sourceId.id))!;
    const because = `The source “${source.title}” was retracted: ${reason}`;
    const rechecked = await fall(context, { source, cause: "RETRACTED", because }, before);
    const { at } = rechecked;
    await reviseNode(tx, source, { status: "RETRACTED" }, newId(), { at, operationId });
    return {
      result: { sourceId: source.id, claims: rechecked.claims },
      at,
      events: [
        { type: "source.retracted", subject: source.id, data: {} },
        ...claimsEvent(source.id, rechecked),
        ...rechecked.events,
      ],
      detail: { claims: rechecked.claims, more: rechecked.more, tasks: rechecked.taskIds.length },
    };
  },
});

const replacement = z
  .object({ sourceId: nodeId("Source"), byId: nodeId("Source") })
  .refine(({ sourceId, byId }) => sourceId.id !== byId.id, {
    path: ["byId"],
    message: "must be another source: none takes its own place",
  });

/** Locks the sources that took each other's place behind this one; who comes in between is locked as well. */
async function lockSuccessors(tx: WriteTx, id: string): Promise<{ ids: string[]; at: number }> {
  const held = new Set<string>();
  for (let at = 0; ;) {
    const ids = await successorsOf(tx, id);
    const wanted = ids.filter((one) => !held.has(one));
    if (wanted.length === 0) return { ids, at };
    at = Math.max(
      at,
      (
        await lock(
          tx,
          wanted.map((one): NodeId => ({ label: "Source", id: one })),
        )
      ).at,
    );
    for (const one of wanted) held.add(one);
  }
}

/**
 * Says that another source took a source's place, such as a new edition. The old one counts as STALE unless it is worse, and
 * every claim that stands on it needs a check, with the reason. A source has one successor: a later one takes the place of
 * the earlier, whose edge closes.
 */
export const supersedeSource = defineCommand({
  name: "supersedeSource",
  capability: "evidence.write",
  timeoutMs: TIMEOUT_MS.bulk,
  input: replacement,
  async run(context, { sourceId, byId }) {
    const { tx, operationId, newId, reason } = context;
    const { at: locked } = await lockAll(tx, [sourceId, byId], ["sourceId", "byId"]);
    const behind = await lockSuccessors(tx, byId.id);
    const source = (await presentNode(tx, "Source", sourceId.id))!;
    const successor = (await presentNode(tx, "Source", byId.id))!;
    if (behind.ids.includes(sourceId.id))
      throw refuse("CONFLICT", "byId", `“${source.title}” took the place of “${successor.title}” itself.`);
    if (successor.status === "RETRACTED")
      throw refuse("CONFLICT", "byId", `“${successor.title}” is retracted, and can't take another's place.`);
    const [standing] = await successorsOf(tx, sourceId.id);
    if (standing === byId.id) throw refuse("CONFLICT", "byId", `“${successor.title}” took its place already.`);
    const because = `The source “${source.title}” was superseded by “${successor.title}”: ${reason}`;
    const before = Math.max(locked, behind.at);
    const rechecked = await fall(context, { source, cause: "STALE", because }, before);
    const stamp = { at: rechecked.at, operationId };
    if (standing !== undefined)
      await closeEdge(tx, { type: "SUPERSEDED_BY", from: sourceId, to: { label: "Source", id: standing } }, stamp);
    await openEdge(tx, { type: "SUPERSEDED_BY", from: sourceId, to: byId }, stamp);
    const worse = SOURCE_STATUSES.indexOf(source.status) >= SOURCE_STATUSES.indexOf("STALE");
    if (!worse) await reviseNode(tx, source, { status: "STALE" }, newId(), stamp);
    return {
      result: { sourceId: source.id, byId: successor.id, claims: rechecked.claims },
      at: stamp.at,
      events: [
        { type: "source.superseded", subject: source.id, data: { byId: successor.id } },
        ...claimsEvent(source.id, rechecked),
        ...rechecked.events,
      ],
      detail: { claims: rechecked.claims, more: rechecked.more, tasks: rechecked.taskIds.length },
    };
  },
});

/** Says that a source isn't superseded after all. Its status and the claims' need of a check stay: people end those. */
export const endSupersession = defineCommand({
  name: "endSupersession",
  capability: "evidence.write",
  input: replacement,
  async run({ tx, operationId }, { sourceId, byId }) {
    const { at } = await lockAll(tx, [sourceId, byId], ["sourceId", "byId"]);
    if (!(await closeEdge(tx, { type: "SUPERSEDED_BY", from: sourceId, to: byId }, { at, operationId })))
      throw refuse("NOT_LINKED", "byId", "The source isn't superseded by this one.");
    const [subject, by] = [`Source:${sourceId.id}`, `Source:${byId.id}`];
    return {
      result: { sourceId: subject, byId: by },
      at,
      events: [{ type: "source.supersession-ended", subject, data: { byId: by } }],
    };
  },
});

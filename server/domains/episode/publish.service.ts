import { z } from "zod";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { LIVE_STATUSES, type EpisodeStatus } from "../../../graph-schema/nodes/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { instant, nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { CLOCK_TOLERANCE_S } from "../../identity/tokens.js";
import { channelsOf } from "../channel/channels-of.service.js";

/** Where an episode must stand to get there. */
const FROM = {
  DRAFT: ["IN_REVIEW"],
  IN_REVIEW: ["DRAFT"],
  PUBLISHED: ["DRAFT", "IN_REVIEW"],
  CORRECTED: LIVE_STATUSES,
  RETRACTED: LIVE_STATUSES,
} as const satisfies Record<EpisodeStatus, readonly EpisodeStatus[]>;

/** Refuses what an episode can't become from where it stands. */
export async function mustBecome(tx: CommandContext["tx"], episode: NodeId, status: EpisodeStatus): Promise<void> {
  const present = await presentNode(tx, "Episode", episode.id);
  const from: readonly EpisodeStatus[] = FROM[status];
  if (present !== undefined && !from.includes(present.status))
    throw refuse("CONFLICT", "subjectId", `The episode is ${present.status} and can't become ${status}.`);
}

/** What clocks may differ by. */
const TOLERANCE_MS = CLOCK_TOLERANCE_S * 1_000;

/** Refuses an instant of publishing that can't be one: what has gone out did so by now. */
export function mustHaveGoneOut(publishedAt: unknown, now: Instant): void {
  if (typeof publishedAt === "number" && publishedAt > now + TOLERANCE_MS)
    throw refuse(
      "BAD_INPUT",
      "arguments.publishedAt",
      `must not be to come: it is ${iso(publishedAt)}, and now it is ${iso(now)}. Say when it went out, or leave it out for the instant of the approval.`,
    );
}

const iso = (at: Instant): string => new Date(at).toISOString();

/** Gives a locked episode the status, if it stands where it can be reached from. Answers whether it does now. */
export async function setStatus(
  { tx, operationId, newId }: CommandContext,
  episode: NodeId,
  { status, at, publishedAt }: { status: EpisodeStatus; at: Instant; publishedAt?: Instant | undefined },
): Promise<boolean> {
  const present = await presentNode(tx, "Episode", episode.id);
  const from: readonly EpisodeStatus[] = FROM[status];
  if (present === undefined || !from.includes(present.status)) return false;
  return reviseNode(tx, present, { status, publishedAt }, newId(), { at, operationId });
}

/** A command that changes what the public sees. Policy lets none of them run but as an approved proposal. */
const changeOfStatus = <
  S extends EpisodeStatus,
  I extends { episodeId: NodeId; publishedAt?: Instant | null | undefined },
>(
  name: string,
  { status, tell }: { status: S; tell(subject: string): DomainEvent },
  input: z.ZodType<I>,
) =>
  defineCommand({
    name,
    capability: "episode.publish",
    input,
    channels: (tx, { episodeId }: I) => channelsOf(tx, episodeId),
    async run(context: CommandContext, { episodeId, publishedAt }: I) {
      const { at } = await lockAll(context.tx, [episodeId], ["episodeId"]);
      await mustBecome(context.tx, episodeId, status);
      // What was said by a clock that is ahead is over by now.
      const first = status === "PUBLISHED" ? Math.min(publishedAt ?? at, at) : undefined;
      // A correction of what is corrected already is told all the same: its content is another one.
      await setStatus(context, episodeId, { status, at, publishedAt: first });
      const id = `Episode:${episodeId.id}`;
      return {
        result: { episodeId: id },
        at,
        events: [tell(id)],
      };
    },
  });

const episode = z.object({ episodeId: nodeId("Episode") });

/** Puts an episode live. `publishedAt` is for the record of what went out before. */
export const publishEpisode = changeOfStatus(
  "publishEpisode",
  { status: "PUBLISHED", tell: (subject) => ({ type: "episode.published", subject, data: {} }) },
  episode.extend({ publishedAt: instant.nullish() }),
);

/** Says that a live episode was put right, as it stands now. */
export const correctEpisode = changeOfStatus(
  "correctEpisode",
  { status: "CORRECTED", tell: (subject) => ({ type: "episode.corrected", subject, data: {} }) },
  episode,
);

/** Takes a live episode back, for good. */
export const retractEpisode = changeOfStatus(
  "retractEpisode",
  { status: "RETRACTED", tell: (subject) => ({ type: "episode.retracted", subject, data: {} }) },
  episode,
);

import { z } from "zod";
import { EPISODE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { presentNode, reviseNode } from "../../graph/life.js";

/** Sets an episode's status for the demo studio. Only the actor `seed`, which no token names, has the capability. */
export const seedEpisodeStatus = defineCommand({
  name: "seedEpisodeStatus",
  capability: "episode.seed-status",
  input: z.object({ episodeId: nodeId("Episode"), status: z.enum(EPISODE_STATUSES), publishedAt: instant.nullish() }),
  async run({ tx, operationId, newId }, { episodeId, status, publishedAt }) {
    const { at } = await lockAll(tx, [episodeId], ["episodeId"]);
    const episode = (await presentNode(tx, "Episode", episodeId.id))!;
    await reviseNode(tx, episode, { status, publishedAt: publishedAt ?? episode.publishedAt }, newId(), {
      at,
      operationId,
    });
    return {
      result: { episodeId: episode.id },
      at,
      events: [{ type: "episode.status", subject: episode.id, data: { status } }],
    };
  },
});

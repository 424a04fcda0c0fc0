import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { createNode } from "../../graph/life.js";

/** Creates an episode on a channel, as a DRAFT: what publishes it comes behind review and approval. */
export const createEpisode = defineCommand({
  name: "createEpisode",
  capability: "episode.write",
  input: z.object({
    title: text(500),
    channelId: nodeId("Channel"),
    topicId: nodeId("Topic").nullish(),
    ownerId: nodeId("Principal").nullish(),
  }),
  channels: (_tx, { channelId }) => [formatNodeId(channelId.label, channelId.id)],
  async run({ tx, operationId, newId }, { title, channelId, topicId, ownerId }) {
    const named = [
      { type: "ON", path: "channelId", to: channelId },
      { type: "ABOUT", path: "topicId", to: topicId },
      { type: "OWNED_BY", path: "ownerId", to: ownerId },
    ] as const;
    const links = named.flatMap(({ type, path, to }) => (to ? [{ type, path, to }] : []));
    const { at } = await lockAll(
      tx,
      links.map((link) => link.to),
      links.map((link) => link.path),
    );
    const stamp = { at, operationId };
    const from = { label: "Episode", id: newId() } as const;
    await createNode(tx, from, { title, status: "DRAFT", publishedAt: null }, stamp);
    for (const { type, to } of links) await openEdge(tx, { type, from, to }, stamp);
    const id = `Episode:${from.id}`;
    return { result: { episodeId: id }, at, events: [{ type: "episode.created", subject: id, data: {} }] };
  },
});

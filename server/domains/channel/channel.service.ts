import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { httpUrl, nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { openEdge } from "../../graph/edge.js";
import { mergeNode } from "../../graph/life.js";

/** Creates a channel; a title that a channel of the platform has already is a conflict. */
export const createChannel = defineCommand({
  name: "createChannel",
  capability: "channel.write",
  input: z.object({
    title: text(300),
    platform: text(50),
    url: httpUrl.nullish(),
    ownerId: nodeId("Principal").nullish(),
  }),
  async run({ tx, operationId, newId }, { title, platform, url, ownerId }) {
    const { at } = await lockAll(tx, ownerId ? [ownerId] : [], ["ownerId"]);
    const stamp = { at, operationId };
    const key = `${platform.toLowerCase()} ${title.toLowerCase()}`;
    const merged = await mergeNode(
      tx,
      { label: "Channel", id: newId() },
      key,
      { title, platform, url: url ?? null },
      stamp,
    );
    if (!merged.created)
      throw refuse("CONFLICT", "title", `A channel of this title exists on ${platform}: Channel:${merged.id}.`);
    if (ownerId)
      await openEdge(tx, { type: "OWNED_BY", from: { label: "Channel", id: merged.id }, to: ownerId }, stamp);
    const id = `Channel:${merged.id}`;
    return { result: { channelId: id }, at, events: [{ type: "channel.created", subject: id, data: {} }] };
  },
});

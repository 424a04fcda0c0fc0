import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { openEdge } from "../../graph/edge.js";
import { createNode } from "../../graph/life.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { ordinalTaken } from "./scene.repository.js";

/** Adds a scene to an episode, saying the claims named. A place that a scene of the episode has already is a conflict. */
export const createScene = defineCommand({
  name: "createScene",
  capability: "episode.write",
  input: z.object({
    episodeId: nodeId("Episode"),
    title: text(500),
    ordinal: z.int().min(1).max(10_000),
    narration: text().nullish(),
    claimIds: z.array(nodeId("Claim")).max(100).nullish(),
  }),
  channels: (tx, { episodeId }) => channelsOf(tx, episodeId),
  async run({ tx, operationId, newId }, { episodeId, title, ordinal, narration, claimIds }) {
    const claims = claimIds ?? [];
    const { at } = await lockAll(tx, [episodeId, ...claims], ["episodeId", ...claims.map((_, i) => `claimIds.${i}`)]);
    if (await ordinalTaken(tx, episodeId.id, ordinal)) {
      throw refuse("CONFLICT", "ordinal", `The episode has a scene ${ordinal} already.`);
    }
    const stamp = { at, operationId };
    const scene = { label: "Scene", id: newId() } as const;
    await createNode(tx, scene, { title, ordinal, narration: narration ?? null }, stamp);
    await openEdge(tx, { type: "HAS_SCENE", from: episodeId, to: scene }, stamp);
    for (const to of claims) await openEdge(tx, { type: "STATES", from: scene, to }, stamp);
    const id = `Scene:${scene.id}`;
    return {
      result: { sceneId: id },
      at,
      events: [{ type: "scene.created", subject: id, data: { episodeId: `Episode:${episodeId.id}` } }],
    };
  },
});

import { z } from "zod";
import { cutPlan as cutPlanDocument } from "../../../graph-schema/documents/cut-plan.js";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId, toProblems, version, verbatim } from "../../commands/input.js";
import { lockAll, lockMerged, mustBeVersion } from "../../commands/locking.js";
import { Refusal, refuse } from "../../commands/problem.js";
import { openEdge } from "../../graph/edge.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { normaliseGiven } from "./normalise.js";

/** JSON that a field was given; refuses with the field's name. */
export function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw refuse("BAD_INPUT", path, `must be JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function settingsOf(text: string): string {
  const normalised = normaliseGiven(jsonOf(text, "settings"));
  if (normalised.ok) return JSON.stringify(normalised.settings);
  throw new Refusal(
    normalised.faults.slice(0, 20).map(({ path, message }) => ({
      code: "BAD_INPUT",
      message,
      path: path === "" ? "settings" : `settings.${path}`,
    })),
  );
}

function cutPlanOf(text: string): string {
  const parsed = cutPlanDocument.safeParse(jsonOf(text, "cutPlan"));
  if (parsed.success) return JSON.stringify(parsed.data);
  throw new Refusal(
    toProblems(parsed.error).map((one) => ({ ...one, path: one.path === "" ? "cutPlan" : `cutPlan.${one.path}` })),
  );
}

/**
 * Says how an episode is finished: its settings, its cut plan, or both. What is given takes the place of what was; what isn't
 * stays. Settings are kept as they were mended, so that what is stored is what the document must be.
 */
export const setPostProduction = defineCommand({
  name: "setPostProduction",
  capability: "episode.write",
  input: z
    .object({
      episodeId: nodeId("Episode"),
      settings: verbatim().nullish(),
      cutPlan: verbatim().nullish(),
      version,
    })
    .refine(({ settings, cutPlan }) => settings != null || cutPlan != null, {
      path: ["settings"],
      message: "is missing: give settings, a cut plan, or both",
    }),
  channels: (tx, { episodeId }) => channelsOf(tx, episodeId),
  async run({ tx, operationId, newId }, { episodeId, settings, cutPlan, version: seen }) {
    const wanted = {
      ...(settings == null ? {} : { settings: settingsOf(settings) }),
      ...(cutPlan == null ? {} : { cutPlan: cutPlanOf(cutPlan) }),
    };
    const held = await lockAll(tx, [episodeId], ["episodeId"]);
    const id = formatNodeId("Episode", episodeId.id);
    const { title } = (await presentNode(tx, "Episode", episodeId.id))!;
    const node = { label: "PostProduction", id: newId() } as const;
    const fresh = { title, settings: null, cutPlan: null, ...wanted };
    const merged = await mergeNode(tx, node, id, fresh, { at: held.at, operationId });
    const at = await lockMerged(tx, "PostProduction", merged, held.at);
    const stamp = { at, operationId };
    const standing = (await presentNode(tx, "PostProduction", merged.id))!;
    let changed = merged.created;
    if (merged.created) {
      // Nothing stood that anybody could have seen.
      if (seen != null) throw refuse("CONFLICT", "version", "Nothing was saved for this episode yet: leave it out.");
      await openEdge(tx, { type: "FINISHES", from: { ...node, id: merged.id }, to: episodeId }, stamp);
    } else {
      mustBeVersion(standing, seen);
      changed = await reviseNode(tx, standing, wanted, newId(), stamp);
    }
    return {
      result: { postProductionId: `PostProduction:${merged.id}`, episodeId: id },
      at,
      events: changed ? [{ type: "episode.finish-set", subject: id, data: {} }] : [],
    };
  },
});

import { z } from "zod";
import { RELIABILITIES } from "../../../graph-schema/nodes/source.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId, text, version } from "../../commands/input.js";
import { lockAll, mustBeVersion } from "../../commands/locking.js";
import { presentNode, reviseNode } from "../../graph/life.js";

/** Says how good a source is: its tier, its reliability, whom it counts with as one; at least one of them. */
export const setSourceRating = defineCommand({
  name: "setSourceRating",
  capability: "evidence.write",
  input: z
    .object({
      sourceId: nodeId("Source"),
      tier: z.int().min(1, "must be 1, 2 or 3").max(3, "must be 1, 2 or 3").nullish(),
      reliability: z.enum(RELIABILITIES).nullish(),
      independenceGroup: text(200).nullish(),
      version,
    })
    .refine((input) => input.tier != null || input.reliability != null || input.independenceGroup != null, {
      path: ["tier"],
      message: "must be given, or `reliability` or `independenceGroup`: a rating says something",
    }),
  async run({ tx, operationId, newId }, { sourceId, version: seen, tier, reliability, independenceGroup }) {
    const { at } = await lockAll(tx, [sourceId], ["sourceId"]);
    const source = (await presentNode(tx, "Source", sourceId.id))!;
    mustBeVersion(source, seen);
    const wanted = {
      tier: tier ?? undefined,
      reliability: reliability ?? undefined,
      independenceGroup: independenceGroup ?? undefined,
    };
    const changed = await reviseNode(tx, source, wanted, newId(), { at, operationId });
    return {
      result: { sourceId: source.id },
      at,
      events: changed ? [{ type: "source.rated", subject: source.id, data: {} }] : [],
    };
  },
});

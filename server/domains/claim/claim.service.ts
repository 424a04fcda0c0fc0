import { z } from "zod";
import { CLAIM_KINDS, CLAIM_STATUSES, SHELF_LIFE_DAYS } from "../../../graph-schema/nodes/claim.js";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId, text } from "../../commands/input.js";
import { lockAll, lockMerged } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import { claimKey, normalizeClaim } from "./claim-text.js";

const DAY_MS = 86_400_000;

/**
 * States a claim, in scenes if any are named. The same normalised text is the same claim: it keeps its kind and shelf life,
 * and is only linked to the scenes. Without `recheckBy` the shelf life of the kind counts from now.
 */
export const stateClaim = defineCommand({
  name: "stateClaim",
  capability: "claim.write",
  input: z.object({
    text: text(2_000).transform(normalizeClaim),
    kind: z.enum(CLAIM_KINDS).nullish(),
    recheckBy: instant.nullish(),
    sceneIds: z.array(nodeId("Scene")).max(100).nullish(),
  }),
  async run({ tx, operationId, newId }, input) {
    const scenes = input.sceneIds ?? [];
    const { at: before } = await lockAll(tx, scenes, "sceneIds");
    const kind = input.kind ?? "OTHER";
    const shelfLife = SHELF_LIFE_DAYS[kind];
    const merged = await mergeNode(
      tx,
      { label: "Claim", id: newId() },
      claimKey(input.text),
      {
        title: input.text,
        kind,
        status: "STATED",
        recheckBy: input.recheckBy ?? (shelfLife === null ? null : before + shelfLife * DAY_MS),
      },
      { at: before, operationId },
    );
    const at = await lockMerged(tx, "Claim", merged, before);
    const stamp = { at, operationId };
    for (const from of scenes)
      await openEdge(tx, { type: "STATES", from, to: { label: "Claim", id: merged.id } }, stamp);
    const id = `Claim:${merged.id}`;
    return {
      result: { claimId: id },
      at,
      events: merged.created ? [{ type: "claim.stated", subject: id, data: {} }] : [],
    };
  },
});

/** Says of a claim whether it stands: a new version of it, with the reason. */
export const setClaimStatus = defineCommand({
  name: "setClaimStatus",
  capability: "claim.write",
  input: z.object({ claimId: nodeId("Claim"), status: z.enum(CLAIM_STATUSES) }),
  async run({ tx, operationId, newId }, { claimId, status }) {
    const { at } = await lockAll(tx, [claimId], ["claimId"]);
    const claim = (await presentNode(tx, "Claim", claimId.id))!;
    const changed = await reviseNode(tx, claim, { status }, newId(), { at, operationId });
    return {
      result: { claimId: claim.id },
      at,
      events: changed ? [{ type: "claim.status", subject: claim.id, data: { status } }] : [],
    };
  },
});

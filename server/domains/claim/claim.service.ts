import { z } from "zod";
import { CLAIM_KINDS, CLAIM_STATUSES, type ClaimKind } from "../../../graph-schema/nodes/claim.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { instant, nodeId, text, version } from "../../commands/input.js";
import { lockAll, lockMerged, mustBeVersion } from "../../commands/locking.js";
import { personActs } from "../../commands/person-acts.js";
import { openEdge } from "../../graph/edge.js";
import { refuse } from "../../commands/problem.js";
import type { WriteTx } from "../../graph/graph.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import { readSettings } from "../../reads/governance/governance.query.js";
import { recheckBy as recheckDay } from "../../reads/governance/settings.js";
import type { NodeOf } from "../../graph/projection.js";
import { claimByKey, setClaimKey } from "./claim.repository.js";
import { claimKey, normalizeClaim } from "./claim-text.js";
import { recheckOf } from "./recheck.service.js";

/** Figures and marks alone say nothing that could be right or wrong. Refused where it is recorded, as a rule is. */
function mustSayWords(claim: string): void {
  if (!/\p{L}/u.test(claim)) throw refuse("BAD_INPUT", "text", "The claim has no words: say it in words.");
}

/** When a claim of the kind that is sound now wants checking again, by the studio's settings. */
const keepsUntil = async (tx: WriteTx, kind: ClaimKind, at: Instant): Promise<Instant | null> =>
  // Most are of no kind in particular and have no shelf life whatever is set: nothing to read.
  kind === "OTHER" ? null : recheckDay((await readSettings(tx)).settings, kind, at);

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
    mustSayWords(input.text);
    const scenes = input.sceneIds ?? [];
    const { at: before } = await lockAll(tx, scenes, "sceneIds");
    const kind = input.kind ?? "OTHER";
    const merged = await mergeNode(
      tx,
      { label: "Claim", id: newId() },
      claimKey(input.text),
      {
        title: input.text,
        kind,
        status: "STATED",
        recheckBy: input.recheckBy ?? (await keepsUntil(tx, kind, before)),
      },
      { at: before, operationId },
    );
    const at = await lockMerged(tx, "Claim", merged, before);
    const stamp = { at, operationId };
    const said: string[] = [];
    for (const from of scenes) {
      const opened = await openEdge(tx, { type: "STATES", from, to: { label: "Claim", id: merged.id } }, stamp);
      if (opened) said.push(`Scene:${from.id}`);
    }
    const id = `Claim:${merged.id}`;
    const repeated = said.length > 0 ? [{ type: "claim.repeated", subject: id, data: { sceneIds: said } }] : [];
    const events = merged.created ? [{ type: "claim.stated", subject: id, data: {} }] : repeated;
    return { result: { claimId: id }, at, events };
  },
});

type ClaimStatus = (typeof CLAIM_STATUSES)[number];

/**
 * What a claim is from the instant on by somebody's judgement of it. One that was past its shelf life and is found to hold keeps
 * anew from then on. That a claim in doubt holds after all is a person's to say: agents only suggest.
 */
async function judged(
  context: CommandContext,
  claim: NodeOf<"Claim">,
  status: ClaimStatus,
  at: Instant,
): Promise<Partial<Pick<NodeOf<"Claim">, "status" | "recheckReason" | "recheckSince" | "recheckBy">>> {
  const { tx, reason } = context;
  if (status === "NEEDS_RECHECK")
    return { status, recheckReason: claim.recheckReason ?? reason, recheckSince: claim.recheckSince ?? at };
  const stands = { status, recheckReason: null, recheckSince: null };
  if (status !== "STATED") return stands;
  const past = claim.recheckBy !== null && claim.recheckBy <= at;
  if ((claim.status !== "STATED" || past) && !(await personActs(context)))
    throw refuse(
      "FORBIDDEN",
      "status",
      `The claim is ${claim.status === "STATED" ? "past its shelf life" : claim.status}, and that it holds is for a person to say: an agent only suggests. Let somebody judge it and set it to STATED.`,
    );
  return past ? { ...stands, recheckBy: await keepsUntil(tx, claim.kind, at) } : stands;
}

/** Says of a claim whether it stands: a new version of it, with the reason. */
export const setClaimStatus = defineCommand({
  name: "setClaimStatus",
  capability: "claim.write",
  input: z.object({ claimId: nodeId("Claim"), status: z.enum(CLAIM_STATUSES) }),
  async run(context, { claimId, status }) {
    const { tx, operationId, newId } = context;
    const { at } = await lockAll(tx, [claimId], ["claimId"]);
    const claim = (await presentNode(tx, "Claim", claimId.id))!;
    const wanted = await judged(context, claim, status, at);
    const changed = await reviseNode(tx, claim, wanted, newId(), { at, operationId });
    return {
      result: { claimId: claim.id },
      at,
      events: changed ? [{ type: "claim.status", subject: claim.id, data: { status } }] : [],
    };
  },
});

/**
 * Gives a claim other words, another kind or shelf life. One normalised text is one claim: words that are another claim's
 * already are refused, and the refusal names it. What bears on the claim stays linked, and was judged in its old words: with new
 * ones it needs a recheck, unless the revision says how it stands in them. Another kind brings the shelf life of that kind, as if
 * the claim were stated now.
 */
export const reviseClaim = defineCommand({
  name: "reviseClaim",
  capability: "claim.write",
  input: z
    .object({
      claimId: nodeId("Claim"),
      text: text(2_000).transform(normalizeClaim).nullish(),
      kind: z.enum(CLAIM_KINDS).nullish(),
      recheckBy: instant.nullish(),
      status: z.enum(CLAIM_STATUSES).nullish(),
      version,
    })
    .refine((input) => input.text != null || input.kind != null || input.recheckBy != null, {
      path: ["text"],
      message: "must be given, or `kind` or `recheckBy`: a revision changes something",
    }),
  async run(context, { claimId, text: words, kind, recheckBy, status, version: seen }) {
    const { tx, operationId, newId, reason } = context;
    if (words != null) mustSayWords(words);
    const { at } = await lockAll(tx, [claimId], ["claimId"]);
    const claim = (await presentNode(tx, "Claim", claimId.id))!;
    mustBeVersion(claim, seen);
    const reworded = words != null && words !== claim.title;
    if (reworded) await takeKey(tx, claimId.id, claimKey(words));
    const shelf = kind != null && kind !== claim.kind ? { kind, recheckBy: await keepsUntil(tx, kind, at) } : {};
    const standing =
      status != null
        ? await judged(context, { ...claim, ...shelf }, status, at)
        : reworded
          ? recheckOf(claim, `Its words changed, and nobody has judged what bears on it since: ${reason}`, at)
          : {};
    const wanted = { ...standing, ...shelf, title: words ?? undefined, ...(recheckBy != null ? { recheckBy } : {}) };
    const changed = await reviseNode(tx, claim, wanted, newId(), { at, operationId });
    const { status: now = claim.status } = standing;
    const restated = now === claim.status ? [] : [{ type: "claim.status", subject: claim.id, data: { status: now } }];
    return {
      result: { claimId: claim.id },
      at,
      events: changed ? [{ type: "claim.revised", subject: claim.id, data: {} }, ...restated] : [],
    };
  },
});

/** Puts the claim under the key of its new words; the constraint makes one of two who want the same words look again. */
async function takeKey(tx: WriteTx, id: string, key: string): Promise<void> {
  const [other] = await tx.run(claimByKey, { key });
  if (other !== undefined && other.id !== id)
    throw refuse(
      "CONFLICT",
      "text",
      `These are the words of Claim:${other.id}; link its evidence there, or say it otherwise.`,
    );
  await tx.run(setClaimKey, { id, key });
}

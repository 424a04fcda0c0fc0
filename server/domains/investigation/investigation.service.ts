import { z } from "zod";
import { identityOf } from "../../commands/caller.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { isDamaged, text, version } from "../../commands/input.js";
import { mustBeVersion } from "../../commands/locking.js";
import { plumbingId } from "../../commands/plumbing-id.js";
import { notFound, refuse } from "../../commands/problem.js";
import { lock } from "../../graph/lock.js";
import {
  countInvestigations,
  createInvestigation,
  lockInvestigation,
  reviseInvestigation,
} from "./investigation.repository.js";

/** Bytes of a kept view, and how deep its JSON may be. */
export const MAX_STATE_BYTES = 64_000;
const MAX_STATE_DEPTH = 20;
/** Views that one person keeps. */
const MOST_KEPT = 500;

function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth++) {
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
    if (level.length === 0 || depth > MAX_STATE_DEPTH) return depth;
  }
}

/** JSON text of an object, which is the page's own; kept in one spelling. */
const state = z
  .string()
  .refine((value) => Buffer.byteLength(value) <= MAX_STATE_BYTES, {
    message: `must be at most ${MAX_STATE_BYTES} bytes`,
    abort: true,
  })
  .transform((value, context) => {
    const wrong = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      return wrong("must be JSON");
    }
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return wrong("must be a JSON object");
    if (depthOf(parsed) > MAX_STATE_DEPTH) return wrong(`must nest at most ${MAX_STATE_DEPTH} levels`);
    const kept = JSON.stringify(parsed);
    return isDamaged(kept) ? wrong("must not contain control characters or broken surrogates") : kept;
  });

const investigationId = plumbingId("Investigation");

/** One of the caller's own, locked. Another's is there for them only when it is shared, and then it is read-only. */
async function ownInvestigation({ tx, caller }: CommandContext, id: string) {
  const [found] = await tx.run(lockInvestigation, { id });
  const mine = found?.owner === identityOf(caller);
  if (found === undefined || (!mine && found.sharing !== "SHARED")) throw notFound("investigationId");
  if (!mine) throw refuse("FORBIDDEN", "investigationId", "Only who keeps it changes it: save a copy of your own.");
  return found;
}

/** Keeps a view of the page: a new one, or a new version of the caller's own that goes by the one they saw. */
export const saveInvestigation = defineCommand({
  name: "saveInvestigation",
  capability: "view.write",
  input: z
    .object({ investigationId: investigationId.nullish(), title: text(200), state, version })
    .refine((input) => input.investigationId == null || input.version != null, {
      path: ["version"],
      message: "must be given with `investigationId`: the version that the change goes by",
    }),
  async run(context, { investigationId: id, title, state: kept, version: seen }) {
    const { tx, caller, operationId, newId } = context;
    if (id == null) {
      const { at } = await lock(tx, []);
      const owner = identityOf(caller);
      const [counted] = await tx.run(countInvestigations, { owner, most: MOST_KEPT });
      if ((counted?.count ?? 0) >= MOST_KEPT)
        throw refuse("CONFLICT", "", `You keep ${MOST_KEPT} investigations, the most there may be: delete one first.`);
      const made = newId();
      const properties = { title, state: kept, owner, ownerName: caller.name, sharing: "PRIVATE", version: 1 } as const;
      await tx.run(createInvestigation, {
        id: made,
        properties: { ...properties, createdAt: at, updatedAt: at, versionBy: operationId },
      });
      return saved(made, 1, at);
    }
    const standing = await ownInvestigation(context, id);
    mustBeVersion(standing, seen);
    const { at } = await lock(tx, []);
    await tx.run(reviseInvestigation, { id, revisionId: newId(), changed: { title, state: kept }, at, operationId });
    return saved(id, standing.version + 1, at);
  },
});

const saved = (id: string, number: number, at: number) => {
  const subject = `Investigation:${id}`;
  const events = [{ type: "investigation.saved", subject, data: { version: number } }];
  return { result: { investigationId: subject }, at, events };
};

/** Lets every member of the studio read the view by its id, or nobody else any more. */
export const shareInvestigation = defineCommand({
  name: "shareInvestigation",
  capability: "view.write",
  input: z.object({ investigationId, shared: z.boolean().default(true) }),
  async run(context, { investigationId: id, shared }) {
    const { tx, operationId, newId } = context;
    const standing = await ownInvestigation(context, id);
    const { at } = await lock(tx, []);
    const sharing = shared ? "SHARED" : "PRIVATE";
    const subject = `Investigation:${id}`;
    if (standing.sharing === sharing) return { result: { investigationId: subject }, at, events: [] };
    await tx.run(reviseInvestigation, { id, revisionId: newId(), changed: { sharing }, at, operationId });
    return {
      result: { investigationId: subject },
      at,
      events: [{ type: "investigation.shared", subject, data: { shared } }],
    };
  },
});

/** Puts a view away: nobody finds it any more, and its versions stay in the graph. */
export const deleteInvestigation = defineCommand({
  name: "deleteInvestigation",
  capability: "view.write",
  input: z.object({ investigationId }),
  async run(context, { investigationId: id }) {
    const { tx, operationId, newId } = context;
    await ownInvestigation(context, id);
    const { at } = await lock(tx, []);
    await tx.run(reviseInvestigation, {
      id,
      revisionId: newId(),
      changed: { sharing: "DELETED" },
      at,
      operationId,
    });
    const subject = `Investigation:${id}`;
    return { result: { investigationId: subject }, at, events: [{ type: "investigation.deleted", subject, data: {} }] };
  },
});

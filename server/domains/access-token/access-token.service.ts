import { z } from "zod";
import { ROLES } from "../../../graph-schema/nodes/principal.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { notFound, refuse } from "../../commands/problem.js";
import { presentNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { NodeOf } from "../../graph/projection.js";
import { CAPABILITIES, GOVERNANCE } from "../../policy/capabilities.js";
import { createAccessToken, revokeAccessToken } from "./access-token.repository.js";

const DAY_MS = 24 * 60 * 60 * 1_000;
export const MAX_TOKEN_DAYS = 366;

/** The public id of a token, which is no node that is read as one. */
const accessTokenId = z
  .string()
  .regex(
    /^AccessToken:[0-9A-HJKMNP-TV-Z]{26}$/,
    "must be the id of a token, such as AccessToken:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
  )
  .transform((id) => id.slice("AccessToken:".length));

/** Whoever answers for a token, or lends it their rights, is a person who has some. */
function person(node: NodeOf<"Principal">, path: string): NodeOf<"Principal"> {
  if (node.kind !== "HUMAN" || node.roles.length === 0)
    throw refuse("BAD_INPUT", path, "must be a person who has a role here");
  return node;
}

/**
 * Registers a token of an agent or a service: who answers for it, what it may do, until when, and for whom it acts if it
 * does. The token itself is signed by whoever asked, and never stored.
 */
export const issueToken = defineCommand({
  name: "issueToken",
  capability: "token.write",
  input: z.object({
    principalId: nodeId("Principal"),
    ownerId: nodeId("Principal"),
    onBehalfOfId: nodeId("Principal").nullish(),
    scopes: z.array(z.enum(CAPABILITIES)).min(1).max(CAPABILITIES.length),
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).nullish(),
    expiresInDays: z.int().min(1).max(MAX_TOKEN_DAYS),
  }),
  async run({ tx, caller, newId }, input) {
    const { principalId, ownerId, onBehalfOfId } = input;
    const named = [principalId, ownerId, ...(onBehalfOfId ? [onBehalfOfId] : [])];
    const { at } = await lockAll(tx, named, ["principalId", "ownerId", "onBehalfOfId"]);
    const load = async (id: string) => (await presentNode(tx, "Principal", id))!;
    const actor = await load(principalId.id);
    if (actor.kind === "HUMAN")
      throw refuse("BAD_INPUT", "principalId", "must be an agent or a service: people sign in");
    const owner = person(await load(ownerId.id), "ownerId");
    const other = onBehalfOfId ? person(await load(onBehalfOfId.id), "onBehalfOfId") : null;
    const scopes = [...new Set(input.scopes)];
    if (actor.kind === "AGENT" && scopes.some((scope) => GOVERNANCE.includes(scope)))
      throw refuse("FORBIDDEN", "scopes", "Agents compute and propose; none of them decides or governs.");
    if (caller.scopes !== undefined && scopes.some((scope) => !caller.scopes!.includes(scope)))
      throw refuse("FORBIDDEN", "scopes", "A token gives no scope that it doesn't have.");
    const roles = ROLES.filter((role) => (input.roles ?? actor.roles).includes(role));
    if (roles.length === 0 || roles.some((role) => !actor.roles.includes(role)))
      throw refuse("BAD_INPUT", "roles", "must be roles that the principal has");
    const id = newId();
    await createAccessToken(tx, {
      id,
      actor: actor.key ?? "",
      actorName: actor.title,
      principalId: actor.id,
      ownerId: owner.id,
      onBehalfOf: other?.key ?? null,
      onBehalfOfId: other?.id ?? null,
      scopes,
      roles,
      issuedBy: caller.actor,
      issuedAt: at,
      expiresAt: at + input.expiresInDays * DAY_MS,
    });
    const tokenId = `AccessToken:${id}`;
    return {
      result: { tokenId },
      at,
      events: [{ type: "token.issued", subject: actor.id, data: { tokenId, scopes, roles } }],
      detail: { tokenId, principalId: actor.id, ownerId: owner.id, onBehalfOf: other?.key ?? null, scopes, roles },
    };
  },
});

/** Ends a token: for changes at once, for reads within seconds. */
export const revokeToken = defineCommand({
  name: "revokeToken",
  capability: "token.write",
  input: z.object({ tokenId: accessTokenId }),
  async run({ tx, caller }, { tokenId: ulid }) {
    const { at } = await lock(tx, []);
    const outcome = await revokeAccessToken(tx, ulid, caller.actor, at);
    if (outcome === null) throw notFound("tokenId");
    if (outcome === "gone") throw refuse("CONFLICT", "tokenId", "It was revoked before.");
    const tokenId = `AccessToken:${ulid}`;
    return { result: { tokenId }, at, events: [{ type: "token.revoked", subject: tokenId, data: {} }] };
  },
});

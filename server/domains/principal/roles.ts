import type { PrincipalProperties, Role } from "../../../graph-schema/nodes/principal.js";
import type { Caller } from "../../commands/caller.js";
import { refuse } from "../../commands/problem.js";
import type { WriteTx } from "../../graph/graph.js";
import type { NodeOf } from "../../graph/projection.js";
import { channelsOf, hasOtherAdmin } from "./principal.repository.js";

/** Roles that decide, govern or see what others did: agents compute and propose, so they never have them. */
export const NOT_FOR_AGENTS: readonly Role[] = ["platform-admin", "tenant-admin", "operator", "approver", "auditor"];

/** Refuses roles that nobody gives, or that this kind of principal never has. */
export function checkRoles(
  caller: Caller,
  kind: PrincipalProperties["kind"],
  roles: readonly Role[],
  path: string,
): void {
  if (roles.includes("platform-admin") && caller.internal === undefined)
    throw refuse("FORBIDDEN", path, "platform-admin is for the platform's own people; no tenant gives it.");
  const barred = kind === "AGENT" ? roles.filter((role) => NOT_FOR_AGENTS.includes(role)) : [];
  if (barred.length > 0)
    throw refuse("FORBIDDEN", path, `Agents compute and propose; none can be ${barred.join(" or ")}.`);
}

/** Refuses whoever answers for some channels only to change what others may do in more than those. */
export async function checkReach(
  tx: WriteTx,
  caller: Caller,
  channels: readonly string[] | null,
  path: string,
): Promise<void> {
  // The platform's own people have no principal here, and nobody here may pass for one of them.
  const actors = caller.home === undefined ? [caller.actor] : [];
  for (const key of [...actors, ...(caller.onBehalfOf === undefined ? [] : [caller.onBehalfOf])]) {
    const own = await channelsOf(tx, key);
    if (own !== null && (channels === null || channels.some((channel) => !own.includes(channel))))
      throw refuse("FORBIDDEN", path, "You answer for some channels only, and this reaches beyond them.");
  }
}

/** Refuses to leave a tenant without a person who governs it. The tenant is locked, so two can't go at once. */
export async function keepAnAdmin(
  tx: WriteTx,
  present: NodeOf<"Principal">,
  wanted: Partial<Pick<PrincipalProperties, "kind" | "roles">>,
  path: string,
): Promise<void> {
  const governs = ({ kind, roles }: Pick<PrincipalProperties, "kind" | "roles">) =>
    kind === "HUMAN" && roles.includes("tenant-admin");
  if (!governs(present) || governs({ ...present, ...wanted })) return;
  if (!(await hasOtherAdmin(tx, present.ulid)))
    throw refuse("CONFLICT", path, "They are the last tenant-admin; make somebody else one first.");
}

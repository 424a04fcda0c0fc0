import type { Role } from "../../graph-schema/nodes/principal.js";

/** Who acts: what a verified token, or this process itself, says. The tenant never comes from a body or a header. */
export interface Caller {
  readonly tenantId: string;
  /** The principal's natural key, such as `ana` or `cli`; stands in the audit. */
  readonly actor: string;
  /** Their name for people to read. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Acts of this process that no token can ask for. */
  readonly internal?: "system" | "seed";
}

/** This process acting for itself: onboarding, sign-in principals. */
export const systemCaller = (tenantId: string): Caller => ({
  tenantId,
  actor: "system",
  name: "system",
  roles: ["platform-admin"],
  internal: "system",
});

/** The demo studio's author. */
export const seedCaller = (tenantId: string): Caller => ({
  tenantId,
  actor: "seed",
  name: "seed",
  roles: ["tenant-admin"],
  internal: "seed",
});

/** Names that only this process may act under. */
export const RESERVED_ACTORS: readonly string[] = ["system", "seed"];

import type { Role } from "../../graph-schema/nodes/principal.js";

/** Who acts: what a verified token, or this process itself, says. The tenant never comes from a body or a header. */
export interface Caller {
  /** The tenant that is acted on. */
  readonly tenantId: string;
  /** Where they come from, when that is another one: the platform's own people. */
  readonly home?: string;
  /** The principal's natural key, such as `ana` or `cli`; stands in the audit. */
  readonly actor: string;
  /** Their name for people to read. */
  readonly name: string;
  /** What the token says; the graph may have taken some back since. */
  readonly roles: readonly Role[];
  /** The region of the token; null for acts of this process. */
  readonly region?: string | null;
  /** Of tokens that can be revoked. */
  readonly tokenId?: string | undefined;
  /** Capabilities that the token is held to. */
  readonly scopes?: readonly string[] | undefined;
  /** The key of the person whom an agent acts for. */
  readonly onBehalfOf?: string | undefined;
  /** Acts of this process that no token can ask for. */
  readonly internal?: "system" | "seed";
}

/** This process acting for itself: onboarding, sign-in principals, jobs. */
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

/** One of the platform's own people, acting on a tenant. */
export const actingOn = (caller: Caller, tenantId: string): Caller =>
  caller.tenantId === tenantId ? caller : { ...caller, home: caller.home ?? caller.tenantId, tenantId };

/** Who it is, told apart from a tenant's own people of the same name: what stands on proposals and approvals. */
export const identityOf = ({ home, actor }: Pick<Caller, "home" | "actor">): string =>
  home === undefined ? actor : `${home}/${actor}`;

/** Names that only this process may act under. */
export const RESERVED_ACTORS: readonly string[] = ["system", "seed"];

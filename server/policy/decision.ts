import type { PRINCIPAL_KINDS } from "../../graph-schema/nodes/principal.js";
import type { SWITCH_SCOPES } from "../../graph-schema/nodes/kill-switch.js";
import type { SERVED_STATUSES } from "../../graph-schema/nodes/tenant.js";
import type { Instant } from "../../graph-schema/time.js";

/** Every rule that can deny, with the reason that people are told. */
export const RULES = {
  "tenant-isolation": "acts on a tenant that isn't theirs",
  "tenant-suspended": "the tenant is suspended and takes no changes",
  role: "no role of theirs has the capability",
  scope: "the token's scopes leave the capability out",
  delegation: "isn't theirs to do for another, or whoever they act for may not do it either",
  channel: "touches a channel outside those they answer for",
  region: "comes from another region's token",
  residency: "the tenant doesn't allow the region",
  "mission-lock": "agents compute and propose; they never decide, govern or do what can't be taken back",
  "kill-switch": "a kill switch is on",
  approval: "needs the approval of others first",
  "publish-gate": "what would be published isn't fit to be",
  "audit-lag": "the audit isn't sealed up to now",
  "malformed-input": "isn't asked in the form that the policy knows",
  "policy-unavailable": "the policy can't be asked just now",
} as const;
export type Rule = keyof typeof RULES;

/** What an exemption can lift; everything else has no exceptions. */
export const EXEMPTABLE: readonly Rule[] = ["approval", "publish-gate"];

/** Who acts, as the graph says at this moment. Null stands for what isn't known, and denies. */
export interface PolicySubject {
  readonly actor: string;
  /** Null for tokens that nobody is registered for: the installation's own. */
  readonly kind: (typeof PRINCIPAL_KINDS)[number] | null;
  /** A logged input may name roles that nobody knows any more: they are worth nothing. */
  readonly roles: readonly string[];
  readonly tenant: string | null;
  readonly region: string | null;
  /** Channels that they are held to; null is all. */
  readonly channels: readonly string[] | null;
  /** Capabilities that the token is held to; null is all of the roles'. */
  readonly scopes: readonly string[] | null;
  /** This process itself. */
  readonly internal: boolean;
}

/** Everything that a decision rests on: plain JSON, so that it can be logged, replayed and asked of another engine. */
export interface PolicyInput {
  readonly subject: PolicySubject;
  readonly onBehalfOf: Pick<PolicySubject, "actor" | "roles" | "channels"> | null;
  /** One that nobody knows is nobody's. */
  readonly capability: string;
  readonly tenant: {
    readonly id: string | null;
    readonly status: (typeof SERVED_STATUSES)[number] | null;
    readonly allowedRegions: readonly string[];
  };
  /** Where this process stores and serves. */
  readonly region: string;
  /** Public ids of the channels that the change touches. */
  readonly channels: readonly string[];
  readonly switches: readonly {
    readonly scope: (typeof SWITCH_SCOPES)[number];
    readonly target: string | null;
    readonly expiresAt: Instant | null;
  }[];
  readonly exemptions: readonly {
    readonly rule: string;
    readonly channelId: string | null;
    readonly expiresAt: Instant;
  }[];
  /** Of what can't be taken back; null for everything else. */
  readonly irreversible: {
    readonly proposer: string;
    /** Who approved exactly this content, and still may. */
    readonly approvers: readonly string[];
    /** What is wrong with what would be published. */
    readonly gate: readonly string[];
  } | null;
  /** Milliseconds that the oldest unsealed audit entry has waited. */
  readonly auditLagMs: number;
  readonly now: Instant;
}

export interface PolicyDecision {
  readonly allow: boolean;
  /** The rules that deny, in order of name; empty exactly when allowed. */
  readonly denied: readonly Rule[];
  /** Distinct approvers that it needs, beside the proposer; 0 when it needs none. */
  readonly approvals: number;
}

/** What is said where nothing could be decided: it needs whoever can mend that, and never less than an approver. */
export const denial = (rule: "malformed-input" | "policy-unavailable"): PolicyDecision => ({
  allow: false,
  denied: [rule],
  approvals: 1,
});

/** Decides. An engine that can't must answer a denial, never throw its way to an allowance. */
export interface Policy {
  /** SHA-256 of the compiled policy, or where it is asked; stands in the audit. */
  readonly hash: string;
  decide(input: PolicyInput): PolicyDecision | Promise<PolicyDecision>;
}

/** An audit that lags longer stops what can't be taken back. */
export const MAX_AUDIT_LAG_MS = 60_000;

import { DomainError } from "../errors.js";
import type { Graph } from "../graph/graph.js";
import type { Query } from "../graph/query.js";
import type { Capability } from "../policy/capabilities.js";
import { IRREVERSIBLE } from "../policy/capabilities.js";
import { RULES, type Policy, type PolicyDecision, type PolicyInput, type Rule } from "../policy/decision.js";
import type { Caller } from "./caller.js";
import { auditLag, factsQuery, type FactParams, type Facts } from "./facts.query.js";
import { notFound, Refusal, type ProblemCode } from "./problem.js";

/** Who may do what here: the policy, and where this process is. */
export interface Judge {
  readonly policy: Policy;
  readonly region: string;
}

/** A decision with what it rested on, for the audit. */
export interface Judgement {
  readonly input: PolicyInput;
  readonly decision: PolicyDecision;
  readonly policy: string;
}

export interface Act {
  readonly capability: Capability;
  /** Public ids of the channels that it touches. */
  readonly channels: readonly string[];
  readonly irreversible: PolicyInput["irreversible"];
  /** Regions of a tenant that is only being made. */
  readonly allowedRegions?: readonly string[] | undefined;
}

/** What can answer the questions of a judgement: an open transaction, or the graph for one tenant. */
export interface Reader {
  readonly tenantId: string;
  run<P, R>(query: Query<P, R>, params: P): Promise<R[]>;
}

/** What the facts are looked up by. */
const factParams = (caller: Caller): FactParams => ({
  // The platform's own people have no principal in the tenant, and nobody there may pass for one of them.
  actor: caller.home === undefined ? caller.actor : null,
  onBehalfOf: caller.onBehalfOf ?? null,
  tokenId: caller.tokenId ?? null,
});

/** Decides on an act by what its transaction has read. Throws what a request without a valid token gets when the token isn't one any more. */
export async function judge(
  { policy, region }: Judge,
  tx: Reader,
  caller: Caller,
  facts: Facts,
  act: Act,
): Promise<Judgement> {
  // A token for a tenant that isn't there, or isn't any more, is as good as no token.
  if ((facts.tenantStatus === null || facts.tenantStatus === "ERASED") && act.allowedRegions === undefined) {
    if (caller.home !== undefined) throw notFound("tenantId");
    throw new DomainError("UNAUTHENTICATED", "This token is for a tenant that isn't here.");
  }
  if (caller.tokenId !== undefined && facts.tokenHolds !== true)
    throw new DomainError("UNAUTHENTICATED", "This token was revoked or has ended.");
  const lag = IRREVERSIBLE.includes(act.capability) ? ((await tx.run(auditLag, {}))[0]?.ms ?? 0) : 0;
  const input: PolicyInput = {
    subject: subjectOf(caller, facts),
    onBehalfOf:
      caller.onBehalfOf === undefined
        ? null
        : { actor: caller.onBehalfOf, roles: facts.other?.[0] ?? [], channels: facts.other?.[1] ?? null },
    capability: act.capability,
    tenant: {
      id: tx.tenantId,
      // Of an erased tenant there is nothing left to judge by but its id, which only `createTenant` comes upon.
      status: facts.tenantStatus === "ERASED" ? null : facts.tenantStatus,
      allowedRegions: act.allowedRegions ?? facts.allowedRegions,
    },
    region,
    channels: act.channels,
    switches: facts.switches.map(([scope, target, expiresAt]) => ({ scope, target, expiresAt })),
    exemptions: facts.exemptions.map(([rule, channelId, expiresAt]) => ({ rule, channelId, expiresAt })),
    irreversible: act.irreversible,
    auditLagMs: lag,
    now: facts.now,
  };
  return { input, decision: await policy.decide(input), policy: policy.hash };
}

export async function readFacts(reader: Reader, caller: Caller): Promise<Facts> {
  const [facts] = await reader.run(factsQuery, factParams(caller));
  if (facts === undefined) throw new Error("the facts are one row");
  return facts;
}

/** Decides on an act outside of a command: a read that not everybody may do, or a look ahead. */
export async function judgeRead(
  office: Judge & { readonly graph: Graph },
  caller: Caller,
  act: Act,
): Promise<Judgement> {
  const scope = { tenantId: caller.tenantId };
  const reader: Reader = { ...scope, run: (query, params) => office.graph.read(scope, query, params) };
  return judge(office, reader, caller, await readFacts(reader, caller), act);
}

function subjectOf(caller: Caller, facts: Facts): PolicyInput["subject"] {
  const [kind, roles, channels] = facts.actor ?? [null, null, null];
  return {
    actor: caller.actor,
    kind,
    // A token says what they had when it was issued, the graph what is left of it.
    roles: roles === null ? caller.roles : caller.roles.filter((role) => roles.includes(role)),
    tenant: caller.home ?? caller.tenantId,
    region: caller.region ?? null,
    channels,
    scopes: caller.scopes ?? null,
    internal: caller.internal !== undefined,
  };
}

const CODES: Partial<Record<Rule, ProblemCode>> = {
  "tenant-suspended": "TENANT_SUSPENDED",
  residency: "RESIDENCY",
  "kill-switch": "KILL_SWITCH",
  approval: "NEEDS_APPROVAL",
  "publish-gate": "PUBLISH_GATE",
  "audit-lag": "AUDIT_LAG",
};

/** A denial as data, a problem for each rule; carries its judgement to the audit. */
export class Denial extends Refusal {
  constructor(readonly judgement: Judgement) {
    const { denied } = judgement.decision;
    const { capability, irreversible } = judgement.input;
    super(
      denied.map((rule) => ({
        code: CODES[rule] ?? "FORBIDDEN",
        message: [
          `Not allowed (${capability}): ${RULES[rule]}.`,
          ...(rule === "publish-gate" ? (irreversible?.gate ?? []) : []),
        ].join(" "),
        path: "",
      })),
    );
    this.name = "Denial";
  }
}

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
  /** The regions that there are beside it, where a file says so (server/tenancy/regions.ts). */
  readonly regions?: readonly string[] | undefined;
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
  /** Where the data would go to, when that is another region than this process's. */
  readonly region?: string | undefined;
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
  { policy, region: here, regions = [] }: Judge,
  tx: Reader,
  caller: Caller,
  facts: Facts,
  act: Act,
): Promise<Judgement> {
  const { tenantStatus } = facts;
  if (!isOpenTo(facts, act)) throw absence(caller, facts);
  if (caller.tokenId !== undefined && facts.tokenHolds !== true)
    throw new DomainError("UNAUTHENTICATED", "This token was revoked or has ended.");
  const lag = IRREVERSIBLE.includes(act.capability) ? ((await tx.run(auditLag, {}))[0]?.ms ?? 0) : 0;
  const { region = here } = act;
  const allowedRegions = act.allowedRegions ?? facts.allowedRegions;
  const input: PolicyInput = {
    // Who acts elsewhere is asked about as if they acted there.
    subject: subjectOf(region === here || caller.region === null ? caller : { ...caller, region }, facts),
    onBehalfOf:
      caller.onBehalfOf === undefined
        ? null
        : { actor: caller.onBehalfOf, roles: facts.other?.[0] ?? [], channels: facts.other?.[1] ?? null },
    capability: act.capability,
    tenant: {
      id: tx.tenantId,
      status: statusOf(tenantStatus),
      // A region that there isn't can't be gone to, whatever the tenant allows.
      allowedRegions: region === here ? allowedRegions : allowedRegions.filter((one) => regions.includes(one)),
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

/** A tenant on its way takes no change but the end of its way; one that is being made or restored takes that alone. */
function isOpenTo({ tenantStatus }: Facts, { capability, allowedRegions }: Act): boolean {
  if (tenantStatus === "ACTIVE" || tenantStatus === "SUSPENDED" || allowedRegions !== undefined) return true;
  if (tenantStatus === "MOVING") return capability === "tenant.move" || capability === "tenant.suspend";
  return tenantStatus === "RESTORING" && capability === "tenant.create";
}

/** Where a tenant is, for whoever has a token of it and comes to where it isn't any more. */
export const movedTo = ({ movesTo }: Facts): DomainError =>
  new DomainError("UNAUTHENTICATED", `This token is for a tenant that moved to the region ${movesTo}: sign in there.`);

/** A token for a tenant that isn't there, or isn't any more, is as good as no token. None of it stands in a log: there is none. */
function absence(caller: Caller, facts: Facts): Error {
  if (facts.tenantStatus === "MOVING")
    return new DomainError(
      "UNAVAILABLE",
      `The tenant is on its way to the region ${facts.movesTo} and takes no changes until it is there; try again in some minutes.`,
    );
  // Whoever is at this machine has no token that could be for anything.
  if (caller.internal !== undefined) return new DomainError("UNAVAILABLE", whereItIs(caller.tenantId, facts));
  if (facts.tenantStatus === "MOVED") return movedTo(facts);
  if (caller.home !== undefined) return notFound("tenantId");
  return new DomainError("UNAUTHENTICATED", "This token is for a tenant that isn't here.");
}

function whereItIs(tenantId: string, { tenantStatus, movesTo }: Facts): string {
  if (tenantStatus === "MOVED") return `The tenant ${tenantId} moved to the region ${movesTo}: do it there.`;
  if (tenantStatus === "RESTORING")
    return `The tenant ${tenantId} is only half restored here and can't be used: run \`tenant restore\` or \`tenant move\` again to finish it.`;
  if (tenantStatus === "ERASED") return `The tenant ${tenantId} was erased.`;
  return `There is no tenant ${tenantId} here.`;
}

/** Policy knows tenants that are served. One on its way is suspended; of one that isn't here there is only an id to judge by. */
function statusOf(status: Facts["tenantStatus"]): PolicyInput["tenant"]["status"] {
  if (status === "MOVING") return "SUSPENDED";
  return status === "ACTIVE" || status === "SUSPENDED" ? status : null;
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
  constructor(
    readonly judgement: Judgement,
    /** The input field at fault, where there is one. */
    path = "",
  ) {
    const { denied } = judgement.decision;
    const { capability, irreversible, region, tenant } = judgement.input;
    super(
      denied.map((rule) => ({
        code: CODES[rule] ?? "FORBIDDEN",
        message: [
          `Not allowed (${capability}): ${RULES[rule]}.`,
          ...(rule === "publish-gate" ? (irreversible?.gate ?? []) : []),
          ...(rule === "residency"
            ? [`It is ${region}; allowed is ${tenant.allowedRegions.join(", ") || "none"}.`]
            : []),
        ].join(" "),
        path,
      })),
    );
    this.name = "Denial";
  }
}

import type { Role } from "../../graph-schema/nodes/principal.js";
import { GOVERNANCE, IRREVERSIBLE, type Capability } from "./capabilities.js";
import {
  denial,
  EXEMPTABLE,
  MAX_AUDIT_LAG_MS,
  type Policy,
  type PolicyDecision,
  type PolicyInput,
  type Rule,
} from "./decision.js";
import { policyInput } from "./input.js";

/*
 * The policy said once more, in TypeScript: what the compiled Rego must agree with on any input. It decides nothing in
 * production; it is the second opinion that a test compares with.
 */

const CONTENT: readonly Capability[] = ["evidence.write", "claim.write", "episode.write", "import", "proposal.write"];

const ALLOWED: Readonly<Record<Role, readonly Capability[]>> = {
  "platform-admin": [
    "tenant.create",
    "tenant.suspend",
    "tenant.move",
    "tenant.export",
    "tenant.erase",
    "principal.write",
    "proposal.write",
    "proposal.decide",
    "switch.write",
    "audit.read",
    "policy.test",
    "job.run",
    "run.advance",
  ],
  "tenant-admin": [
    ...CONTENT,
    "topic.write",
    "channel.write",
    "episode.publish",
    "source.retract",
    "incident.write",
    "decision.write",
    "event.receive",
    "export",
    "view.write",
    "proposal.decide",
    "switch.write",
    "exemption.write",
    "principal.write",
    "token.write",
    "webhook.write",
    "audit.read",
    "policy.test",
    "job.run",
    "run.start",
    "tenant.export",
    "tenant.erase",
  ],
  editor: [
    ...CONTENT,
    "topic.write",
    "episode.publish",
    "source.retract",
    "decision.write",
    "export",
    "view.write",
    "run.start",
  ],
  analyst: ["evidence.write", "claim.write", "source.retract", "import", "export", "view.write", "proposal.write"],
  planner: ["topic.write", "export", "view.write", "proposal.write", "run.start"],
  executive: ["export", "view.write"],
  operator: [
    "incident.write",
    "import",
    "event.receive",
    "switch.write",
    "webhook.write",
    "job.run",
    "run.start",
    "policy.test",
    "audit.read",
    "view.write",
  ],
  approver: ["decision.write", "view.write", "proposal.decide"],
  auditor: ["audit.read", "policy.test", "export", "view.write"],
  agent: ["evidence.write", "claim.write", "episode.write", "import", "event.receive", "proposal.write"],
};

const OPEN_WHILE_SUSPENDED: readonly string[] = [
  "tenant.suspend",
  "tenant.move",
  "tenant.export",
  "tenant.erase",
  "proposal.write",
  "proposal.decide",
  "audit.read",
  "policy.test",
];
/** What a switch of everything leaves: to see what happened, to close the tenant altogether, and to restore one as it was. */
const SPARED: readonly string[] = ["audit.read", "policy.test", "tenant.suspend", "tenant.create"];

/** Acts of the platform's own people on a tenant that isn't theirs. */
const PLATFORM: readonly string[] = [
  "tenant.create",
  "tenant.suspend",
  "tenant.move",
  "tenant.export",
  "tenant.erase",
  "principal.write",
  "proposal.write",
  "proposal.decide",
  "switch.write",
];

const governs = (capability: string): boolean => (GOVERNANCE as readonly string[]).includes(capability);
const isIrreversible = (capability: string): boolean => (IRREVERSIBLE as readonly string[]).includes(capability);

/** The platform's own role counts for the platform's own people and for this process; no tenant can give it away. */
const may = (roles: readonly string[], capability: string, ofThePlatform: boolean): boolean =>
  roles.some(
    (role) =>
      (role !== "platform-admin" || ofThePlatform) &&
      Object.hasOwn(ALLOWED, role) &&
      (ALLOWED[role as Role] as readonly string[]).includes(capability),
  );

export function decideByReference(input: PolicyInput): PolicyDecision {
  if (!policyInput.safeParse(input).success) return denial("malformed-input");
  const { capability } = input;
  const denied = new Set<Rule>([...whoIsDenied(input), ...whereIsDenied(input)]);
  if (capability !== "switch.write" && input.switches.some((one) => stops(one, input))) denied.add("kill-switch");
  const approvals = isIrreversible(capability) && !isExempt("approval", input) ? 1 : 0;
  if (isIrreversible(capability)) {
    const { irreversible } = input;
    if (irreversible === null || approversOf(input).size < approvals) denied.add("approval");
    if ((irreversible?.gate.length ?? 0) > 0 && !isExempt("publish-gate", input)) denied.add("publish-gate");
    if (input.auditLagMs > MAX_AUDIT_LAG_MS) denied.add("audit-lag");
  }
  return { allow: denied.size === 0, denied: [...denied].sort(), approvals };
}

function* whoIsDenied({ subject, onBehalfOf, capability, tenant, channels }: PolicyInput): Generator<Rule> {
  if (!may(subject.roles, capability, subject.internal || subject.tenant === "system")) yield "role";
  if (subject.scopes !== null && !subject.scopes.includes(capability)) yield "scope";
  // Nobody governs through another, and a namesake in another tenant is somebody else.
  if (
    onBehalfOf !== null &&
    (!may(onBehalfOf.roles, capability, tenant.id === "system") || governs(capability) || subject.tenant !== tenant.id)
  )
    yield "delegation";
  const weighty = governs(capability) || isIrreversible(capability);
  const held = [subject.channels, onBehalfOf?.channels ?? null].filter((list) => list !== null);
  if (held.length > 0 && weighty && channels.length === 0) yield "channel";
  if (held.some((list) => channels.some((channel) => !list.includes(channel)))) yield "channel";
  const agent =
    subject.kind === "AGENT" || subject.roles.includes("agent") || (onBehalfOf?.roles.includes("agent") ?? false);
  if (agent && weighty) yield "mission-lock";
}

function* whereIsDenied({ subject, capability, tenant, region }: PolicyInput): Generator<Rule> {
  const platform =
    subject.tenant === "system" && subject.roles.includes("platform-admin") && PLATFORM.includes(capability);
  const isThere = tenant.status !== null || capability === "tenant.create" || tenant.id === "system";
  if (!tenant.id || (subject.tenant !== tenant.id && !platform) || !isThere) yield "tenant-isolation";
  if (tenant.status === "SUSPENDED" && !OPEN_WHILE_SUSPENDED.includes(capability)) yield "tenant-suspended";
  if (!subject.internal && subject.region !== region) yield "region";
  if (!tenant.allowedRegions.includes(region) && tenant.id !== "system") yield "residency";
}

function stops(
  { scope, target, expiresAt }: PolicyInput["switches"][number],
  { capability, channels, now }: PolicyInput,
): boolean {
  if (expiresAt !== null && expiresAt <= now) return false;
  // What names no target stops all that it could have meant.
  if (scope === "TENANT" || target === null) return !SPARED.includes(capability);
  return scope === "CHANNEL" ? channels.includes(target) : target === capability;
}

/** An exemption is itself given by approval; one that lifted the approval of governance would renew itself. */
function isExempt(rule: Rule, { capability, channels, exemptions, now }: PolicyInput): boolean {
  if (!EXEMPTABLE.includes(rule) || governs(capability)) return false;
  const lifting = exemptions.filter((one) => one.rule === rule && one.expiresAt > now);
  const covers = (channel: string) => lifting.some((one) => one.channelId === channel);
  return lifting.some((one) => one.channelId === null) || (channels.length > 0 && channels.every(covers));
}

/** Nobody is their own second pair of eyes: not who proposed, not who acts, not whom they act for. */
function approversOf({ subject, onBehalfOf, irreversible }: PolicyInput): ReadonlySet<string> {
  const own = [irreversible?.proposer, subject.actor, onBehalfOf?.actor, ""];
  return new Set(irreversible?.approvers.filter((approver) => !own.includes(approver)));
}

/** The reference as a policy, for tests that compare. */
export const referencePolicy: Policy = { hash: "reference", decide: decideByReference };

import type { Role } from "../../graph-schema/nodes/principal.js";
import { GOVERNANCE, IRREVERSIBLE, type Capability } from "./capabilities.js";
import {
  EXEMPTABLE,
  MAX_AUDIT_LAG_MS,
  type Policy,
  type PolicyDecision,
  type PolicyInput,
  type Rule,
} from "./decision.js";

/*
 * The policy said once more, in TypeScript: what the compiled Rego must agree with on any input. It decides nothing in
 * production; it is the second opinion that a test compares with.
 */

const CONTENT: readonly Capability[] = ["evidence.write", "claim.write", "episode.write", "import", "proposal.write"];

const ALLOWED: Readonly<Record<Role, readonly Capability[]>> = {
  "platform-admin": [
    "tenant.create",
    "tenant.suspend",
    "tenant.export",
    "tenant.erase",
    "principal.write",
    "proposal.write",
    "proposal.decide",
    "switch.write",
    "audit.read",
    "policy.test",
    "job.run",
  ],
  "tenant-admin": [
    ...CONTENT,
    "topic.write",
    "channel.write",
    "episode.publish",
    "incident.write",
    "decision.write",
    "event.receive",
    "export",
    "proposal.decide",
    "switch.write",
    "exemption.write",
    "principal.write",
    "token.write",
    "webhook.write",
    "audit.read",
    "policy.test",
    "job.run",
    "tenant.export",
    "tenant.erase",
  ],
  editor: [...CONTENT, "topic.write", "episode.publish", "decision.write", "export"],
  analyst: ["evidence.write", "claim.write", "import", "export", "proposal.write"],
  planner: ["topic.write", "export", "proposal.write"],
  executive: ["export"],
  operator: [
    "incident.write",
    "import",
    "event.receive",
    "switch.write",
    "webhook.write",
    "job.run",
    "policy.test",
    "audit.read",
  ],
  approver: ["decision.write", "proposal.decide"],
  auditor: ["audit.read", "policy.test", "export"],
  agent: ["evidence.write", "claim.write", "episode.write", "import", "event.receive", "proposal.write"],
};

const may = (roles: readonly Role[], capability: Capability): boolean =>
  roles.some((role) => ALLOWED[role]?.includes(capability) ?? false);

/** Acts of the platform's own people on a tenant that isn't theirs. */
const PLATFORM: readonly Capability[] = [
  "tenant.create",
  "tenant.suspend",
  "tenant.export",
  "tenant.erase",
  "principal.write",
  "proposal.write",
  "proposal.decide",
  "switch.write",
];

export function decideByReference(input: PolicyInput): PolicyDecision {
  const { subject, onBehalfOf, capability, tenant, channels, irreversible, now } = input;
  const denied = new Set<Rule>();
  const exempt = (rule: Rule): boolean =>
    EXEMPTABLE.includes(rule) &&
    input.exemptions.some(
      (one) =>
        one.rule === rule &&
        one.expiresAt > now &&
        (one.channelId === null || (channels.length > 0 && channels.every((channel) => channel === one.channelId))),
    );

  const platform =
    subject.tenant === "system" && subject.roles.includes("platform-admin") && PLATFORM.includes(capability);
  if (!subject.tenant || !tenant.id || (subject.tenant !== tenant.id && !platform)) denied.add("tenant-isolation");
  if (
    tenant.status === "SUSPENDED" &&
    !["tenant.suspend", "tenant.export", "tenant.erase", "proposal.write", "proposal.decide"].includes(capability)
  )
    denied.add("tenant-suspended");
  if (!may(subject.roles, capability)) denied.add("role");
  if (subject.scopes !== null && !subject.scopes.includes(capability)) denied.add("scope");
  if (onBehalfOf !== null && !may(onBehalfOf.roles, capability)) denied.add("delegation");
  const held = [subject.channels, onBehalfOf?.channels ?? null].filter((list) => list !== null);
  if (held.some((list) => channels.some((channel) => !list.includes(channel)))) denied.add("channel");
  if (!subject.internal && subject.region !== input.region) denied.add("region");
  if (!tenant.allowedRegions.includes(input.region)) denied.add("residency");
  const isAgent = subject.kind === "AGENT" || subject.roles.includes("agent");
  if (isAgent && (GOVERNANCE.includes(capability) || IRREVERSIBLE.includes(capability))) denied.add("mission-lock");
  if (capability !== "switch.write" && input.switches.some((one) => isOn(one, input))) denied.add("kill-switch");

  let approvals = 0;
  if (IRREVERSIBLE.includes(capability)) {
    approvals = exempt("approval") ? 0 : 1;
    const others = new Set(irreversible?.approvers.filter((approver) => approver !== irreversible.proposer));
    if (irreversible === null || others.size < approvals) denied.add("approval");
    if ((irreversible?.gate.length ?? 0) > 0 && !exempt("publish-gate")) denied.add("publish-gate");
    if (input.auditLagMs > MAX_AUDIT_LAG_MS) denied.add("audit-lag");
  }
  return { allow: denied.size === 0, denied: [...denied].sort(), approvals };
}

function isOn(
  { scope, target, expiresAt }: PolicyInput["switches"][number],
  { capability, channels, now }: PolicyInput,
): boolean {
  if (expiresAt !== null && expiresAt <= now) return false;
  if (scope === "TENANT") return true;
  if (scope === "CHANNEL") return target !== null && channels.includes(target);
  return target === capability;
}

/** The reference as a policy, for tests and for whoever runs without the compiled one. */
export const referencePolicy: Policy = { hash: "reference", decide: decideByReference };

import { z } from "zod";
import { SWITCH_SCOPES } from "../../graph-schema/nodes/kill-switch.js";
import { PRINCIPAL_KINDS } from "../../graph-schema/nodes/principal.js";
import { SERVED_STATUSES } from "../../graph-schema/nodes/tenant.js";
import { RULES, type PolicyDecision, type PolicyInput, type Rule } from "./decision.js";

const name = z.string().min(1);
const texts = z.array(z.string());

/** A whole question, as the decision log keeps it; `input.rego` says the same. */
export const policyInput: z.ZodType<PolicyInput> = z.object({
  subject: z.object({
    actor: name,
    kind: z.enum(PRINCIPAL_KINDS).nullable(),
    roles: texts,
    tenant: z.string().nullable(),
    region: z.string().nullable(),
    channels: texts.nullable(),
    scopes: texts.nullable(),
    internal: z.boolean(),
  }),
  onBehalfOf: z.object({ actor: name, roles: texts, channels: texts.nullable() }).nullable(),
  capability: z.string(),
  tenant: z.object({
    id: z.string().nullable(),
    status: z.enum(SERVED_STATUSES).nullable(),
    allowedRegions: texts,
  }),
  region: name,
  channels: texts,
  switches: z.array(
    z.object({ scope: z.enum(SWITCH_SCOPES), target: z.string().nullable(), expiresAt: z.number().nullable() }),
  ),
  exemptions: z.array(z.object({ rule: z.string(), channelId: z.string().nullable(), expiresAt: z.number() })),
  irreversible: z.object({ proposer: name, approvers: texts, gate: texts }).nullable(),
  auditLagMs: z.number(),
  now: z.number(),
});

/** What an engine answered; an answer that contradicts itself is none. */
export const policyDecision: z.ZodType<PolicyDecision> = z
  .object({
    allow: z.boolean(),
    denied: z.array(z.enum(Object.keys(RULES) as [Rule, ...Rule[]])),
    approvals: z.int().min(0),
  })
  .refine(({ allow, denied }) => allow === (denied.length === 0), "allow and denied contradict each other");

import { z } from "zod";
import { SWITCH_SCOPES } from "../../graph-schema/nodes/kill-switch.js";
import { PRINCIPAL_KINDS, ROLES } from "../../graph-schema/nodes/principal.js";
import { TENANT_STATUSES } from "../../graph-schema/nodes/tenant.js";
import { defineQuery, params } from "../graph/query.js";

/*
 * What a decision rests on, read in the transaction of the change itself: a role taken back, a token revoked or a switch set
 * by anybody, on any replica, counts from the moment it is committed.
 */

export interface FactParams {
  /** Key of the principal who acts; null for the platform's own people, who have none in the tenant. */
  readonly actor: string | null;
  /** Key of the person whom they act for, if they do. */
  readonly onBehalfOf: string | null;
  readonly tokenId: string | null;
}

const person = (key: string, alias: string) =>
  `OPTIONAL MATCH (${alias}:Principal {tenantId: $tenantId, key: $${key}})`;

const strings = z.array(z.string());
const roles = z.array(z.enum(ROLES));

const factRow = z.object({
  tenantStatus: z.enum(TENANT_STATUSES).nullable(),
  /** Of a tenant that is moving or has moved: where to. */
  movesTo: z.string().nullable(),
  allowedRegions: strings,
  actor: z.tuple([z.enum(PRINCIPAL_KINDS), roles, strings.nullable()]).nullable(),
  other: z.tuple([roles, strings.nullable()]).nullable(),
  tokenHolds: z.boolean().nullable(),
  switches: z.array(z.tuple([z.enum(SWITCH_SCOPES), z.string().nullable(), z.number().nullable()])),
  exemptions: z.array(z.tuple([z.string(), z.string().nullable(), z.number()])),
  now: z.number(),
});
export type Facts = z.infer<typeof factRow>;

/**
 * A statement of its own, behind the prologue: in one that writes, Neo4j would lock what it looks up by a unique key, and two
 * writers whose actor has no principal, such as jobs, would wait for each other.
 */
export const factsQuery = defineQuery({
  name: "policyFacts",
  mode: "read",
  scope: "tenant",
  params: params<FactParams>(),
  cypher: `OPTIONAL MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
${person("actor", "actor")}
${person("onBehalfOf", "other")}
OPTIONAL MATCH (token:AccessToken {tenantId: $tenantId, id: $tokenId})
RETURN t.status AS tenantStatus, t.movesTo AS movesTo, coalesce(t.allowedRegions, []) AS allowedRegions,
  CASE WHEN actor IS NULL THEN null ELSE [actor.kind, actor.roles, actor.channels] END AS actor,
  CASE WHEN other IS NULL THEN null ELSE [other.roles, other.channels] END AS other,
  CASE WHEN token IS NULL THEN null ELSE token.revokedAt IS NULL AND token.expiresAt > datetime.realtime().epochMillis END AS tokenHolds,
  COLLECT { MATCH (s:KillSwitch {tenantId: $tenantId, status: "ON"}) RETURN [s.scope, s.target, s.expiresAt] } AS switches,
  COLLECT { MATCH (e:Exemption {tenantId: $tenantId, status: "ACTIVE"}) RETURN [e.rule, e.channelId, e.expiresAt] } AS exemptions,
  datetime.realtime().epochMillis AS now`,
  row: factRow,
});

/** How long the oldest audit entry that no checkpoint covers has waited. Entries carry ULIDs, so the first is the oldest. */
export const auditLag = defineQuery({
  name: "auditLag",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (a:Unsealed {tenantId: $tenantId}) WHERE a.id > ""
WITH a ORDER BY a.tenantId, a.id LIMIT 1
RETURN datetime.realtime().epochMillis - a.at AS ms`,
  row: z.object({ ms: z.number() }),
});

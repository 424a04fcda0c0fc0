import { z } from "zod";
import { PRINCIPAL_KINDS, ROLES } from "../../../graph-schema/nodes/principal.js";
import type { Graph, WriteTx } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const principalRow = z.object({
  name: z.string(),
  kind: z.enum(PRINCIPAL_KINDS),
  roles: z.array(z.enum(ROLES)),
  channels: z.array(z.string()).nullable(),
  /** Null for the platform's own tenant, which has no node. */
  allowedRegions: z.array(z.string()).nullable(),
});

const principalByKeyQuery = defineQuery({
  name: "principalByKey",
  mode: "read",
  scope: "tenant",
  params: params<{ key: string }>(),
  cypher: `MATCH (p:Principal {tenantId: $tenantId, key: $key})
OPTIONAL MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
RETURN p.title AS name, p.kind AS kind, p.roles AS roles, p.channels AS channels, t.allowedRegions AS allowedRegions`,
  row: principalRow,
});

const otherAdminQuery = defineQuery({
  name: "otherAdmin",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (p:Principal {tenantId: $tenantId})
WHERE p.id > "" AND p.id <> $id AND p.kind = "HUMAN" AND "tenant-admin" IN p.roles
RETURN p.id AS id LIMIT 1`,
  row: z.object({ id: z.string() }),
});

export const principalQueries = [principalByKeyQuery, otherAdminQuery];

export const readPrincipal = async (graph: Graph, tenantId: string, key: string) =>
  (await graph.read({ tenantId }, principalByKeyQuery, { key }))[0];

/** The channels that somebody is held to; null for all, and for whoever isn't registered. */
export const channelsOf = async (tx: WriteTx, key: string): Promise<readonly string[] | null> =>
  (await tx.run(principalByKeyQuery, { key }))[0]?.channels ?? null;

/** Whether somebody else is a tenant-admin; lock the tenant before, that it stays so. */
export const hasOtherAdmin = async (tx: WriteTx, id: string): Promise<boolean> =>
  (await tx.run(otherAdminQuery, { id })).length > 0;

import { z } from "zod";
import { FOREVER } from "../../graph-schema/time.js";
import type { Graph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { createServices, type Services } from "../../server/services.js";
import { testGraph } from "./graph.js";
import type { Region } from "./regions.js";

const narrowQuery = defineQuery({
  name: "testAllowedRegions",
  mode: "write",
  scope: "tenant",
  params: params<{ regions: readonly string[]; home: string | null }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t.allowedRegions = $regions, t.region = coalesce($home, t.region)`,
  row: noRow,
});

const shutQuery = defineQuery({
  name: "testShutTenant",
  mode: "write",
  scope: "tenant",
  params: params<{ sha256: string; opensAs: string | null }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t._opensAs = coalesce($opensAs, t.status), t.status = "RESTORING", t._restoring = $sha256, t._restored = 0`,
  row: noRow,
});

/** A tenant as a restore of this export leaves it before it opens. */
export const shut = (tenantId: string, sha256: string, opensAs: string | null = null) =>
  testGraph().write({ tenantId }, (tx) => tx.run(shutQuery, { sha256, opensAs }));

/** A tenant's own node, as an export has it. */
export const exportedTenant = (id: string) => ({
  ...{ tenantId: id, id, title: id, region: "local", allowedRegions: ["local"], status: "ACTIVE" },
  ...{ validFrom: 1, validTo: FOREVER, version: 1, versionFrom: 1, versionBy: "test/made" },
});

const denialsQuery = defineQuery({
  name: "testDenials",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.id > "" AND a.outcome = "REFUSED"
RETURN a.command AS command, a.denied AS denied`,
  row: z.object({ command: z.string(), denied: z.array(z.string()) }),
});

const detailsQuery = defineQuery({
  name: "testActs",
  mode: "read",
  scope: "tenant",
  params: params<{ about: string }>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.id > "" AND a.detail CONTAINS $about
RETURN a.detail AS detail, a.reason AS reason`,
  row: z.object({ detail: z.string(), reason: z.string() }),
});

const nodesQuery = defineQuery({
  name: "testNodesLeft",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (n {tenantId: $tenantId}) WHERE NOT n:Usage RETURN labels(n)[0] AS label, count(n) AS nodes ORDER BY label`,
  row: z.object({ label: z.string(), nodes: z.number() }),
});

/** All nodes of a tenant, by label, in whatever database; what the server counts of requests isn't the tenant's. */
export const nodesOf = (graph: Graph, tenantId: string) => graph.read({ tenantId }, nodesQuery, {});

const olderQuery = defineQuery({
  name: "testOlder",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t.versionFrom = t.versionFrom - 100000`,
  row: noRow,
});

/** A tenant that came to its present state some minutes ago. */
export const older = (graph: Graph, tenantId: string) => graph.write({ tenantId }, (tx) => tx.run(olderQuery, {}));

/** A tenant's regions and denials, in whatever database. */
export const auditOf = {
  narrow: async (graph: Graph, tenantId: string, regions: readonly string[], home?: string): Promise<void> => {
    await graph.write({ tenantId }, (tx) => tx.run(narrowQuery, { regions, home: home ?? null }));
  },
  /** What the platform's log says of a tenant. */
  details: async (graph: Graph, tenantId: string, about: string) =>
    (await graph.read({ tenantId }, detailsQuery, { about })).map(({ detail, reason }) => ({
      ...(JSON.parse(detail) as Readonly<Record<string, unknown>>),
      reason,
    })) as ({ readonly command: string; readonly reason: string } & Readonly<Record<string, unknown>>)[],
  denials: (graph: Graph, tenantId: string) => graph.read({ tenantId }, denialsQuery, {}),
};

/** How many more writes a process lives, and whether it dies before the next one or after it. */
export interface Life {
  writes: number;
  readonly after: boolean;
}

/** The services of a process that is killed at one of its writes: whoever is told of it then is told of nothing. */
export function killed({ name, graph, services }: Region, life: Life): Services {
  const mortal = new Proxy(graph, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      if (property !== "write") return value.bind(target) as unknown;
      return async (...args: Parameters<Graph["write"]>) => {
        const survives = life.writes-- > 0;
        if (!survives && !life.after) throw new Error("killed before a write");
        const written = await target.write(...args);
        if (!survives) throw new Error("killed after a write");
        return written;
      };
    },
  });
  const { policy, audit } = services;
  return createServices({ graph: mortal, region: name, regions: ["local", "us"], policy, audit });
}

import { z } from "zod";
import type { Graph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { createServices, type Services } from "../../server/services.js";
import type { Region } from "./regions.js";

const narrowQuery = defineQuery({
  name: "testAllowedRegions",
  mode: "write",
  scope: "tenant",
  params: params<{ regions: readonly string[] }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t.allowedRegions = $regions`,
  row: noRow,
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

/** A tenant's regions and denials, in whatever database. */
export const auditOf = {
  narrow: async (graph: Graph, tenantId: string, regions: readonly string[]): Promise<void> => {
    await graph.write({ tenantId }, (tx) => tx.run(narrowQuery, { regions }));
  },
  denials: (graph: Graph, tenantId: string) => graph.read({ tenantId }, denialsQuery, {}),
};

/** A process that is killed before one of its writes, or after it: the next one is told of nothing. */
export function killed(region: Region, writes: number): Services {
  let left = writes;
  const graph = new Proxy(region.graph, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "write") return value.bind(target) as unknown;
      return async (...args: Parameters<Graph["write"]>) => {
        // Every other one is done, and its reply lost.
        const survives = left-- > 0;
        if (!survives && writes % 2 === 0) throw new Error("killed before a write");
        const written = await target.write(...args);
        if (!survives) throw new Error("killed after a write");
        return written;
      };
    },
  });
  const { name, services } = region;
  return createServices({ graph, region: name, regions: ["local", "us"], policy: services.policy, audit: services.audit });
}

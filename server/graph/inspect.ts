import { z } from "zod";
import { SCHEMA, toCypher } from "../../graph-schema/constraints.js";
import { SYSTEM_TENANT, type Graph } from "./graph.js";
import { defineQuery, params } from "./query.js";

/** Something that is not as it should be, and what mends it. */
export interface Finding {
  readonly problem: string;
  readonly remedy: string;
}

const indexesQuery = defineQuery({
  name: "liveIndexes",
  mode: "read",
  scope: "platform",
  params: params<Record<string, never>>(),
  cypher: `SHOW INDEXES YIELD name, type, labelsOrTypes, properties, state, owningConstraint
RETURN name, type, labelsOrTypes AS labels, properties, state, owningConstraint IS NOT NULL AS constraint`,
  row: z.object({
    name: z.string(),
    type: z.string(),
    labels: z.array(z.string()).nullable(),
    properties: z.array(z.string()).nullable(),
    state: z.string(),
    constraint: z.boolean(),
  }),
});

const crossTenantQuery = defineQuery({
  name: "edgesThatJoinTenants",
  mode: "read",
  scope: "platform",
  params: params<Record<string, never>>(),
  cypher: `MATCH (a)-[r]->(b) WHERE a.tenantId <> b.tenantId
RETURN type(r) AS type, count(r) AS edges`,
  row: z.object({ type: z.string(), edges: z.number() }),
});

const homelessQuery = defineQuery({
  name: "nodesWithoutTenant",
  mode: "read",
  scope: "platform",
  params: params<Record<string, never>>(),
  cypher: `MATCH (n) WHERE n.tenantId IS NULL
RETURN coalesce(labels(n)[0], "(no label)") AS label, count(n) AS nodes`,
  row: z.object({ label: z.string(), nodes: z.number() }),
});

export const inspectQueries = [indexesQuery, crossTenantQuery, homelessQuery];

/** Compares the live database with the catalog and looks for what must never be: names each difference. Reads everything; not for a hot path. */
export async function inspectGraph(graph: Graph): Promise<Finding[]> {
  const scope = { tenantId: SYSTEM_TENANT, timeoutMs: 600_000 };
  const live = new Map((await graph.read(scope, indexesQuery, {})).map((index) => [index.name, index]));
  const findings: Finding[] = [];
  for (const wanted of SCHEMA) {
    const found = live.get(wanted.name);
    const what = wanted.kind === "UNIQUE" ? "constraint" : "index";
    if (found === undefined) {
      findings.push({ problem: `The ${what} ${wanted.name} is missing.`, remedy: `Run: ${toCypher(wanted)}` });
      continue;
    }
    live.delete(wanted.name);
    const same =
      JSON.stringify([found.labels, found.properties]) === JSON.stringify([wanted.labels, wanted.properties]) &&
      found.constraint === (wanted.kind === "UNIQUE");
    if (!same) {
      findings.push({
        problem: `The ${what} ${wanted.name} covers ${found.labels?.join("|")}(${found.properties?.join(", ")}), not ${wanted.labels.join("|")}(${wanted.properties.join(", ")}).`,
        remedy: `Drop it and run: ${toCypher(wanted)}`,
      });
    } else if (found.state !== "ONLINE") {
      findings.push({
        problem: `The ${what} ${wanted.name} is ${found.state}.`,
        remedy: "Wait until it is filled; drop and create it if it failed.",
      });
    }
  }
  for (const extra of live.values()) {
    if (extra.type === "LOOKUP") continue;
    findings.push({
      problem: `The database has ${extra.name}, which the catalog doesn't.`,
      remedy: `Drop it, or put it into the catalog.`,
    });
  }
  for (const { type, edges } of await graph.read(scope, crossTenantQuery, {})) {
    findings.push({
      problem: `${edges} ${type} edges join two tenants.`,
      remedy: "Find who wrote them in the audit; delete them.",
    });
  }
  for (const { label, nodes } of await graph.read(scope, homelessQuery, {})) {
    findings.push({
      problem: `${nodes} ${label} nodes have no tenant.`,
      remedy: "They were not written by Throughline; delete them.",
    });
  }
  return findings;
}

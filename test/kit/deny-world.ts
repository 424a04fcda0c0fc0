import { createHash } from "node:crypto";
import { ulid } from "ulid";
import { z } from "zod";
import { EDGE_TYPES, EDGES, mayJoin, NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import { EDGE_PROPERTIES, type EdgeProperties } from "../../graph-schema/edges.js";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import { NODES } from "../../graph-schema/nodes.js";
import { configText, NO_CONFIG } from "../../server/domains/channel/channel-config.js";
import type { WriteTx } from "../../server/graph/graph.js";
import { openEdge } from "../../server/graph/edge.js";
import { createQueries, newborn } from "../../server/graph/life.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { testGraph } from "./graph.js";

/*
 * A tenant with something of every kind, for the suite that looks for what crosses over: every text in it holds the world's
 * canary. It is made from the catalog and the stored shapes, so a new label is there without being named.
 */

/** Nodes of a label; the tenant itself stands already. */
const PER_LABEL = 3;
const PLANTED: readonly NodeLabel[] = NODE_LABELS.filter((label) => label !== "Tenant");

export type Ids = Readonly<Record<NodeLabel, readonly string[]>>;

export interface World {
  readonly tenantId: string;
  /** One word that stands in every text of this world and nowhere else. */
  readonly canary: string;
  /** Public ids by label. */
  readonly ids: Ids;
}

export const newCanary = (): string => `canary${ulid().slice(-12).toLowerCase()}`;

/** Ids that nothing has yet. */
export const newIds = (tenantId: string): Ids =>
  Object.fromEntries(
    NODE_LABELS.map((label) => [
      label,
      label === "Tenant"
        ? [formatNodeId(label, tenantId)]
        : Array.from({ length: PER_LABEL }, () => formatNodeId(label, ulid())),
    ]),
  ) as Record<NodeLabel, string[]>;

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A value of the shape whose texts all hold the canary. */
function sample(schema: JsonSchema, text: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum.at(-1);
  const [first] = (schema.anyOf ?? []) as JsonSchema[];
  if (first !== undefined) return sample(first, text);
  // `type` may list alternatives; the first one isn't null.
  switch ([schema.type].flat()[0]) {
    case "string":
      return text;
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return false;
    case "array":
      return [sample(schema.items as JsonSchema, text)];
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, type]) => [name, sample(type as JsonSchema, text)]),
      );
    default:
      throw new Error(`no sample of ${JSON.stringify(schema)}`);
  }
}

const sampleOf = (shape: z.ZodType, text: string): object =>
  sample(z.toJSONSchema(shape, { io: "input", unrepresentable: "any" }), text) as object;

const plantOperation = defineQuery({
  name: "testPlantOperation",
  mode: "write",
  scope: "tenant",
  params: params<{ operationId: string; text: string }>(),
  cypher: `CREATE (o:Operation {tenantId: $tenantId, operationId: $operationId})
SET o.actor = $text, o.actorName = $text, o.reason = $text, o.command = "planted", o.at = 1, o.result = "{}", o.attempt = "", o.inputHash = ""`,
  row: noRow,
});

const plantBody = defineQuery({
  name: "testPlantBody",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; sha256: string; text: string; at: number; forever: number }>(),
  cypher: `MATCH (s:Snapshot {tenantId: $tenantId, id: $id})
MERGE (b:Body {tenantId: $tenantId, sha256: $sha256}) SET b.text = $text
CREATE (s)-[:HAS_BODY {validFrom: $at, validTo: $forever}]->(b)`,
  row: noRow,
});

const part = (id: string) => parseNodeId(id)!;

/** Texts that are read as JSON: one that isn't would only show that it can't be. */
const READ: Partial<Record<NodeLabel, (text: string) => object>> = {
  Channel: (text) => ({
    config: configText({ ...NO_CONFIG, version: 1, qa: { ...NO_CONFIG.qa, banned: [text] } }),
  }),
};

/** Plants a world into a tenant that stands, under the ids given: a twin gets the same ones. */
export async function plantWorld(world: World): Promise<void> {
  const operationId = `planted/${world.canary}`;
  const stamp = { at: Date.now() - 60_000, operationId };
  await testGraph().write({ tenantId: world.tenantId }, async (tx) => {
    await tx.run(plantOperation, { operationId, text: `${world.canary} planted` });
    for (const label of PLANTED) {
      for (const [n, id] of world.ids[label].entries()) {
        const text = `${world.canary} ${label} ${n}`;
        const properties = { title: text, ...sampleOf(NODES[label].shape, text), ...READ[label]?.(text) };
        await tx.run(createQueries[label], {
          id: part(id).id,
          properties: {
            ...newborn(tx, label, properties, stamp),
            ...("key" in NODES[label] ? { key: text.toLowerCase() } : {}),
          },
        });
      }
    }
    await joinAll(tx, world, stamp);
    for (const id of world.ids.Snapshot) {
      const text = `${world.canary} body of ${part(id).id}`;
      const sha256 = createHash("sha256").update(text).digest("hex");
      await tx.run(plantBody, { id: part(id).id, sha256, text, at: stamp.at, forever: 253_402_300_799_999 });
    }
  });
}

/** Each node of a label with the next one of every label that the catalog lets it lead to. */
async function joinAll(tx: WriteTx, { ids, canary }: World, stamp: { at: number; operationId: string }): Promise<void> {
  for (const type of EDGE_TYPES) {
    const shape = (EDGE_PROPERTIES as Partial<Record<string, z.ZodType>>)[type];
    const properties = shape === undefined ? {} : sampleOf(shape, canary);
    for (const [from, to] of EDGES[type].endpoints) {
      if (!(from in ids) || !(to in ids) || !mayJoin(type, from, to)) continue;
      for (const [n, id] of ids[from as NodeLabel].entries()) {
        const target = ids[to as NodeLabel][(n + 1) % ids[to as NodeLabel].length]!;
        if (target === id) continue;
        // An edge that carries nothing of its own takes nothing from this.
        const edge = { type: type as "SUPPORTED_BY", from: part(id), to: part(target) };
        await openEdge(tx, edge, stamp, properties as EdgeProperties<"SUPPORTED_BY">);
      }
    }
  }
}

const stateQuery = defineQuery({
  name: "testTenantState",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (n {tenantId: $tenantId})
RETURN labels(n)[0] AS label, toString(coalesce(n.id, n.operationId, n.key, n.sha256)) AS id, properties(n) AS properties, COUNT { (n)--() } AS edges
ORDER BY label, id`,
  row: z.object({
    label: z.string(),
    id: z.string().nullable(),
    properties: z.record(z.string(), z.unknown()),
    edges: z.number(),
  }),
});

/** A hash of all that a tenant has, to show that nobody wrote into it. */
export async function stateOf(tenantId: string): Promise<string> {
  const rows = await testGraph().read({ tenantId, timeoutMs: 60_000 }, stateQuery, {});
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex");
}

const healQuery = defineQuery({
  name: "testHeal",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (s:KillSwitch {tenantId: $tenantId, status: "ON"}) SET s.status = "LIFTED"`,
  row: noRow,
});

/** Lifts every switch: one that a call has set would refuse all that come after it, whatever they ask for. */
export const lifted = (tenantId: string) => testGraph().write({ tenantId }, (tx) => tx.run(healQuery, {}));

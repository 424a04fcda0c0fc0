import { z } from "zod";
import { LINEAGE_EDGES, NODE_LABELS } from "../catalog.js";

/** Names form and version of the document; another number for whatever a reader of this one couldn't read. */
export const LINEAGE_FORMAT = "throughline.lineage/1";

const publicId = z.string().describe("The node's id for life: `Label:key`.");
const instant = () => z.iso.datetime().describe("ISO 8601 in UTC; an open end is 9999-12-31T23:59:59.999Z.");
const count = () => z.int().min(0);

const node = z.strictObject({
  id: publicId,
  label: z.enum(NODE_LABELS as [string, ...string[]]),
  title: z.string().describe("What to call it: a claim's text, a fact's statement, a name."),
  version: z.int().min(1).describe("Counts its versions from 1; the one that held at `asOf`."),
  validFrom: instant().describe("When it was recorded first."),
  validTo: instant().describe("When its life in the graph ended."),
  versionFrom: instant().describe("When this version began."),
  properties: z.record(z.string(), z.unknown()).describe("What its kind has beside that; instants are ISO 8601."),
});

const edge = z.strictObject({
  type: z.enum(LINEAGE_EDGES as [string, ...string[]]),
  from: publicId.describe("The node that stands on the other."),
  to: publicId.describe("The node that is stood on."),
  validFrom: instant(),
  validTo: instant(),
  openedBy: z.string().describe("Id of the operation that opened it."),
  by: z.string().describe("Name of who opened it."),
  why: z.string().describe("Why, in their words; empty when no operation is kept."),
});

/** A lineage as a file: the answer to one question for one instant, whole. */
export const lineage = z
  .strictObject({
    format: z.literal(LINEAGE_FORMAT),
    tenantId: z.string().describe("The studio's slug."),
    id: publicId.describe("The node that was asked for; the first of `nodes`."),
    direction: z.enum(["UPSTREAM", "DOWNSTREAM", "BOTH"]),
    depth: z.int().min(1).max(12).describe("Hops."),
    edgeTypes: z.array(z.enum(LINEAGE_EDGES as [string, ...string[]])).describe("What was followed."),
    asOf: instant().describe("The recorded instant that all of it answers for."),
    settled: z.boolean().describe("False when it is so new that what is still being written could change the answer."),
    nodeCount: count(),
    edgeCount: count(),
    nodes: z.array(node).min(1).describe("In order of level and then id."),
    edges: z.array(edge).describe("All whose ends are both in `nodes`."),
    hiddenByNode: z
      .array(z.strictObject({ id: publicId, count: z.int().min(1) }))
      .describe("Nodes whose neighbours in the asked direction lie beyond `depth`, and how many."),
  })
  .meta({ title: "Lineage", description: "What a node stands on, or what stands on it, at one instant." });

export type LineageDocument = z.infer<typeof lineage>;

/** Its JSON Schema (2020-12), for those who read one outside this project. */
export const lineageSchema = (): Record<string, unknown> => ({
  $id: "urn:throughline:document:lineage:1",
  ...z.toJSONSchema(lineage),
});

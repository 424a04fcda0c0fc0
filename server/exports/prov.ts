import { createHash } from "node:crypto";
import { NODE_LABELS, type EdgeType } from "../../graph-schema/catalog.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { AnyNode } from "../graph/projection.js";
import { isInstant, iso, ownProperties, type Property } from "./properties.js";
import { rootOf, type WholeEdge, type WholeLineage } from "./whole-lineage.js";

/*
 * The graph in the words of W3C PROV. A node is an entity under its own public id, since its label is the prefix. An edge is
 * a derivation where the one was made from the other, else an influence: a claim isn't derived from what speaks against it.
 * Who drew an edge and why is the operation, as an activity with its agent.
 */

/** Names of our own attributes and types. */
export const VOCABULARY = "urn:throughline:vocabulary:";
export const LINEAGE_TYPE = "tl:Lineage";

const DERIVATIONS: readonly EdgeType[] = [
  "HAS_SCENE",
  "STATES",
  "SUPPORTED_BY",
  "QUOTED_FROM",
  "CAPTURED_FROM",
  "DERIVED_FROM",
];

export const SECTIONS = [
  "entity",
  "wasGeneratedBy",
  "activity",
  "agent",
  "wasAssociatedWith",
  "wasDerivedFrom",
  "wasInfluencedBy",
] as const;
export type Section = (typeof SECTIONS)[number];

/** A typed value: text, a qualified name, or a literal of XML Schema. */
export interface Value {
  readonly type: "text" | "name" | "integer" | "double" | "boolean" | "dateTime" | "list";
  readonly text: string;
}

export interface ProvRecord {
  readonly section: Section;
  /** Null where nobody needs to name it. */
  readonly id: string | null;
  /** PROV's own parts by their names without `prov:`: qualified names and times. */
  readonly parts: Readonly<Record<string, string>>;
  readonly label?: string | undefined;
  /** Qualified names. */
  readonly types: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: Value])[];
}

export const prefixes = (tenantId: string): Record<string, string> => ({
  prov: "http://www.w3.org/ns/prov#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
  tl: VOCABULARY,
  ...Object.fromEntries(
    [...NODE_LABELS, "operation", "agent", "edge", "association"].map((name) => [
      name,
      `urn:throughline:tenant:${tenantId}:${name}:`,
    ]),
  ),
});

/** Text as the local part of a qualified name (PROV-N's PN_LOCAL); `localText` reads it back. */
export const localName = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[.!~*'()]|^-/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
export const localText = (local: string): string => decodeURIComponent(local);

const text = (value: string): Value => ({ type: "text", text: value });
const name = (value: string): Value => ({ type: "name", text: value });
const instant = (value: Instant): Value => ({ type: "dateTime", text: iso(value) });
const integer = (value: number): Value => ({ type: "integer", text: String(value) });

function valueOf(property: string, value: Property): Value {
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return { type: "boolean", text: String(value) };
  if (typeof value !== "number") return { type: "list", text: JSON.stringify(value) };
  if (isInstant(property)) return instant(value);
  return Number.isSafeInteger(value) ? integer(value) : { type: "double", text: String(value) };
}

const operationName = (operationId: string): string => `operation:${localName(operationId)}`;
/** An answer knows people by their names alone. */
const agentName = (by: string): string => `agent:${createHash("sha256").update(by).digest("hex").slice(0, 32)}`;

/** The document itself: which question it answers, and for when. */
function aboutIt(lineage: WholeLineage): ProvRecord {
  const { asOf, settled, nodes, edges, question } = lineage;
  return {
    section: "entity",
    id: "tl:lineage",
    parts: {},
    types: [LINEAGE_TYPE],
    attributes: [
      ["tl:root", name(rootOf(lineage))],
      ["tl:direction", text(question.direction)],
      ["tl:depth", integer(question.depth)],
      ["tl:asOf", instant(asOf)],
      ["tl:settled", { type: "boolean", text: String(settled) }],
      ["tl:nodeCount", integer(nodes)],
      ["tl:edgeCount", integer(edges)],
      ["tl:tenantId", text(lineage.tenantId)],
    ],
  };
}

function entityOf(node: AnyNode): ProvRecord {
  return {
    section: "entity",
    id: node.id,
    parts: {},
    label: node.title,
    types: [`tl:${node.label}`],
    attributes: [
      ["tl:validFrom", instant(node.validFrom)],
      ["tl:validTo", instant(node.validTo)],
      ["tl:version", integer(node.version)],
      ["tl:versionFrom", instant(node.versionFrom)],
      ...ownProperties(node).map(([property, value]) => [`tl:${property}`, valueOf(property, value)] as const),
    ],
  };
}

const generationOf = ({ id, validFrom }: AnyNode): ProvRecord => ({
  section: "wasGeneratedBy",
  id: null,
  parts: { entity: id, time: iso(validFrom) },
  types: [],
  attributes: [],
});

function relationOf({ type, from, to, validFrom, validTo, openedBy }: WholeEdge): ProvRecord {
  const derived = DERIVATIONS.includes(type);
  const ends = [type, ...from.split(":"), ...to.split(":"), String(validFrom)].map(localName);
  return {
    section: derived ? "wasDerivedFrom" : "wasInfluencedBy",
    id: `edge:${ends.join("/")}`,
    parts: derived ? { generatedEntity: from, usedEntity: to } : { influencee: from, influencer: to },
    types: [`tl:${type}`, ...(type === "QUOTED_FROM" ? ["prov:Quotation"] : [])],
    attributes: [
      ["tl:validFrom", instant(validFrom)],
      ["tl:validTo", instant(validTo)],
      ["tl:openedBy", name(operationName(openedBy))],
    ],
  };
}

interface Operation {
  readonly by: string;
  readonly why: string;
  readonly at: Instant;
}

/** What an answer knows of its operations: few beside its edges, as an import's batch is one. */
async function operationsOf(lineage: WholeLineage): Promise<ReadonlyMap<string, Operation>> {
  const found = new Map<string, Operation>();
  for await (const { edges } of lineage.pages()) {
    for (const { openedBy, by, why, validFrom } of edges) {
      const at = Math.min(validFrom, found.get(openedBy)?.at ?? FOREVER);
      found.set(openedBy, { by, why, at });
    }
  }
  return found;
}

const bare = { parts: {}, types: [], attributes: [] };

/** Every record, section by section in the order of SECTIONS. */
export async function* provRecords(lineage: WholeLineage): AsyncGenerator<ProvRecord> {
  yield aboutIt(lineage);
  for await (const { nodes } of lineage.pages()) for (const node of nodes) yield entityOf(node);
  for await (const { nodes } of lineage.pages()) for (const node of nodes) yield generationOf(node);
  const operations = await operationsOf(lineage);
  for (const [id, { why, at }] of operations) {
    const times = { startTime: iso(at), endTime: iso(at) };
    const label = why === "" ? undefined : why;
    yield { ...bare, section: "activity", id: operationName(id), parts: times, label, types: ["tl:Operation"] };
  }
  for (const by of new Set([...operations.values()].map((operation) => operation.by)))
    yield { ...bare, section: "agent", id: agentName(by), label: by };
  for (const [id, { by }] of operations)
    yield {
      ...bare,
      section: "wasAssociatedWith",
      id: `association:${localName(id)}`,
      parts: { activity: operationName(id), agent: agentName(by) },
    };
  for (const section of ["wasDerivedFrom", "wasInfluencedBy"]) {
    for await (const { edges } of lineage.pages()) {
      for (const edge of edges) {
        const record = relationOf(edge);
        if (record.section === section) yield record;
      }
    }
  }
}

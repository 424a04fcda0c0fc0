import { z } from "zod";
import { LINEAGE_EDGES, type EdgeType, type NodeLabel } from "../../graph-schema/catalog.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { nodeBase } from "../../graph-schema/node.js";
import { NODES } from "../../graph-schema/nodes.js";
import type { Instant } from "../../graph-schema/time.js";
import { LINEAGE_TYPE, localText } from "../exports/prov.js";
import { ProvError, type ProvDocument, type ProvLiteral, type ProvStatement } from "./prov.js";

/*
 * A lineage that was exported as PROV, read back into nodes and edges: ids, versions, times, properties, and who drew what and
 * why. It reads our own vocabulary (`tl:`) and nothing else's, since no other entity has what our nodes must have.
 */

export interface ReadLineageNode {
  readonly id: string;
  readonly label: NodeLabel;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ReadLineageEdge {
  readonly type: EdgeType;
  readonly from: string;
  readonly to: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly openedBy: string;
  readonly by: string;
  readonly why: string;
}

export interface ReadLineage {
  readonly root: string;
  readonly direction: string;
  readonly depth: number;
  readonly asOf: Instant;
  readonly settled: boolean;
  readonly tenantId: string;
  readonly nodes: readonly ReadLineageNode[];
  readonly edges: readonly ReadLineageEdge[];
}

const all = (statement: ProvStatement, name: string): readonly ProvLiteral[] => statement.values.get(name) ?? [];
const maybe = (statement: ProvStatement, name: string): string | undefined => all(statement, name)[0]?.text;

function one(statement: ProvStatement, name: string): string {
  const text = maybe(statement, name);
  if (text === undefined) throw new ProvError(`${statement.kind}.${statement.id}`, `${name} is missing`);
  return text;
}

function valueOf({ text, type }: ProvLiteral): unknown {
  if (type === "xsd:dateTime") return instantOf(text);
  if (type === "xsd:integer" || type === "xsd:double") return Number(text);
  if (type === "xsd:boolean") return text === "true";
  if (type === "tl:list") return JSON.parse(text) as unknown;
  return text;
}

function instantOf(text: string): Instant {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new ProvError("", `${text} is no instant`);
  return instant;
}

const isTyped = (statement: ProvStatement, type: string): boolean =>
  all(statement, "prov:type").some((literal) => literal.text === type);

/** Throws a ProvError that names what is missing in a document that isn't one of ours, or no whole one. */
export function lineageOfProv({ statements }: ProvDocument): ReadLineage {
  const about = statements.find((statement) => isTyped(statement, LINEAGE_TYPE));
  if (about === undefined)
    throw new ProvError("entity", `none is of type ${LINEAGE_TYPE}: only what \`export lineage\` wrote is read back`);
  const why = new Map<string, string>();
  const names = new Map<string, string>();
  const by = new Map<string, string>();
  for (const statement of statements) {
    if (statement.kind === "activity") why.set(statement.id, maybe(statement, "prov:label") ?? "");
    if (statement.kind === "agent") names.set(statement.id, maybe(statement, "prov:label") ?? "");
    if (statement.kind === "wasAssociatedWith") by.set(one(statement, "prov:activity"), one(statement, "prov:agent"));
  }
  const nodes = statements.filter((statement) => statement.kind === "entity" && statement !== about).map(nodeOf);
  const known = new Set(nodes.map(({ id }) => id));
  const edges = statements
    .filter(({ kind }) => kind === "wasDerivedFrom" || kind === "wasInfluencedBy")
    .map((statement): ReadLineageEdge => {
      const operation = one(statement, "tl:openedBy");
      const edge = {
        ...endsOf(statement),
        validFrom: instantOf(one(statement, "tl:validFrom")),
        validTo: instantOf(one(statement, "tl:validTo")),
        openedBy: localText(operation.slice(operation.indexOf(":") + 1)),
        by: names.get(by.get(operation) ?? "") ?? "",
        why: why.get(operation) ?? "",
      };
      for (const end of [edge.from, edge.to])
        if (!known.has(end)) throw new ProvError(`${statement.kind}.${statement.id}`, `there is no entity ${end}`);
      return edge;
    });
  const counts = [nodes.length, edges.length].join(" and ");
  const told = [one(about, "tl:nodeCount"), one(about, "tl:edgeCount")].join(" and ");
  if (counts !== told) throw new ProvError("", `it has ${counts} nodes and edges, and says that they are ${told}`);
  return {
    root: one(about, "tl:root"),
    direction: one(about, "tl:direction"),
    depth: Number(one(about, "tl:depth")),
    asOf: instantOf(one(about, "tl:asOf")),
    settled: one(about, "tl:settled") === "true",
    tenantId: one(about, "tl:tenantId"),
    nodes,
    edges,
  };
}

function endsOf(statement: ProvStatement): Pick<ReadLineageEdge, "type" | "from" | "to"> {
  const type = LINEAGE_EDGES.find((known) => isTyped(statement, `tl:${known}`));
  if (type === undefined) throw new ProvError(`${statement.kind}.${statement.id}`, "no type of edge that we know");
  const [from, to] =
    statement.kind === "wasDerivedFrom"
      ? ["prov:generatedEntity", "prov:usedEntity"]
      : ["prov:influencee", "prov:influencer"];
  return { type, from: one(statement, from!), to: one(statement, to!) };
}

function nodeOf(statement: ProvStatement): ReadLineageNode {
  const path = `entity.${statement.id}`;
  const id = parseNodeId(statement.id);
  if (id === null) throw new ProvError(path, "no id of a node");
  if (!isTyped(statement, `tl:${id.label}`)) throw new ProvError(path, `not of type tl:${id.label}`);
  const stored: Record<string, unknown> = { id: id.id, title: maybe(statement, "prov:label") ?? "" };
  for (const [name, [literal]] of statement.values)
    if (name.startsWith("tl:") && literal !== undefined) stored[name.slice(3)] = valueOf(literal);
  const shape: z.ZodObject = nodeBase.extend(NODES[id.label].shape.shape);
  const parsed = shape.safeParse(stored);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ProvError(`${path}.tl:${issue?.path.join(".")}`, issue?.message ?? "isn't of its shape");
  }
  return { id: statement.id, label: id.label, properties: parsed.data };
}

import canonicalize from "canonicalize";
import { EVIDENCE_EDGES } from "../../graph-schema/catalog.js";
import { LINEAGE_FORMAT } from "../../graph-schema/documents/lineage.js";
import type { AnyNode } from "../graph/projection.js";
import { isInstant, iso, ownProperties } from "./properties.js";
import { rootOf, type WholeEdge, type WholeLineage } from "./whole-lineage.js";

const edgeOf = ({ by, from, openedBy, to, type, validFrom, validTo, why }: WholeEdge) => ({
  by,
  from,
  openedBy,
  to,
  type,
  validFrom: iso(validFrom),
  validTo: iso(validTo),
  why,
});

const nodeOf = (node: AnyNode) => ({
  id: node.id,
  label: node.label,
  properties: Object.fromEntries(
    ownProperties(node).map(([name, value]) => [
      name,
      typeof value === "number" && isInstant(name) ? iso(value) : value,
    ]),
  ),
  title: node.title,
  validFrom: iso(node.validFrom),
  validTo: iso(node.validTo),
  version: node.version,
  versionFrom: iso(node.versionFrom),
});

/**
 * The lineage answer as one canonical document (RFC 8785): the same question for the same settled instant is the same
 * bytes, but for what has ended since.
 * Its names are written in their order, since nobody holds all of it to sort them.
 */
export async function* toJson(lineage: WholeLineage): AsyncGenerator<string> {
  const { asOf, settled, nodes, edges, question } = lineage;
  const { depth, direction, edgeTypes } = question;
  const followed = [...(edgeTypes ?? EVIDENCE_EDGES)].toSorted();
  yield `{"asOf":"${iso(asOf)}","depth":${depth},"direction":"${direction}","edgeCount":${edges},"edgeTypes":${canonicalize(followed)},"edges":[`;
  const hidden = new Map<string, number>();
  let comma = "";
  for await (const page of lineage.pages()) {
    for (const edge of page.edges) {
      yield `${comma}${canonicalize(edgeOf(edge))}`;
      comma = ",";
    }
    // A later page tells anew of earlier nodes that gained a neighbour on it.
    for (const { id, count } of page.hidden) hidden.set(id, count);
  }
  const beyond = [...hidden].filter(([, count]) => count > 0).map(([id, count]) => ({ count, id }));
  yield `],"format":"${LINEAGE_FORMAT}","hiddenByNode":${canonicalize(beyond.toSorted((a, b) => (a.id < b.id ? -1 : 1)))}`;
  yield `,"id":${canonicalize(rootOf(lineage))},"nodeCount":${nodes},"nodes":[`;
  comma = "";
  for await (const page of lineage.pages()) {
    for (const node of page.nodes) {
      yield `${comma}${canonicalize(nodeOf(node))}`;
      comma = ",";
    }
  }
  yield `],"settled":${settled},"tenantId":${canonicalize(lineage.tenantId)}}\n`;
}

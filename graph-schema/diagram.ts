import {
  ALL_LABELS,
  EDGE_TYPES,
  EDGES,
  LABELS,
  NODE_LABELS,
  type EdgeType,
  type Label,
  type LineageClass,
} from "./catalog.js";
import { SCHEMA } from "./constraints.js";
import { nodeBase } from "./node.js";
import { NODES } from "./nodes.js";

/** docs/graph.md: the catalog as Mermaid diagrams and tables. Pure text, so that a test can keep the committed file fresh. */

const ARROWS = { evidence: "==>", context: "-.->", none: "-->" } as const satisfies Record<LineageClass, string>;

/** Types that touch nearly every label would cover a diagram with lines; the table has them. */
const UNDRAWN: readonly EdgeType[] = ["REVISION_OF"];

const ofClass = (lineage: LineageClass) => EDGE_TYPES.filter((type) => EDGES[type].lineage === lineage);

/** One arrow for each pair of labels, naming every type that joins them. */
function flowchart(lineage: LineageClass): string {
  const pairs = new Map<string, { from: Label; to: Label; types: EdgeType[] }>();
  for (const type of ofClass(lineage).filter((each) => !UNDRAWN.includes(each))) {
    for (const [from, to] of EDGES[type].endpoints) {
      const pair = pairs.get(`${from} ${to}`) ?? { from, to, types: [] };
      pair.types.push(type);
      pairs.set(`${from} ${to}`, pair);
    }
  }
  const lines = [...pairs.values()].map(
    ({ from, to, types }) => `  ${from} ${ARROWS[lineage]}|"${types.join("<br>")}"| ${to}`,
  );
  return ["```mermaid", "flowchart LR", ...lines, "```"].join("\n");
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");

/** `A → X, Y`, a line for each label that the type starts from. */
function endpoints(type: EdgeType): string {
  const targets = new Map<Label, Label[]>();
  for (const [from, to] of EDGES[type].endpoints) targets.set(from, [...(targets.get(from) ?? []), to]);
  return [...targets].map(([from, to]) => `${from} → ${to.join(", ")}`).join("<br>");
}

function labelRow(label: Label): string[] {
  const node = NODE_LABELS.find((known) => known === label);
  const properties = node === undefined ? "" : code(Object.keys(NODES[node].shape.shape));
  const key = node === undefined ? "" : (NODES[node].key ?? "");
  const indexes = SCHEMA.filter((item) => item.kind !== "FULLTEXT" && item.labels.includes(label));
  return [label, LABELS[label], key, properties, code(indexes.map((item) => item.name))];
}

export function catalogDocument(): string {
  return `# The graph

Written from graph-schema/catalog.ts and checked by test/contracts/catalog.test.ts: edit the catalog, not this file.

Every node carries \`tenantId\`, and no edge joins two tenants. Lineage edges point upstream: from what is said to what it stands on.

## Evidence: followed by lineage unasked

${flowchart("evidence")}

## Context: followed when the filter names it

${flowchart("context")}

## Structure: never lineage

${flowchart("none")}

## Labels

Content labels are types of the API and have public ids (\`Label:ulid\`; a tenant's is \`Tenant:slug\`); plumbing serves the write path.
Beside its own properties each content node has ${code(Object.keys(nodeBase.shape))}.

${table(["label", "kind", "natural key", "own properties", "constraints and indexes"], ALL_LABELS.map(labelRow))}

## Edges

${table(
  ["type", "lineage", "from → to", "meaning"],
  EDGE_TYPES.map((type) => [`\`${type}\``, EDGES[type].lineage, endpoints(type), EDGES[type].description]),
)}
`;
}

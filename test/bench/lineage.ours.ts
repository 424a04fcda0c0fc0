import { NODES } from "../../graph-schema/nodes.js";
import { columnsOf, ownColumns, type Answer, type AnswerLabel } from "./lineage.answer.js";
import { ANSWER_LABELS } from "./lineage.store.js";

/** The public name of a stored property, where it is another or stands in an object of its own. */
const SELECTION: Readonly<Record<string, string>> = {
  quotePrefix: "quote { prefix exact suffix }",
  quoteExact: "",
  quoteSuffix: "",
};
/** Answered under one name by several types, in types that GraphQL can't merge. */
const AMBIGUOUS = ["kind", "status", "url"];
const alias = (label: string, column: string) =>
  AMBIGUOUS.includes(column) ? `${label.toLowerCase()}_${column}` : column;

const fragment = (label: AnswerLabel): string => {
  const fields = ownColumns(label).map(
    (column) => SELECTION[column] ?? (AMBIGUOUS.includes(column) ? `${alias(label, column)}: ${column}` : column),
  );
  return `... on ${label} { ${fields.filter((field) => field !== "").join(" ")} }`;
};

/** All stored properties of every node, and of every edge who drew it and why. */
export const DOCUMENT = `query Upstream($id: ID!, $asOf: DateTime!) {
  lineage(id: $id, direction: UPSTREAM, depth: 6, asOf: $asOf, first: 5000) {
    nodes { __typename id title validFrom validTo version ${ANSWER_LABELS.map(fragment).join(" ")} }
    edges { type from to validFrom validTo openedBy by why }
    shown total totalIsExact
  }
}`;

type Fields = Readonly<Record<string, unknown>>;
interface Data {
  readonly lineage: { readonly nodes: readonly Fields[]; readonly edges: readonly Fields[]; readonly total: number };
}

const INSTANTS = new Set(["validFrom", "validTo", "publishedAt", "retrievedAt", "capturedAt", "recheckBy"]);
const instant = (value: unknown): unknown => (typeof value === "string" ? Date.parse(value) : value);
const withoutLabel = (id: unknown): string => String(id).slice(String(id).indexOf(":") + 1);

export function ourAnswer(data: unknown): Answer {
  const { nodes, edges } = (data as Data).lineage;
  return {
    nodes: nodes.map((node) => {
      const label = node.__typename as AnswerLabel;
      const quote = node.quote as Fields | undefined;
      return [label, ...columnsOf(label).map((column) => valueOf(node, label, column, quote))];
    }),
    edges: edges.map((edge) => [
      edge.type,
      withoutLabel(edge.from),
      withoutLabel(edge.to),
      instant(edge.validFrom),
      instant(edge.validTo),
      edge.openedBy,
      edge.by,
      edge.why,
    ]),
  };
}

function valueOf(node: Fields, label: AnswerLabel, column: string, quote: Fields | undefined): unknown {
  if (column === "id") return withoutLabel(node.id);
  if (column.startsWith("quote")) return quote?.[column.slice("quote".length).toLowerCase()];
  const value = node[column in NODES[label].shape.shape ? alias(label, column) : column];
  return INSTANTS.has(column) ? instant(value) : value;
}

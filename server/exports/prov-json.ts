import { prefixes, provRecords, type ProvRecord, type Section, type Value } from "./prov.js";
import type { WholeLineage } from "./whole-lineage.js";

const TYPES = {
  name: "prov:QUALIFIED_NAME",
  integer: "xsd:integer",
  double: "xsd:double",
  boolean: "xsd:boolean",
  dateTime: "xsd:dateTime",
  list: "tl:list",
} as const satisfies Record<Exclude<Value["type"], "text">, string>;

const literal = ({ type, text }: Value): unknown => (type === "text" ? text : { $: text, type: TYPES[type] });

/** Attributes are lists throughout, as not every reader takes a value alone. */
function contentOf({ parts, label, types, attributes }: ProvRecord): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const [part, value] of Object.entries(parts)) content[`prov:${part}`] = value;
  if (label !== undefined) content["prov:label"] = [label];
  if (types.length > 0) content["prov:type"] = types.map((text) => literal({ type: "name", text }));
  for (const [name, value] of attributes) content[name] = [literal(value)];
  return content;
}

/** PROV-JSON (W3C Member Submission), a record a line. */
export async function* toProvJson(lineage: WholeLineage): AsyncGenerator<string> {
  yield `{"prefix":${JSON.stringify(prefixes(lineage.tenantId))}`;
  let open: Section | null = null;
  let unnamed = 0;
  for await (const record of provRecords(lineage)) {
    if (record.section !== open) yield `${open === null ? "" : "\n}"},\n"${record.section}":{`;
    const id = record.id ?? `_:n${++unnamed}`;
    yield `${record.section === open ? "," : ""}\n${JSON.stringify(id)}:${JSON.stringify(contentOf(record))}`;
    open = record.section;
  }
  yield "\n}}\n";
}

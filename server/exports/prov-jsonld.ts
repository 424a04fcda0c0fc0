import { prefixes, provRecords, type ProvRecord, type Section, type Value } from "./prov.js";
import type { WholeLineage } from "./whole-lineage.js";

/** What PROV-JSONLD calls the records. Its own context gives them, and their parts, their meaning. */
const NAMES = {
  entity: "Entity",
  activity: "Activity",
  agent: "Agent",
  wasGeneratedBy: "Generation",
  wasAssociatedWith: "Association",
  wasDerivedFrom: "Derivation",
  wasInfluencedBy: "Influence",
} as const satisfies Record<Section, string>;

const CONTEXT = "https://openprovenance.org/prov-jsonld/context.jsonld";

function literal({ type, text }: Value): unknown {
  if (type === "name") return text;
  if (type === "text") return { "@value": text };
  return { "@value": text, "@type": type === "list" ? "tl:list" : `xsd:${type}` };
}

function contentOf({ section, id, parts, label, types, attributes }: ProvRecord): Record<string, unknown> {
  const content: Record<string, unknown> = { "@type": NAMES[section] };
  if (id !== null) content["@id"] = id;
  Object.assign(content, parts);
  if (label !== undefined) content["label"] = [{ "@value": label }];
  if (types.length > 0) content["type"] = types;
  for (const [name, value] of attributes) content[name] = [literal(value)];
  return content;
}

/** PROV-JSONLD (Moreau and Huynh), a record a line. */
export async function* toProvJsonld(lineage: WholeLineage): AsyncGenerator<string> {
  yield `{"@context":${JSON.stringify([prefixes(lineage.tenantId), CONTEXT])},"@graph":[`;
  let comma = "";
  for await (const record of provRecords(lineage)) {
    yield `${comma}\n${JSON.stringify(contentOf(record))}`;
    comma = ",";
  }
  yield "\n]}\n";
}

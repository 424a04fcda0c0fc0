import { ProvError, type ProvDocument, type ProvLiteral, type ProvStatement, type RecordKind } from "./prov.js";

/*
 * PROV-JSONLD (Moreau and Huynh) into the same records as PROV-JSON, in its compact form: as we and the PROV libraries write
 * it. Other JSON-LD of the same meaning isn't expanded; it is refused by name and place.
 */

const KINDS: Readonly<Record<string, RecordKind>> = {
  Entity: "entity",
  Activity: "activity",
  Agent: "agent",
  Generation: "wasGeneratedBy",
  Usage: "used",
  Communication: "wasInformedBy",
  Start: "wasStartedBy",
  End: "wasEndedBy",
  Invalidation: "wasInvalidatedBy",
  Derivation: "wasDerivedFrom",
  Attribution: "wasAttributedTo",
  Association: "wasAssociatedWith",
  Delegation: "actedOnBehalfOf",
  Influence: "wasInfluencedBy",
  Specialization: "specializationOf",
  Alternate: "alternateOf",
  Mention: "mentionOf",
  Membership: "hadMember",
};

/** Attributes whose text is a name without saying so. */
const isName = (text: string, prefixes: ReadonlyMap<string, string>): boolean => prefixes.has(text.split(":")[0] ?? "");

type Fields = Readonly<Record<string, unknown>>;

function fieldsAt(path: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ProvError(path, "expected an object");
}

function listAt(path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new ProvError(path, "expected a list");
}

export function parseProvJsonld(text: string): ProvDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProvError("", `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const document = fieldsAt("", value);
  const prefixes = new Map<string, string>();
  for (const [index, context] of listAt("@context", document["@context"]).entries()) {
    if (typeof context === "string") continue;
    for (const [prefix, uri] of Object.entries(fieldsAt(`@context[${index}]`, context)))
      prefixes.set(prefix, String(uri));
  }
  let unnamed = 0;
  const statements = listAt("@graph", document["@graph"]).map((given, index): ProvStatement => {
    const path = `@graph[${index}]`;
    const fields = fieldsAt(path, given);
    const kind = KINDS[String(fields["@type"]).replace(/^prov:/, "")];
    if (kind === undefined) throw new ProvError(`${path}.@type`, "no kind of record that PROV-JSONLD knows");
    const values = Object.entries(fields)
      .filter(([name]) => !name.startsWith("@"))
      .map(
        ([name, content]) =>
          [name.includes(":") ? name : `prov:${name}`, literalsAt(`${path}.${name}`, content, prefixes)] as const,
      );
    const id = fields["@id"] === undefined ? `_:n${++unnamed}` : String(fields["@id"]);
    return { kind, id, values: new Map(values) };
  });
  return { prefixes, statements, bundles: new Map() };
}

function literalsAt(path: string, value: unknown, prefixes: ReadonlyMap<string, string>): ProvLiteral[] {
  if (typeof value === "string") return [{ text: value, type: null }];
  return listAt(path, value).map((one, index) => {
    if (typeof one === "string") return { text: one, type: isName(one, prefixes) ? "prov:QUALIFIED_NAME" : null };
    const fields = fieldsAt(`${path}[${index}]`, one);
    const { "@value": text, "@type": type, "@language": lang } = fields;
    if (typeof text !== "string") throw new ProvError(`${path}[${index}]`, "a typed value without `@value`");
    return {
      text,
      type: typeof type === "string" && type !== "xsd:string" ? type : null,
      ...(typeof lang === "string" ? { lang } : {}),
    };
  });
}

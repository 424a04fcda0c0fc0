import { z } from "zod";

/*
 * PROV-JSON as anybody may have written it (W3C Member Submission 2013), read into plain records. What isn't PROV-JSON is
 * refused by name and place; what is, but says nothing that we know, is kept.
 */

/** Kinds of records. `wasEndedby` is how the published JSON Schema spells it. */
export const RECORD_KINDS = [
  "entity",
  "activity",
  "agent",
  "wasGeneratedBy",
  "used",
  "wasInformedBy",
  "wasStartedBy",
  "wasEndedBy",
  "wasInvalidatedBy",
  "wasDerivedFrom",
  "wasAttributedTo",
  "wasAssociatedWith",
  "actedOnBehalfOf",
  "wasInfluencedBy",
  "specializationOf",
  "alternateOf",
  "mentionOf",
  "hadMember",
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** A value with its type's qualified name; null for a text alone. */
export interface ProvLiteral {
  readonly text: string;
  readonly type: string | null;
  readonly lang?: string | undefined;
}

export interface ProvStatement {
  readonly kind: RecordKind;
  readonly id: string;
  /** Values by qualified name of the attribute; a record may say several of one. */
  readonly values: ReadonlyMap<string, readonly ProvLiteral[]>;
}

export interface ProvDocument {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly statements: readonly ProvStatement[];
  readonly bundles: ReadonlyMap<string, ProvDocument>;
}

/** The text isn't a document of the kind: `path` says where, `message` what is wrong there. */
export class ProvError extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(path === "" ? message : `${path}: ${message}`);
    this.name = "ProvError";
  }
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const typed = z.strictObject({
  $: scalar,
  type: z.string().optional(),
  lang: z.string().optional(),
});
type Given = z.infer<typeof scalar> | z.infer<typeof typed>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectAt(path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new ProvError(path, `expected an object, found ${found(value)}`);
}

const found = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;

/** Nothing of a document is deeper than a bundle, a kind, a record, a list and a literal. */
export function parseProvJson(text: string): ProvDocument {
  if (text.trim() === "") throw new ProvError("", "the file is empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProvError("", `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  return documentAt("", value, false);
}

function documentAt(path: string, value: unknown, inBundle: boolean): ProvDocument {
  const given = objectAt(path, value);
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const prefixes = new Map<string, string>();
  const statements: ProvStatement[] = [];
  const bundles = new Map<string, ProvDocument>();
  for (const [name, content] of Object.entries(given)) {
    if (name === "prefix") {
      for (const [prefix, uri] of Object.entries(objectAt(at(name), content))) {
        if (typeof uri !== "string")
          throw new ProvError(`${at(name)}.${prefix}`, `expected a URI, found ${found(uri)}`);
        prefixes.set(prefix, uri);
      }
    } else if (name === "bundle" && !inBundle) {
      for (const [id, bundle] of Object.entries(objectAt(at(name), content)))
        bundles.set(id, documentAt(`${at(name)}.${id}`, bundle, true));
    } else {
      statements.push(...statementsAt(at(name), kindAt(at(name), name), content));
    }
  }
  return { prefixes, statements, bundles };
}

function kindAt(path: string, name: string): RecordKind {
  const kind = RECORD_KINDS.find((known) => known === (name === "wasEndedby" ? "wasEndedBy" : name));
  if (kind === undefined) throw new ProvError(path, "no kind of record that PROV-JSON knows");
  return kind;
}

/** One id may have several records, as a list. */
function statementsAt(path: string, kind: RecordKind, content: unknown): ProvStatement[] {
  return Object.entries(objectAt(path, content)).flatMap(([id, record]) => {
    const records = Array.isArray(record) ? record : [record];
    return records.map((one: unknown, index) => {
      const where = `${path}.${id}${Array.isArray(record) ? `[${index}]` : ""}`;
      const values = Object.entries(objectAt(where, one)).map(
        ([name, value]) => [name, literalsAt(`${where}.${name}`, value)] as const,
      );
      return { kind, id, values: new Map(values) };
    });
  });
}

function literalsAt(path: string, value: unknown): ProvLiteral[] {
  return (Array.isArray(value) ? value : [value]).map((one: unknown, index) => {
    const where = Array.isArray(value) ? `${path}[${index}]` : path;
    const parsed = z.union([scalar, typed]).safeParse(one);
    if (parsed.success) return literalOf(parsed.data);
    if (isObject(one) && !("$" in one)) throw new ProvError(where, "a typed value without `$`");
    throw new ProvError(where, `expected a text, a number, a boolean or {"$", "type", "lang"}, found ${found(one)}`);
  });
}

function literalOf(value: Given): ProvLiteral {
  if (typeof value === "string") return { text: value, type: null };
  if (typeof value === "boolean") return { text: String(value), type: "xsd:boolean" };
  if (typeof value === "number")
    return { text: String(value), type: Number.isSafeInteger(value) ? "xsd:integer" : "xsd:double" };
  // A text that says that it is one is a text.
  const type = value.type === undefined || value.type === "xsd:string" ? null : value.type;
  return { text: String(value.$), type, ...(value.lang === undefined ? {} : { lang: value.lang }) };
}

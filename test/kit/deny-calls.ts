import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";

/*
 * What can be asked of a schema, read off the schema itself: its root fields, the leaves of their arguments, and documents
 * that select everything down to a depth. Nothing here names an operation, so that a new one is there by being there.
 */

export interface RootField {
  readonly kind: "query" | "mutation";
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly leaves: readonly Leaf[];
}

/** A scalar or enum somewhere in a root field's arguments. */
export interface Leaf {
  /** Names from the argument down, such as `input`, `quote`, `exact`. */
  readonly path: readonly string[];
  readonly type: GraphQLNamedType;
  /** Whether it stands in a list. */
  readonly list: boolean;
  /** Whether it must be given wherever what holds it is. */
  readonly required: boolean;
  /** Whether it names something: by its type or by its name. */
  readonly identifies: boolean;
}

const MAX_INPUT_DEPTH = 4;
const NAMES_SOMETHING = /(^|[a-z])(id|ids|key|keys)$/i;
/** Names the call itself, and nothing that anybody has. */
const OWN_NAME = "operationId";

function leavesOf(path: readonly string[], type: GraphQLInputType, required: boolean): Leaf[] {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    if (path.length >= MAX_INPUT_DEPTH) return [];
    return Object.values(named.getFields()).flatMap((field) =>
      leavesOf([...path, field.name], field.type, isRequiredInputField(field)),
    );
  }
  const name = path.at(-1)!;
  const identifies = named.name === "ID" || (name !== OWN_NAME && NAMES_SOMETHING.test(name));
  return [{ path, type: named, list: isListType(getNullableType(type)), required, identifies }];
}

/** Every query and mutation. */
export function rootFields(schema: GraphQLSchema): RootField[] {
  const of = (kind: RootField["kind"], type: GraphQLObjectType | null | undefined): RootField[] =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      kind,
      name: field.name,
      field,
      leaves: field.args.flatMap((arg) => leavesOf([arg.name], arg.type, isRequiredArgument(arg))),
    }));
  return [...of("query", schema.getQueryType()), ...of("mutation", schema.getMutationType())];
}

/** Lets a root field that fails be null by itself, so that one document can hold many that do. */
export function loosenRoots(schema: GraphQLSchema): GraphQLSchema {
  for (const { field } of rootFields(schema)) field.type = getNullableType(field.type) as typeof field.type;
  return schema;
}

export type Args = Readonly<Record<string, unknown>>;

/** The arguments with all that must be given, and the chosen leaves: `valueOf` answers undefined for what is left out. */
export function argsOf(root: RootField, valueOf: (leaf: Leaf) => unknown): Args {
  const args: Record<string, unknown> = {};
  for (const leaf of root.leaves) {
    const value = valueOf(leaf);
    if (value === undefined) continue;
    let holder = args;
    for (const name of leaf.path.slice(0, -1)) holder = (holder[name] ??= {}) as Record<string, unknown>;
    holder[leaf.path.at(-1)!] = leaf.list && value !== null && !Array.isArray(value) ? [value] : value;
  }
  return wrapLists(root, args);
}

/** Lists of input objects hold the one that was made. */
function wrapLists(root: RootField, args: Record<string, unknown>): Args {
  const wrap = (type: GraphQLInputType, value: unknown): unknown => {
    if (value === null || typeof value !== "object") return value;
    const inner = getNullableType(type);
    if (isListType(inner)) return Array.isArray(value) ? value : [wrap(inner.ofType, value)];
    if (!isInputObjectType(inner)) return value;
    const fields = inner.getFields();
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wrap(fields[name]!.type, each)]));
  };
  return Object.fromEntries(
    root.field.args.flatMap((arg) => (arg.name in args ? [[arg.name, wrap(arg.type, args[arg.name])]] : [])),
  );
}

export interface Call {
  readonly root: RootField;
  readonly args: Args;
}

export interface GraphQLRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** One document of calls of one kind, each under the alias `c0`, `c1`, …; values travel as variables. */
export function toDocument(
  schema: GraphQLSchema,
  calls: readonly Call[],
  depth: number,
  aliases = true,
): GraphQLRequest {
  const first = calls[0]!.root;
  // Said once, however many calls there are.
  const selection = selectionOf(schema, first.field.type, depth, aliases);
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fields = calls.map(({ root, args }, i) => {
    const given = root.field.args.filter((arg) => arg.name in args);
    for (const arg of given) {
      variables[`v${i}_${arg.name}`] = args[arg.name];
      declared.push(`$v${i}_${arg.name}: ${String(arg.type)}`);
    }
    const passed = given.map((arg) => `${arg.name}: $v${i}_${arg.name}`).join(", ");
    return `c${i}: ${root.name}${passed === "" ? "" : `(${passed})`}${selection === "" ? "" : " { ...All }"}`;
  });
  const all = selection === "" ? "" : `\nfragment All on ${getNamedType(first.field.type).name}${selection}`;
  const head = declared.length === 0 ? "" : `(${declared.join(", ")})`;
  return { query: `${first.kind} Deny${head} {\n${fields.join("\n")}\n}${all}`, variables };
}

const selections = new WeakMap<GraphQLSchema, Map<string, string>>();

/** Everything that the type has, down to `depth` objects; behind an interface each type's own fields, under aliases. */
export function selectionOf(schema: GraphQLSchema, outer: unknown, depth: number, aliases: boolean): string {
  const type = getNamedType(outer as GraphQLNamedType);
  if (isLeafType(type)) return "";
  const made = selections.get(schema) ?? new Map<string, string>();
  selections.set(schema, made);
  const key = `${type.name} ${depth} ${aliases}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const parts = ["__typename"];
  const select = (holder: GraphQLNamedType, prefix: string) => {
    if (!isObjectType(holder) && !isInterfaceType(holder)) return;
    for (const field of Object.values(holder.getFields())) {
      if (field.args.some(isRequiredArgument)) continue;
      const leaf = isLeafType(getNamedType(field.type));
      if (!leaf && depth <= 0) continue;
      const alias = prefix === "" ? "" : `${prefix}_${field.name}: `;
      parts.push(`${alias}${field.name}${selectionOf(schema, field.type, depth - 1, aliases)}`);
    }
  };
  select(type, "");
  if ((isInterfaceType(type) || isUnionType(type)) && aliases)
    for (const possible of schema.getPossibleTypes(type)) {
      const at = parts.length;
      select(possible, possible.name);
      const own = parts.splice(at);
      if (own.length > 0) parts.push(`... on ${possible.name} { ${own.join(" ")} }`);
    }
  const text = ` { ${parts.join(" ")} }`;
  made.set(key, text);
  return text;
}

export const isEnumLeaf = (leaf: Leaf) =>
  isEnumType(leaf.type) ? leaf.type.getValues().map(({ name }) => name) : null;

import type { ApolloServerPlugin } from "@apollo/server";
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { LIMITS } from "./limits.js";

export const COST_HEADER = "x-throughline-cost";

/** What a list without pages is taken to hold, such as an episode's scenes or a claim's evidence. */
const UNPAGED = 10;

/**
 * The objects that a document can make us answer with, told before anything is done for it: each field that answers objects
 * counts as often as it may be answered, by the `first` of the pages around it. Fields of single values cost nothing; the
 * tokens of the document bound them.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  // Each fragment is counted once, or spreads of spreads would take ages.
  const known = new Map<string, number>();
  const typeOf = (condition: { readonly name: { readonly value: string } }) => schema.getType(condition.name.value);

  /** `length`: what a list among these fields may hold. */
  function ofSet({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, length: number): number {
    let cost = 0;
    for (const one of selections) {
      if (one.kind === Kind.FIELD) cost += ofField(one, type, length);
      else if (one.kind === Kind.FRAGMENT_SPREAD) cost += ofFragment(one.name.value, length);
      else cost += ofSet(one.selectionSet, one.typeCondition ? typeOf(one.typeCondition) : type, length);
    }
    return cost;
  }

  function ofFragment(name: string, length: number): number {
    const key = `${name} ${length}`;
    const standing = known.get(key);
    if (standing !== undefined) return standing;
    const fragment = fragments.get(name)!;
    const cost = ofSet(fragment.selectionSet, typeOf(fragment.typeCondition), length);
    known.set(key, cost);
    return cost;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined, length: number): number {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (node.selectionSet === undefined || field === undefined) return 0;
    const times = isListType(getNullableType(field.type)) ? length : 1;
    const unlessGiven = field.args.find(({ name }) => name === "first")?.defaultValue;
    const page = typeof unlessGiven === "number" ? pageOf(node, unlessGiven) : UNPAGED;
    return times * (1 + ofSet(node.selectionSet, getNamedType(field.type), page));
  }

  function pageOf(node: FieldNode, unlessGiven: number): number {
    const given = node.arguments?.find(({ name }) => name.value === "first")?.value;
    const value =
      given?.kind === Kind.VARIABLE ? (variables[given.name.value] ?? defaultOf(given.name.value)) : literal(given);
    // What isn't within the bounds is refused where it is read, in better words.
    return typeof value === "number" && value > 0 ? value : unlessGiven;
  }

  const defaultOf = (variable: string): number | undefined =>
    literal(operation.variableDefinitions?.find((one) => one.variable.name.value === variable)?.defaultValue);

  return ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, UNPAGED);
}

const literal = (value: { readonly kind: Kind; readonly value?: unknown } | undefined): number | undefined =>
  value?.kind === Kind.INT ? Number(value.value) : undefined;

export const tooCostly = (cost: number): GraphQLError =>
  new GraphQLError(
    `The document could cost ${cost} objects, and may cost ${LIMITS.cost}: ask for smaller pages, or fewer levels at a time.`,
    { extensions: { code: "BAD_INPUT", http: { status: 400 } } },
  );

/** Refuses a document that could cost too much before it costs anything, and tells the cost of every other. */
export const costPlugin: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operation, request, response }) => {
      if (operation === undefined) return;
      const cost = costOf(schema, document, operation, request.variables);
      response.http.headers.set(COST_HEADER, String(cost));
      if (cost > LIMITS.cost) throw tooCostly(cost);
    },
  }),
};

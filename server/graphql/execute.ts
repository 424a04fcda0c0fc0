import type {
  GatewayInterface,
  GatewayGraphQLRequestContext,
  GatewayExecutionResult,
} from "@apollo/server-gateway-interface";
import { execute, GraphQLError, type ExecutionResult, type GraphQLSchema } from "graphql";
import { compileQuery, isCompiledQuery, type CompiledQuery } from "graphql-jit";

/** Compiled documents that are kept; the one used longest ago goes first. */
const MAX_COMPILED = 500;
/** Documents seen once that are remembered, so that the second use is known. */
const MAX_SEEN = 5_000;

/** What stands for a document that graphql-jit refuses: graphql-js executes it. */
const REFUSED = Symbol("refused");

/**
 * Executes documents: by graphql-js the first time, compiled by graphql-jit from the second on, so that one-off
 * documents cost no compilation and hot ones are executed by code made for them.
 */
export function createExecutor(schema: GraphQLSchema) {
  const compiled = new Map<string, CompiledQuery | typeof REFUSED>();
  const seen = new Set<string>();

  function compile(key: string, request: GatewayGraphQLRequestContext): CompiledQuery | typeof REFUSED | undefined {
    const standing = compiled.get(key);
    if (standing !== undefined) {
      compiled.delete(key);
      compiled.set(key, standing);
      return standing;
    }
    if (!seen.has(key)) {
      if (seen.size >= MAX_SEEN) seen.clear();
      seen.add(key);
      return undefined;
    }
    const made = tryCompile(schema, request);
    compiled.set(key, made);
    if (compiled.size > MAX_COMPILED) compiled.delete(compiled.keys().next().value!);
    return made;
  }

  return async (request: GatewayGraphQLRequestContext): Promise<ExecutionResult> => {
    const variables = request.request.variables ?? {};
    const query = compile(`${request.queryHash} ${request.operationName ?? ""}`, request);
    if (query !== undefined && query !== REFUSED) {
      const answer = await query.query(undefined, request.context, variables);
      // No data means that nothing was executed, since a variable is wrong: graphql-js says so in the words that clients know.
      if ("data" in answer)
        return answer.errors === undefined ? answer : { ...answer, errors: answer.errors.map(standard) };
    }
    return execute({
      schema,
      document: request.document,
      contextValue: request.context,
      variableValues: variables,
      operationName: request.operationName,
    });
  };
}

/** graphql-jit makes errors of its own, without `extensions`, which Apollo Server can't tell: this is graphql-js's in their place. */
function standard({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  return Object.defineProperty(new GraphQLError(message, { path, originalError }), "locations", {
    value: locations,
    enumerable: true,
  });
}

function tryCompile(
  schema: GraphQLSchema,
  { document, operationName }: GatewayGraphQLRequestContext,
): CompiledQuery | typeof REFUSED {
  try {
    const made = compileQuery(schema, document, operationName ?? undefined, {
      useExperimentalPathBasedSkipInclude: true,
    });
    return isCompiledQuery(made) ? made : REFUSED;
  } catch {
    return REFUSED;
  }
}

/** The executor as the one place where Apollo Server takes an executor from: its gateway option. */
export function executorGateway(schema: GraphQLSchema): GatewayInterface {
  const executor = createExecutor(schema);
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: "" });
      return () => {};
    },
    load: async () => ({
      executor: executor as (request: GatewayGraphQLRequestContext) => Promise<GatewayExecutionResult>,
    }),
    stop: async () => {},
  };
}

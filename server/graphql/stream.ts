import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from "graphql";
import type { Logger } from "pino";
import { DomainError } from "../errors.js";
import type { Context } from "./context.js";
import { costOf, tooCostly } from "./cost.js";
import { formatError, isOurFault } from "./format-error.js";
import { LIMITS } from "./limits.js";
import { documentLimits } from "./validation.js";

/** A document to stream, as a client sends it. */
export interface StreamRequest {
  readonly query: unknown;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What a stream tells, errors already in the words that callers get. */
export interface Told {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** Answers that go on until they are ended. */
export interface Answers extends AsyncIterableIterator<Told, void> {
  return(): Promise<IteratorResult<Told, void>>;
}

export interface Streamer {
  /** Begins to answer; a document that isn't a subscription within the limits is answered once, with errors. */
  begin(request: StreamRequest, context: Context): Promise<Answers | Told>;
  /** An error in the words that callers get. */
  tell(errors: readonly unknown[], context: Context): Told;
}

const callersFault = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: "BAD_INPUT" } });

/** The same bounds and the same words for a subscription as for every other document. */
export function createStreamer(options: { schema: GraphQLSchema; production: boolean; log: Logger }): Streamer {
  const { schema, production, log } = options;
  const rules = [...specifiedRules, documentLimits, ...(production ? [NoSchemaIntrospectionCustomRule] : [])];

  function tell(errors: readonly unknown[], { correlationId, caller }: Context): Told {
    const told = errors.slice(0, LIMITS.errors).map((error) => {
      const known = error instanceof GraphQLError ? error : wrapped(error);
      if (isOurFault(known))
        log.error(
          { err: known.originalError ?? known, correlation_id: correlationId, tenant_id: caller?.tenantId },
          "a stream failed",
        );
      const formatted = formatError(known.toJSON(), known);
      return { ...formatted, extensions: { ...formatted.extensions, correlationId } };
    });
    return { errors: told };
  }

  function judged({ query, operationName, variables }: StreamRequest): DocumentNode | readonly GraphQLError[] {
    if (typeof query !== "string" || query === "") return [callersFault("`query` must be a document.")];
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: LIMITS.tokens });
    } catch (error) {
      return [callersFault((error as Error).message)];
    }
    const problems = validate(schema, document, rules);
    if (problems.length > 0) return problems.map(coded("GRAPHQL_VALIDATION_FAILED"));
    const operation = getOperationAST(document, operationName);
    if (operation == null) return [callersFault("`operationName` must name the one operation that is meant.")];
    if (operation.operation !== "subscription")
      return [callersFault("Only subscriptions are answered here; ask everything else at /graphql.")];
    const cost = costOf(schema, document, operation, variables ?? {});
    return cost > LIMITS.cost ? [tooCostly(cost)] : document;
  }

  return {
    tell,
    async begin(request, context) {
      const document = judged(request);
      if (!("kind" in document)) return tell(document, context);
      const result = await subscribe({
        schema,
        document,
        contextValue: context,
        variableValues: request.variables ?? {},
        operationName: request.operationName ?? undefined,
      });
      if (Symbol.asyncIterator in result) return results(result, context, tell);
      // Variables that aren't of their types have no path: nothing was asked of a resolver yet.
      return tell((result.errors ?? []).map(coded("BAD_USER_INPUT")), context);
    },
  };
}

/** In the words that callers get. Ending it ends the source at once, though the source may wait for its next. */
function results(
  source: AsyncGenerator<ExecutionResult, void, void>,
  context: Context,
  tell: Streamer["tell"],
): Answers {
  let failed = false;
  const answers: Answers = {
    async next() {
      if (failed) return { done: true, value: undefined };
      try {
        const { done, value } = await source.next();
        if (done === true) return { done, value: undefined };
        const { data, errors } = value;
        return { done: false, value: { data, ...(errors === undefined ? {} : tell(errors, context)) } };
      } catch (error) {
        failed = true;
        return { done: false, value: tell([error], context) };
      }
    },
    async return() {
      await source.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => answers,
  };
  return answers;
}

/** With a code where graphql-js gives none. */
const coded =
  (code: string) =>
  (error: GraphQLError): GraphQLError =>
    error.originalError === undefined && error.extensions.code === undefined
      ? new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code } })
      : error;

const wrapped = (error: unknown): GraphQLError => {
  const original = error instanceof Error ? error : new DomainError("INTERNAL", String(error));
  // With a path, if an empty one: only then is it taken for a resolver's, and told in its own words.
  return new GraphQLError(original.message, { originalError: original, path: [] });
};

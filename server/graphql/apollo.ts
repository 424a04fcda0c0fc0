import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { GraphQLError, type GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { Context } from "./context.js";
import { costPlugin } from "./cost.js";
import { executorGateway } from "./execute.js";
import { formatError, isOurFault } from "./format-error.js";
import { LIMITS } from "./limits.js";
import { documentLimits } from "./validation.js";

/** Logs what was our fault, tells every caller the correlation id, and tells of a few errors at most. */
function errorPlugin(log: Logger): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async ({ contextValue }) => ({
      didEncounterErrors: async ({ errors, operationName }) => {
        const { correlationId, caller } = contextValue;
        for (const error of errors.filter(isOurFault)) {
          log.error(
            {
              err: error.originalError ?? error,
              correlation_id: correlationId,
              tenant_id: caller?.tenantId,
              operation: operationName,
            },
            "a GraphQL operation failed",
          );
        }
      },
      willSendResponse: async ({ request, response }) => {
        response.http.headers.set("cache-control", "no-store");
        if (response.body.kind !== "single" || response.body.singleResult.errors === undefined) return;
        if (response.http.status === 400 && wantsPlainJson(request.http?.headers.get("accept")))
          response.http.status = 200;
        const { singleResult } = response.body;
        singleResult.errors = singleResult.errors!.slice(0, LIMITS.errors).map((error) => ({
          ...error,
          extensions: { ...error.extensions, correlationId: contextValue.correlationId },
        }));
      },
    }),
  };
}

/** Asked for as application/json alone, GraphQL over HTTP keeps 4xx for what isn't a GraphQL answer: errors in a document are 200 then. */
const wantsPlainJson = (accept: string | undefined): boolean =>
  accept !== undefined && accept.includes("application/json") && !accept.includes("application/graphql-response+json");

/** What goes on answering has an address of its own: here it would answer once, and nothing. */
const noSubscriptions: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== "subscription") return;
      throw new GraphQLError("Subscriptions are answered at /graphql/stream, as Server-Sent Events.", {
        extensions: { code: "BAD_INPUT", http: { status: 400 } },
      });
    },
  }),
};

/** Apollo Server over our schema and executor, not yet started. */
export function createApollo({
  log,
  production,
  schema,
}: {
  log: Logger;
  production: boolean;
  schema: GraphQLSchema;
}): ApolloServer<Context> {
  return new ApolloServer<Context>({
    gateway: executorGateway(schema),
    introspection: !production,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    cache: "bounded",
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [documentLimits],
    formatError,
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message: unknown) => log.warn(String(message)),
      error: (message: unknown) => log.error(String(message)),
    },
    status400ForVariableCoercionErrors: true,
    // Cache control puts itself around the resolver of every field (docs/performance.md).
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      noSubscriptions,
      costPlugin,
      errorPlugin(log),
    ],
  });
}

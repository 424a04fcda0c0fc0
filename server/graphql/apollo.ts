import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import type { Logger } from "pino";
import type { Context } from "./context.js";
import { executorGateway } from "./execute.js";
import { formatError, isOurFault } from "./format-error.js";
import { LIMITS } from "./limits.js";
import { buildSchema } from "./schema.js";
import { documentLimits } from "./validation.js";

/** Logs what was our fault, tells every caller the correlation id, and tells of a few errors at most. */
function errorPlugin(log: Logger): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async ({ contextValue }) => ({
      didEncounterErrors: async ({ errors, operationName }) => {
        const { correlationId, caller } = contextValue;
        for (const error of errors.filter(isOurFault)) {
          log.error({ err: error.originalError ?? error, correlation_id: correlationId, tenant_id: caller?.tenantId, operation: operationName }, "a GraphQL operation failed");
        }
      },
      willSendResponse: async ({ response }) => {
        if (response.body.kind !== "single" || response.body.singleResult.errors === undefined) return;
        const { singleResult } = response.body;
        singleResult.errors = singleResult.errors!.slice(0, LIMITS.errors).map((error) => ({
          ...error,
          extensions: { ...error.extensions, correlationId: contextValue.correlationId },
        }));
      },
    }),
  };
}

/** Apollo Server over our schema and executor, not yet started. */
export function createApollo({ log, production }: { log: Logger; production: boolean }): ApolloServer<Context> {
  return new ApolloServer<Context>({
    gateway: executorGateway(buildSchema()),
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
    plugins: [errorPlugin(log)],
  });
}


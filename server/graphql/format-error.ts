import { GraphQLError, isValueNode, TokenKind, type GraphQLFormattedError } from "graphql";
import { unwrapResolverError } from "@apollo/server/errors";
import { DomainError, type ErrorCode } from "../errors.js";

/** What Apollo calls the failures that the caller caused, in our words. */
const CALLER_FAULTS: readonly string[] = [
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "BAD_REQUEST",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "BAD_INPUT",
];

/** How an error is told to a caller: a code, the field at fault, never a stack nor anything of the database. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const told = (code: ErrorCode, message: string, field?: string, position?: number): GraphQLFormattedError => ({
    message: withoutSuggestions(message),
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: {
      code,
      ...(field === undefined ? {} : { field }),
      ...(position === undefined ? {} : { position }),
    },
  });
  if (original instanceof DomainError && original.code !== "INTERNAL")
    return told(original.code, original.message, original.field, original.position);
  const code = String(formatted.extensions?.code ?? "");
  if (CALLER_FAULTS.includes(code))
    return told("BAD_INPUT", formatted.message, fieldAtFault(formatted.message) ?? fieldOfValue(error));
  return told("INTERNAL", "Something went wrong on our side; the correlation id leads to it in the log.");
}

/** graphql-js offers names that are like a wrong one, and so tells the schema bit by bit; Apollo Server hides those of documents, not of variables. */
const withoutSuggestions = (message: string): string => message.replace(/ Did you mean (?:[a-z ]+ )?".*?"\?/gs, "");

/** graphql-js names the variable or argument in its message only. */
function fieldAtFault(message: string): string | undefined {
  const [, variable, path] =
    /^Variable "\$(\w+)" (?:got invalid value .*? at "\w+((?:\.\w+|\[\d+\])+)")?/s.exec(message) ?? [];
  if (variable !== undefined) return `${variable}${path ?? ""}`;
  return (
    /^Argument "(\w+)"/.exec(message)?.[1] ??
    /Expected value of type "[^"]+", found .*?; (?:argument|Field) "(\w+)"/.exec(message)?.[1]
  );
}

/** The argument or input field whose value a document writes wrongly: the name before the value's colon. */
function fieldOfValue(error: unknown): string | undefined {
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  const colon = node !== undefined && isValueNode(node) ? node.loc?.startToken.prev : undefined;
  return colon?.kind === TokenKind.COLON ? colon.prev?.value : undefined;
}

/** Whether the caller could not have caused it: what the log calls an error. */
export const isOurFault = (error: unknown): boolean => {
  const original = unwrapResolverError(error);
  if (original instanceof DomainError) return original.code === "INTERNAL" || original.code === "UNAVAILABLE";
  if (!(error instanceof GraphQLError)) return true;
  if (CALLER_FAULTS.includes(String(error.extensions.code))) return false;
  return error.originalError !== undefined || error.extensions.code === "INTERNAL_SERVER_ERROR";
};

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DomainError, type ErrorCode } from "../errors.js";

const STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  TIMEOUT: 504,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** What Fastify refuses before any handler runs, in our words. */
const FASTIFY: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "The body is too large; the limit is 1 MB, and 100 MB for uploads.",
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is no valid JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty; it must be JSON.",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "This content type isn't taken here.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as its Content-Length says.",
};

interface Told {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string | undefined;
}

/** At /graphql and its streams it is told as GraphQL tells its errors, so that every client of GraphQL can show it. */
function tell(request: FastifyRequest, reply: FastifyReply, status: number, told: Told): FastifyReply {
  const { code, message } = told;
  const rest = { ...(told.field === undefined ? {} : { field: told.field }), correlationId: request.id };
  const body =
    request.routeOptions.url?.startsWith("/graphql") === true
      ? { errors: [{ message, extensions: { code, ...rest } }] }
      : { error: { code, message, ...rest } };
  return reply.code(status).send(body);
}

/** What isn't even a request to a route, such as an address that can't be decoded. */
export function malformedRequest(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  tell(request, reply, 400, { code: "BAD_INPUT", message: "The request isn't well formed." });
}

/** GraphQL errors that were told before any operation began, so that nobody gave them the correlation id yet. */
export async function withCorrelationId(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (reply.statusCode < 400 || typeof payload !== "string" || !payload.startsWith('{"errors":')) return payload;
  const answer = JSON.parse(payload) as { errors: { extensions?: object }[] };
  const errors = answer.errors.map((error) => ({
    ...error,
    extensions: { ...error.extensions, correlationId: request.id },
  }));
  return JSON.stringify({ ...answer, errors });
}

/** Every failure outside of an operation is this JSON, never HTML and never a stack. */
export function tellErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    if (error instanceof DomainError && error.code !== "INTERNAL") {
      if (error.code === "UNAVAILABLE") request.log.error({ err: error }, "a request failed");
      return tell(request, reply, STATUS[error.code], error);
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      const { takes } = request.routeOptions.config as { takes?: readonly string[] };
      const message =
        (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" && takes !== undefined
          ? `This content type isn't taken here; it must be ${takes.join(", ")}.`
          : FASTIFY[error.code ?? ""]) ??
        (status === 400 && error instanceof SyntaxError
          ? "The body is no valid JSON."
          : "The request isn't well formed.");
      return tell(request, reply, status, { code: "BAD_INPUT", message });
    }
    request.log.error({ err: error }, "a request failed");
    const message = "Something went wrong on our side; the correlation id leads to it in the log.";
    return tell(request, reply, 500, { code: "INTERNAL", message });
  });
  app.setNotFoundHandler((request, reply) =>
    tell(request, reply, 404, { code: "NOT_FOUND", message: "There is nothing at this address." }),
  );
}

import cookie from "@fastify/cookie";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Logger } from "pino";
import { ulid } from "ulid";
import type { Migration } from "../../migrations/migrate.js";
import type { Caller } from "../commands/caller.js";
import type { LimitsConfig } from "../config.js";
import { createApollo } from "../graphql/apollo.js";
import { createContext, type Context } from "../graphql/context.js";
import { LIMITS } from "../graphql/limits.js";
import type { Keys } from "../identity/keys.js";
import type { Services } from "../services.js";
import { BOOKMARK_COOKIE, BOOKMARK_HEADER, formatBookmark } from "./bookmark.js";
import { healthRoutes } from "./health.js";
import { malformedRequest, tellErrors, withCorrelationId } from "./http-error.js";
import { importRoutes } from "./import.js";
import { limitTenants } from "./limits.js";
import { createMetrics } from "./metrics.js";
import { refuseOtherSites } from "./other-sites.js";
import { pageRoutes, securityHeaders } from "./page.js";
import { bookmarkOfRequest, callerOfRequest, cookieOptions, signInRoutes } from "./session.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls; null without a valid token. */
    caller: Caller | null;
  }
}

export interface AppOptions {
  readonly services: Services;
  readonly keys: Keys;
  readonly migrations: readonly Migration[];
  readonly region: string;
  readonly production: boolean;
  readonly limits: LimitsConfig;
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
  readonly log: Logger;
  /** Where the built page is. */
  readonly pageFolder: string;
}

const CORRELATION_HEADER = "x-correlation-id";
const CORRELATION_ID = /^[A-Za-z0-9_.:-]{8,64}$/;

/** The HTTP face, not yet listening. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, keys, log } = options;
  const metrics = createMetrics();
  const app: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "correlation_id" }),
    bodyLimit: LIMITS.bodyBytes,
    trustProxy: [...options.trustedProxies],
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers[CORRELATION_HEADER];
      return typeof given === "string" && CORRELATION_ID.test(given) ? given : ulid();
    },
    // Whoever sends or reads nothing for so long is gone; a slow upload has its time.
    connectionTimeout: 120_000,
    requestTimeout: 1_800_000,
    forceCloseConnections: "idle",
    frameworkErrors: malformedRequest,
  });
  await app.register(cookie);
  tellErrors(app);
  await securityHeaders(app, options);
  app.decorateRequest("caller", null);
  app.addHook("onRequest", async (request, reply) => {
    reply.header(CORRELATION_HEADER, request.id);
    request.caller = await callerOfRequest(keys, options.region, request);
    request.log = request.log.child({ tenant_id: request.caller?.tenantId ?? null });
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, caller } = request;
    const route = request.routeOptions.url ?? "unknown";
    const status = reply.statusCode;
    metrics.request({ route, method, status, tenantId: caller?.tenantId, seconds: reply.elapsedTime / 1000 });
    request.log.info({ method, route, status, ms: Math.round(reply.elapsedTime) }, "request");
  });

  refuseOtherSites(app);
  limitTenants(app, { config: options.limits, graph: services.graph, log });

  const { migrations, metricsToken } = options;
  healthRoutes(app, { graph: services.graph, migrations, metrics, metricsToken });
  signInRoutes(app, keys, options);
  importRoutes(app, services);

  const apollo = createApollo({ log, production: options.production });
  await apollo.start();
  // Without the drain plugin: it closes the app from within the app's own closing, which then waits for itself.
  app.addHook("onClose", () => apollo.stop());
  const contextOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    const { caller } = request;
    const seen = bookmarkOfRequest(keys, caller, request);
    return createContext({
      services,
      caller,
      correlationId: request.id,
      bookmarks: seen?.bookmarks ?? [],
      notBefore: seen?.at ?? 0,
      tellWritten(bookmarks, at) {
        if (caller === null) return;
        const bookmark = formatBookmark(keys.bookmarkSecret, { tenantId: caller.tenantId, bookmarks, at });
        reply
          .header(BOOKMARK_HEADER, bookmark)
          .setCookie(BOOKMARK_COOKIE, bookmark, { ...cookieOptions(options.production), maxAge: 300 });
      },
    });
  };
  app.route({
    url: "/graphql",
    method: ["GET", "POST"],
    onSend: withCorrelationId,
    handler: fastifyApolloHandler(apollo, {
      context: (request, reply) =>
        contextOf(request, reply).catch((error: unknown) => {
          // Apollo tells the caller that something failed, and nobody what.
          request.log.error({ err: error }, "a request failed");
          throw error;
        }),
    }),
  });

  await pageRoutes(app, options.pageFolder);
  return app;
}

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
import { createPresence, PRESENCE_MS } from "../commands/presence.js";
import type { LimitsConfig } from "../config.js";
import { createApollo } from "../graphql/apollo.js";
import { createContext, type Context } from "../graphql/context.js";
import { LIMITS } from "../graphql/limits.js";
import { buildSchema } from "../graphql/schema.js";
import { createStreamer } from "../graphql/stream.js";
import type { KeyRing } from "../identity/key-ring.js";
import type { Oidc } from "../identity/oidc.js";
import { issueToken } from "../identity/tokens.js";
import type { Services } from "../services.js";
import { BOOKMARK_COOKIE, BOOKMARK_HEADER, formatBookmark } from "./bookmark.js";
import { healthRoutes } from "./health.js";
import { malformedRequest, tellErrors, withCorrelationId } from "./http-error.js";
import { exportRoutes, noteUnserved } from "./export.js";
import { importRoutes } from "./import.js";
import { limitTenants } from "./limits.js";
import { liveRoutes } from "./live.js";
import { createMetrics } from "./metrics.js";
import { oidcRoutes } from "./oidc.js";
import { refuseOtherSites } from "./other-sites.js";
import { pageRoutes, securityHeaders } from "./page.js";
import { bookmarkOfRequest, cookieOptions, sessions, signInRoutes } from "./session.js";
import { webhookRoutes } from "./webhooks.js";

export interface AppOptions {
  readonly services: Services;
  readonly keys: KeyRing;
  readonly migrations: readonly Migration[];
  readonly region: string;
  readonly production: boolean;
  /** Where people reach it; null: wherever they did. */
  readonly publicUrl: string | null;
  readonly oidc: Oidc | null;
  /** How long reads may go by rights that were taken back; PRESENCE_MS without. */
  readonly presenceMs?: number | undefined;
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
  app.addHook("onRequest", async (request, reply) => {
    reply.header(CORRELATION_HEADER, request.id);
  });
  const stillCalls = sessions(app, {
    keys,
    region: options.region,
    presence: createPresence(services.graph, {
      ...(options.presenceMs === undefined ? {} : { ttlMs: options.presenceMs }),
      residency: { region: options.region, denied: (caller) => noteUnserved(services, caller) },
    }),
  });
  app.addHook("onRequest", async (request) => {
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
  oidcRoutes(app, options);
  importRoutes(app, services);
  exportRoutes(app, services);
  webhookRoutes(app, services, options.region);

  const schema = buildSchema();
  const apollo = createApollo({ log, production: options.production, schema });
  await apollo.start();
  // Without the drain plugin: it closes the app from within the app's own closing, which then waits for itself.
  app.addHook("onClose", () => apollo.stop());
  const contextOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    const { caller, noCaller } = request;
    const held = await keys.current();
    const seen = bookmarkOfRequest(held, caller, request);
    return createContext({
      services,
      caller,
      noCaller,
      correlationId: request.id,
      signToken: (identity, expiresAt) =>
        issueToken(held, { ...identity, region: options.region }, (expiresAt - Date.now()) / 1_000),
      bookmarks: seen?.bookmarks ?? [],
      notBefore: seen?.at ?? 0,
      tellWritten(bookmarks, at) {
        if (caller === null) return;
        const bookmark = formatBookmark(held.bookmarkSecret, { tenantId: caller.tenantId, bookmarks, at });
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

  const streamer = createStreamer({ schema, production: options.production, log });
  liveRoutes(app, { streamer, contextOf, stillCalls, recheckMs: options.presenceMs ?? PRESENCE_MS });

  await pageRoutes(app, options.pageFolder);
  return app;
}

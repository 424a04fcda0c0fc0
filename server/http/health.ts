import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from "fastify";
import type { Graph } from "../graph/graph.js";
import { migrationState, type Migration } from "../../migrations/migrate.js";
import { errorMessage } from "../errors.js";
import type { Metrics } from "./metrics.js";

/** `/healthz`: the process answers. `/readyz`: it can serve, else 503 and why. `/metrics`: Prometheus. */
export function healthRoutes(
  app: FastifyInstance,
  {
    graph,
    migrations,
    metrics,
    metricsToken,
  }: { graph: Graph; migrations: readonly Migration[]; metrics: Metrics; metricsToken: string | null },
): void {
  app.get("/healthz", async () => ({ ok: true }));

  app.get("/readyz", async (request, reply) => {
    const reason = await whyNotReady(graph, migrations, request.log);
    return reason === null ? { ready: true } : reply.code(503).send({ ready: false, reason });
  });

  app.get("/metrics", async (request, reply) => {
    if (!mayReadMetrics(request, metricsToken)) return reply.callNotFound();
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** With a token whoever has it; without one this machine, unless a proxy on it speaks for somebody else. */
function mayReadMetrics({ headers, ip }: FastifyRequest, token: string | null): boolean {
  if (token !== null) return timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token}`));
  const forwarded = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host"].some((name) => name in headers);
  return LOOPBACK.test(ip) && !forwarded;
}

async function whyNotReady(
  graph: Graph,
  migrations: readonly Migration[],
  log: FastifyBaseLogger,
): Promise<string | null> {
  try {
    const { pending, problem } = await migrationState(graph, migrations);
    if (problem !== null) return problem;
    const [next] = pending;
    return next === undefined
      ? null
      : `The database lacks migration ${next.id}-${next.name}: restart, or run \`./throughline up\`.`;
  } catch (error) {
    log.warn({ err: error }, "not ready");
    return errorMessage(error);
  }
}

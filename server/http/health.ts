import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { Graph } from "../graph/graph.js";
import { migrationState, type Migration } from "../../migrations/migrate.js";
import { errorMessage } from "../errors.js";
import type { Metrics } from "./metrics.js";

/** `/healthz`: the process answers. `/readyz`: it can serve, else 503 and why. `/metrics`: Prometheus. */
export function healthRoutes(
  app: FastifyInstance,
  { graph, migrations, metrics }: { graph: Graph; migrations: readonly Migration[]; metrics: Metrics },
): void {
  app.get("/healthz", async () => ({ ok: true }));

  app.get("/readyz", async (request, reply) => {
    const reason = await whyNotReady(graph, migrations, request.log);
    return reason === null ? { ready: true } : reply.code(503).send({ ready: false, reason });
  });

  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
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

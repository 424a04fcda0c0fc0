import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { ulid } from "ulid";
import { formatNodeId, TENANT_SLUG } from "../../graph-schema/node-id.js";
import { actingOn, systemCaller, type Caller } from "../commands/caller.js";
import { exportTenant, serveTenant } from "../domains/tenant/tenant-state.service.js";
import { DomainError, NOT_FOUND_MESSAGE } from "../errors.js";
import { SYSTEM_TENANT } from "../graph/graph.js";
import type { Services } from "../services.js";
import { exportTenantLines, type Exported } from "../tenancy/export.js";
import { callerOf } from "./session.js";

const REASON = /^[^\p{Cc}]{1,500}$/u;

/**
 * `POST /export/tenant`: everything of the caller's tenant as JSON Lines; `?tenant=ID` is for the platform's own people. It is
 * a POST because it leaves an audit entry, before the first byte.
 */
export function exportRoutes(app: FastifyInstance, services: Services): void {
  app.post("/export/tenant", async (request, reply) => {
    const { tenant, reason } = request.query as Readonly<Record<string, unknown>>;
    const caller = callerOf(request);
    const asked = typeof tenant === "string" ? tenant : caller.tenantId;
    if (!TENANT_SLUG.test(asked)) throw DomainError.notFound();
    const actor = caller.tenantId === SYSTEM_TENANT ? actingOn(caller, asked) : caller;
    const executed = await services.execute(exportTenant, actor, {
      tenantId: formatNodeId("Tenant", asked),
      operationId: `export/tenant/${ulid()}`,
      reason: typeof reason === "string" && REASON.test(reason) ? reason : "tenant export",
    });
    if (!executed.ok) {
      const [problem] = executed.problems;
      if (problem?.code === "NOT_FOUND") throw new DomainError("NOT_FOUND", NOT_FOUND_MESSAGE);
      throw new DomainError("FORBIDDEN", executed.problems.map(({ message }) => message).join(" "));
    }
    const lines = exportTenantLines(services.graph, asked, services.audit?.signer);
    return reply.type("application/x-ndjson").send(Readable.from(toLines(lines)));
  });
}

async function* toLines(lines: AsyncGenerator<Exported>): AsyncGenerator<string> {
  for await (const { text } of lines) yield text;
}

/** Leaves it in the tenant's decision log that somebody asked for it where it may not be served. */
export const noteUnserved = (services: Services, caller: Caller): Promise<unknown> =>
  services.execute(
    serveTenant,
    { ...systemCaller(caller.tenantId), actor: caller.actor, name: caller.name },
    { operationId: `serve/${ulid()}`, reason: "asked for where it may not be served" },
  );

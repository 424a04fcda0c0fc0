import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { TENANT_SLUG, ULID } from "../../graph-schema/node-id.js";
import type { Role } from "../../graph-schema/nodes/principal.js";
import type { Caller } from "../commands/caller.js";
import type { Problem } from "../commands/problem.js";
import { receiveEvent } from "../domains/webhook/receive-event.service.js";
import { DomainError } from "../errors.js";
import { LIMITS } from "../graphql/limits.js";
import type { Services } from "../services.js";
import { openSecrets } from "../webhooks/secrets.js";
import { isSigned, readHeaders } from "../webhooks/signing.js";
import { inboundWebhook, type StoredWebhook } from "../webhooks/webhook.query.js";

/** What a sender is told. A 2xx is the only success; after a 409 or a 410 trying again is of no use. */
export interface WebhookAnswer {
  readonly status: "accepted" | "duplicate" | "refused" | "denied" | "disabled";
  readonly problems: readonly Problem[];
  readonly correlationId: string;
}

/** One text for a tenant, a webhook, a signature or a time that isn't right: nobody learns which. */
const unsigned = () => new DomainError("UNAUTHENTICATED", "No webhook here was sent this message.");

/** `POST /webhooks/in/<tenant>/<webhook>`: what others report, signed as Standard Webhooks says over the body as it came. */
export function webhookRoutes(app: FastifyInstance, services: Services, region: string): void {
  app.register(async (routes) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

    routes.post("/webhooks/in/:tenant/:webhook", { bodyLimit: LIMITS.eventBytes }, async (request, reply) => {
      const { tenant = "", webhook: id = "" } = request.params as Readonly<Record<string, string>>;
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const message = readHeaders(request.headers, services.clock.now());
      if (message === null || !TENANT_SLUG.test(tenant) || !ULID.test(id)) throw unsigned();
      const [found] = await services.graph.read({ tenantId: tenant }, inboundWebhook, { id });
      if (found === undefined) throw unsigned();
      const secrets = await secretsOf(services, tenant, found.webhook);
      if (!isSigned(message, body, secrets)) throw unsigned();
      const answer = (code: number, status: WebhookAnswer["status"], problems: readonly Problem[] = []) =>
        tell(reply, code, { status, problems, correlationId: request.id });
      if (found.webhook.status === "DISABLED") return answer(410, "disabled");

      // Rights are the principal's in the graph, at the moment of the change; the webhook adds none, and takes most away.
      const caller: Caller = {
        tenantId: tenant,
        actor: found.webhook.principal ?? "",
        name: found.name ?? "",
        roles: (found.roles ?? []) as Role[],
        region,
        scopes: ["event.receive"],
      };
      const event = parsed(body);
      const executed = await services.execute(receiveEvent, caller, {
        operationId: `webhook/${id}/${message.id}`,
        reason: `Reported by webhook ${found.webhook.title}`,
        webhookId: `Webhook:${id}`,
        messageId: message.id,
        sha256: createHash("sha256").update(body).digest("hex"),
        body: event,
        output: await services.pipeline.judgeReport(tenant, event),
      });
      if (!executed.ok) {
        const again = executed.problems.some(({ code }) => code === "OPERATION_ID_REUSED" || code === "CONFLICT");
        return again ? answer(409, "duplicate", executed.problems) : answer(403, "denied", executed.problems);
      }
      if (executed.replayed) return answer(409, "duplicate");
      const { accepted, problems } = executed.result;
      return accepted ? answer(202, "accepted") : answer(422, "refused", problems);
    });
  });
}

/** Sealed under another key than this process has or had, or changed in the database: nobody is at fault who sends, so they may try again. */
async function secretsOf({ webhooks, clock }: Services, tenant: string, webhook: StoredWebhook): Promise<string[]> {
  try {
    return openSecrets(await webhooks.vault(), tenant, webhook, clock.now());
  } catch (error) {
    const cause = new Error(
      `the secret of Webhook:${webhook.id} of ${tenant} can't be opened with keys/webhook.key of this process or the key before it: give this replica the keys of the others, or rotate the secret`,
      { cause: error },
    );
    throw new DomainError("UNAVAILABLE", "The message can't be checked just now; send it again later.", undefined, {
      cause,
    });
  }
}

const tell = (reply: FastifyReply, code: number, answer: WebhookAnswer) => reply.code(code).send(answer);

/** Undefined for what is no JSON, which no type's shape takes. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

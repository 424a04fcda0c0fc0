import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { DomainError, errorMessage } from "../errors.js";
import { LIMITS } from "../graphql/limits.js";
import { importClaims, type ImportEvent } from "../imports/claims.js";
import type { Services } from "../services.js";
import { callerOf } from "./session.js";

const KEY = /^[0-9a-f]{64}(\/\d{1,6})?$/;
const NAME = /^[^\p{Cc}]{1,200}$/u;

/** `POST /import/<kind>`: a stream of rows in, a stream of progress out; both JSON Lines, neither ever held whole. */
export function importRoutes(app: FastifyInstance, services: Services): void {
  app.register(async (routes) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser(["application/x-ndjson", "application/jsonl"], (_request, payload, done) =>
      done(null, payload),
    );

    routes.post("/import/claims", { bodyLimit: LIMITS.uploadBytes }, async (request, reply) => {
      const caller = callerOf(request);
      await services.demand(caller, "import");
      const key = request.headers["idempotency-key"];
      if (typeof key !== "string" || !KEY.test(key)) {
        throw DomainError.badInput(
          "Idempotency-Key",
          "The header Idempotency-Key must be the file's SHA-256 in hexadecimal, and /N behind it for its Nth part.",
        );
      }
      if (Number(request.headers["content-length"]) > LIMITS.uploadBytes) throw tooLong();
      const query = request.query as Readonly<Record<string, unknown>>;
      const name = typeof query.name === "string" && NAME.test(query.name) ? query.name : `file ${key.slice(0, 12)}`;
      const events = importClaims(services, {
        caller,
        key,
        reason: `Imported from ${name}`,
        dryRun: query["dry-run"] === "true",
        chunks: bounded(request.body as AsyncIterable<Uint8Array>),
      });
      // What goes wrong before the first event is an ordinary error; after it, the stream tells.
      const first = await events.next();
      return reply.type("application/x-ndjson").send(Readable.from(toLines(first, events, request.log)));
    });
  });
}

const tooLong = (): DomainError => DomainError.badInput("body", "An upload may have 100 MB; send the file in parts.");

async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > LIMITS.uploadBytes) throw tooLong();
    yield chunk;
  }
}

async function* toLines(
  first: IteratorResult<ImportEvent>,
  rest: AsyncGenerator<ImportEvent>,
  log: { error(details: object, message: string): void },
): AsyncGenerator<string> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield `${JSON.stringify(next.value)}\n`;
  } catch (error) {
    const known = error instanceof DomainError && error.code !== "INTERNAL";
    if (!known) log.error({ err: error }, "an import failed");
    const code = known ? error.code : "INTERNAL";
    yield `${JSON.stringify({ type: "failed", code, message: known ? errorMessage(error) : "Something went wrong on our side; batches that were told done stay done." })}\n`;
  }
}

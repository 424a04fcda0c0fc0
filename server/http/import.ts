import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DomainError, errorMessage } from "../errors.js";
import { LIMITS } from "../graphql/limits.js";
import { importClaims, type ImportEvent, type ImportRequest } from "../imports/claims.js";
import { importFeed } from "../imports/feed.js";
import { importKpis } from "../imports/kpis.js";
import { importPage, type DocumentRequest } from "../imports/page.js";
import { webAddress } from "../imports/reading.js";
import type { Services } from "../services.js";
import { callerOf } from "./session.js";

const KEY = /^[0-9a-f]{64}(\/\d{1,6})?$/;
const NAME = /^[^\p{Cc}]{1,200}$/u;

/** `POST /import/<kind>`: a stream of rows in, a stream of progress out; both JSON Lines, neither ever held whole. */
export function importRoutes(app: FastifyInstance, services: Services): void {
  // Each kind has its own media types; what comes as another is refused before anything is read.
  app.register(async (routes) => {
    takeOnly(routes, TYPES.claims);
    routes.post("/import/claims", options(TYPES.claims), async (request, reply) => {
      const taken = await taking(services, request);
      return answer(request, reply, importClaims(services, taken));
    });
  });
  app.register(async (routes) => {
    takeOnly(routes, TYPES.kpis);
    routes.post("/import/kpis", options(TYPES.kpis), async (request, reply) => {
      const taken = await taking(services, request);
      return answer(request, reply, importKpis(services, taken));
    });
  });
  app.register(async (routes) => {
    takeOnly(routes, TYPES.page);
    routes.post("/import/page", options(TYPES.page), async (request, reply) => {
      const taken = await taking(services, request);
      return answer(request, reply, importPage(services, placed(request, taken)));
    });
  });
  app.register(async (routes) => {
    takeOnly(routes, TYPES.feed);
    routes.post("/import/feed", options(TYPES.feed), async (request, reply) => {
      const taken = await taking(services, request);
      return answer(request, reply, importFeed(services, placed(request, taken)));
    });
  });
}

const options = (takes: readonly string[]) => ({ bodyLimit: LIMITS.uploadBytes, config: { takes } });

function takeOnly(routes: FastifyInstance, types: readonly string[]): void {
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser([...types], (_request, payload, done) => done(null, payload));
  routes.addHook("onResponse", async ({ raw }) => takeTheRest(raw));
}

/** How long somebody may go on sending what isn't read any more. */
const REST_MS = 10_000;

/** Who was answered before they had sent all may ask the next thing on the same connection: the rest is taken, and thrown away. */
function takeTheRest(raw: IncomingMessage): void {
  if (raw.complete) return;
  raw.resume();
  setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, REST_MS).unref();
}

/** Media types of each kind, without parameters. */
const TYPES = {
  claims: ["application/x-ndjson", "application/jsonl"],
  kpis: ["text/csv"],
  page: ["text/html", "application/xhtml+xml"],
  feed: [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
  ],
} as const;

/** Who imports what, judged before a byte is read. */
async function taking(services: Services, request: FastifyRequest): Promise<ImportRequest> {
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
  return {
    caller,
    key,
    reason: `Imported from ${name}`,
    dryRun: query["dry-run"] === "true",
    // Who stops reading leaves the stream whole; destroyed, it would hold up whatever comes behind it.
    chunks: bounded((request.body as Readable).iterator({ destroyOnReturn: false })),
  };
}

/** Where a document was read. The address only names it: whoever sends it has fetched it, and nothing here ever does. */
function placed(request: FastifyRequest, taken: ImportRequest): DocumentRequest {
  const { url } = request.query as Readonly<Record<string, unknown>>;
  const readAt = typeof url === "string" ? (webAddress(url) ?? fileAddress(url)) : null;
  if (readAt === null)
    throw DomainError.badInput(
      "url",
      "`url` must be the http or https address that it was read at, or the file: address of a file.",
    );
  const named = request.query as { name?: unknown };
  const reason = typeof named.name === "string" ? taken.reason : `Imported from ${readAt.slice(0, 500)}`;
  return { ...taken, reason, readAt, contentType: request.headers["content-type"] ?? null };
}

function fileAddress(given: string): string | null {
  const isFile = /^file:\/\/\//.test(given) && given.length <= 2_000 && URL.canParse(given);
  return isFile ? new URL(given).href : null;
}

async function answer(request: FastifyRequest, reply: FastifyReply, events: AsyncGenerator<ImportEvent>) {
  // What goes wrong before the first event is an ordinary error; after it, the stream tells.
  const first = await events.next();
  return reply.type("application/x-ndjson").send(Readable.from(toLines(first, events, request.log)));
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

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import helmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Scripts, styles and data come from here and from nowhere else; nothing stands in line, but for what the document's nonce allows. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
  },
};

const YEAR_S = 31_536_000;

/** What every answer tells browsers to refuse. Only in production is there a promise of https. */
export async function securityHeaders(
  app: FastifyInstance,
  { production }: { readonly production: boolean },
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    strictTransportSecurity: production && { maxAge: YEAR_S, includeSubDomains: true },
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
  });
}

/** Stands in the document for the nonce of its answer. */
const NONCE = "{{nonce}}";

/** The page's files; every address that isn't a file or an API is the page's own, which knows its routes. */
export async function pageRoutes(app: FastifyInstance, folder: string): Promise<void> {
  const document = join(folder, "index.html");
  if (!existsSync(document)) return;
  // Files are looked for when they are asked for: a rebuild under a running server brings others.
  const assets = join(folder, "assets");
  await app.register(fastifyStatic, { root: assets, prefix: "/assets/", index: false, cacheControl: false });
  app.addHook("onSend", async (request, reply) => {
    // The bundler puts a hash into the names under assets/, so they never change; the document does.
    reply.header(
      "cache-control",
      request.url.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-store",
    );
  });
  // The page's components put styles into the document that depend on its theme: a nonce, new each time, lets them.
  const sendDocument = async (reply: FastifyReply) =>
    reply
      .type("text/html; charset=utf-8")
      .send((await readFile(document, "utf8")).replaceAll(NONCE, reply.cspNonce.style));
  const withNonce = { helmet: { enableCSPNonces: true } };
  app.get("/", withNonce, (_request, reply) => sendDocument(reply));
  app.get("/*", withNonce, (request, reply) => {
    const wantsPage = request.headers.accept?.includes("text/html") === true;
    return wantsPage ? sendDocument(reply) : reply.callNotFound();
  });
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** Scripts, styles and data come from here and from nowhere else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export function securityHeaders(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply) => {
    reply.headers({
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
  });
}

/** The page's files; every address that isn't a file or an API is the page's own, which knows its routes. */
export async function pageRoutes(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, "index.html"))) return;
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
  app.get("/", (_request, reply) => reply.sendFile("index.html", folder));
  app.get("/*", (request, reply) => {
    const wantsPage = request.headers.accept?.includes("text/html") === true;
    return wantsPage ? reply.sendFile("index.html", folder) : reply.callNotFound();
  });
}

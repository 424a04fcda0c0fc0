import type { FastifyInstance, FastifyRequest } from "fastify";
import { DomainError } from "../errors.js";

const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Refuses what another site's page makes a browser send, since cookies may travel with it. Browsers say where a request
 * comes from and scripts can't forge that: `Sec-Fetch-Site` where they send it, else `Origin`. Whatever says neither is no
 * browser, and has no cookies that aren't its own. (The algorithm of Go's http.CrossOriginProtection.)
 */
export function refuseOtherSites(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    if (!SAFE_METHODS.includes(request.method) && !isOwn(request))
      throw new DomainError("FORBIDDEN", "Another site's page can't ask for this.");
  });
}

function isOwn({ headers, host }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  // `null` and nonsense are nobody's host; the scheme isn't compared, since a proxy may have taken https off.
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { TENANT_SLUG } from "../../graph-schema/node-id.js";
import { findPerson } from "../domains/principal/principal.service.js";
import { errorMessage } from "../errors.js";
import type { KeyRing } from "../identity/key-ring.js";
import { TICKET_SECONDS, type Oidc } from "../identity/oidc.js";
import type { Services } from "../services.js";
import { beginSession, cookieOptions } from "./session.js";

const TICKET_COOKIE = "throughline_oidc";
const CALLBACK = "/oidc/callback";

interface OidcOptions {
  readonly oidc: Oidc | null;
  readonly services: Services;
  readonly keys: KeyRing;
  readonly region: string;
  readonly production: boolean;
  readonly publicUrl: string | null;
}

/** Sign-in at an OpenID Connect provider, where one is configured. */
export function oidcRoutes(app: FastifyInstance, options: OidcOptions): void {
  const { oidc, services, keys, region, production } = options;
  // For the page that explains how to sign in.
  app.get("/sign-in/ways", async () => ({ link: true, oidc: oidc !== null }));
  if (oidc === null) return;

  const here = (request: FastifyRequest): string =>
    options.publicUrl ?? `${request.protocol}://${request.headers.host ?? ""}`;
  const ticketCookie = { ...cookieOptions(production), path: "/oidc" };
  // One answer for whoever isn't a member and for a tenant that isn't there: who guesses learns nothing.
  const refuse = (reply: FastifyReply, reason: "provider" | "stranger") =>
    reply.redirect(`/signed-out?reason=${reason}`, 303);

  app.get("/oidc/sign-in", async (request, reply) => {
    const { tenant } = request.query as { tenant?: unknown };
    if (tenant !== undefined && !(typeof tenant === "string" && TENANT_SLUG.test(tenant)))
      return refuse(reply, "stranger");
    try {
      const { url, ticket } = await oidc.begin(await keys.current(), {
        redirectUri: `${here(request)}${CALLBACK}`,
        tenantId: tenant ?? null,
      });
      return reply
        .setCookie(TICKET_COOKIE, ticket, { ...ticketCookie, maxAge: TICKET_SECONDS })
        .redirect(url.href, 303);
    } catch (error) {
      request.log.warn({ reason: errorMessage(error) }, "the OpenID Connect provider can't be used");
      return refuse(reply, "provider");
    }
  });

  app.get(CALLBACK, async (request, reply) => {
    // A ticket is for one sign-in, whatever becomes of it.
    reply.clearCookie(TICKET_COOKIE, ticketCookie);
    const current = await keys.current();
    let signedIn: Awaited<ReturnType<Oidc["finish"]>>;
    try {
      const address = new URL(`${here(request)}${request.url}`);
      signedIn = await oidc.finish(current, address, request.cookies[TICKET_COOKIE] ?? "");
    } catch (error) {
      // The message says what was wrong; the error itself may hold what the provider answered.
      request.log.warn({ reason: errorMessage(error) }, "a sign-in was refused");
      return refuse(reply, "provider");
    }
    const person = signedIn === null ? null : await findPerson(services.graph, signedIn, region);
    if (person === null) {
      request.log.warn({ tenant_id: signedIn?.tenantId ?? null }, "somebody signed in who isn't a member");
      return refuse(reply, "stranger");
    }
    return beginSession(reply, current, { ...person, region }, production);
  });
}

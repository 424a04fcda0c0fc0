import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Keys } from "../identity/keys.js";
import { linkIdentity, parseSignInLink } from "../identity/sign-in-link.js";
import { issueToken, verifyToken } from "../identity/tokens.js";
import { RESERVED_ACTORS, type Caller } from "../commands/caller.js";
import { BOOKMARK_COOKIE, BOOKMARK_HEADER, parseBookmark, type Bookmark } from "./bookmark.js";

export const SESSION_COOKIE = "throughline_session";
const SESSION_SECONDS = 12 * 60 * 60;

/** Cookies that scripts can't read, other sites can't send along, and in production no plain connection carries. */
export const cookieOptions = (production: boolean) =>
  ({ httpOnly: true, sameSite: "lax", path: "/", secure: production }) as const;

const bearer = (request: FastifyRequest): string | undefined =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? "")?.[1];

/** Who the request's token speaks for: its bearer token, else its session cookie; null without a valid one. */
export async function callerOfRequest(keys: Keys, region: string, request: FastifyRequest): Promise<Caller | null> {
  const token = bearer(request) ?? request.cookies[SESSION_COOKIE];
  const identity = token === undefined ? null : await verifyToken(keys, token);
  // A token names its region; elsewhere it opens nothing. Nobody comes in under the names of this process.
  if (identity === null || identity.region !== region || RESERVED_ACTORS.includes(identity.actor)) return null;
  const { actor, name, tenantId, roles } = identity;
  return { actor, name, tenantId, roles, region: identity.region };
}

/** What the request has seen already, if it says so in our words. */
export function bookmarkOfRequest(keys: Keys, caller: Caller | null, request: FastifyRequest): Bookmark | null {
  const header = request.headers[BOOKMARK_HEADER];
  const text = typeof header === "string" ? header : request.cookies[BOOKMARK_COOKIE];
  return caller === null || text === undefined ? null : parseBookmark(keys.bookmarkSecret, caller.tenantId, text);
}

/** Sign-in by link, for installations whose people are at the machine: the link is exchanged for a session cookie. */
export function signInRoutes(
  app: FastifyInstance,
  keys: Keys,
  { region, production }: { region: string; production: boolean },
): void {
  app.get("/sign-in", async (request, reply: FastifyReply) => {
    const { link } = request.query as { link?: unknown };
    if (typeof link !== "string") return reply.redirect("/signed-out", 303);
    const signIn = parseSignInLink(keys.linkSecret, link);
    if (signIn === null) {
      // At the beginning of time it was good, so it was signed by us: only then is anything told of it.
      const expired = parseSignInLink(keys.linkSecret, link, 0) !== null;
      return reply.redirect(`/signed-out?reason=${expired ? "expired" : "link"}`, 303);
    }
    const session = await issueToken(keys, linkIdentity(signIn, region), SESSION_SECONDS);
    return reply
      .setCookie(SESSION_COOKIE, session, { ...cookieOptions(production), maxAge: SESSION_SECONDS })
      .clearCookie(BOOKMARK_COOKIE, { path: "/" })
      .redirect("/", 303);
  });

  app.post("/sign-out", async (_request, reply) =>
    reply.clearCookie(SESSION_COOKIE, { path: "/" }).clearCookie(BOOKMARK_COOKIE, { path: "/" }).code(204).send(),
  );
}

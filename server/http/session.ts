import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RESERVED_ACTORS, type Caller } from "../commands/caller.js";
import type { Presence } from "../commands/presence.js";
import { DomainError } from "../errors.js";
import type { KeyRing } from "../identity/key-ring.js";
import { accepted, type Keys } from "../identity/keys.js";
import { linkIdentity, parseSignInLink } from "../identity/sign-in-link.js";
import { issueToken, verifyToken, type Identity } from "../identity/tokens.js";
import { BOOKMARK_COOKIE, BOOKMARK_HEADER, parseBookmark, type Bookmark } from "./bookmark.js";

export const SESSION_COOKIE = "throughline_session";
const SESSION_SECONDS = 12 * 60 * 60;

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls; null without a valid token. */
    caller: Caller | null;
    /** Why there is no caller, where it isn't for want of a token: the graph couldn't be asked what is left of it. */
    noCaller: DomainError | null;
  }
}

/** Cookies that scripts can't read, other sites can't send along, and in production no plain connection carries. */
export const cookieOptions = (production: boolean) =>
  ({ httpOnly: true, sameSite: "lax", path: "/", secure: production }) as const;

const bearer = (request: FastifyRequest): string | undefined =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? "")?.[1];

/** Who the request's token speaks for: its bearer token, else its session cookie; null without a valid one. */
async function callerOfRequest(keys: Keys, region: string, request: FastifyRequest): Promise<Caller | null> {
  const token = bearer(request) ?? request.cookies[SESSION_COOKIE];
  const identity = token === undefined ? null : await verifyToken(keys, token);
  // A token names its region; elsewhere it opens nothing. Nobody comes in under the names of this process.
  if (identity === null || identity.region !== region || RESERVED_ACTORS.includes(identity.actor)) return null;
  return identity;
}

/** Finds the caller of each request, with what the graph has left of their roles. Answers how to find them anew. */
export function sessions(
  app: FastifyInstance,
  { keys, region, presence }: { keys: KeyRing; region: string; presence: Presence },
): (request: FastifyRequest) => Promise<Caller | null> {
  const find = async (request: FastifyRequest): Promise<Caller | null> => {
    const caller = await callerOfRequest(await keys.current(), region, request);
    return caller === null ? null : presence(caller);
  };
  app.decorateRequest("caller", null);
  app.decorateRequest("noCaller", null);
  app.addHook("onRequest", async (request) => {
    try {
      request.caller = await find(request);
    } catch (error) {
      // Health and the page are answered all the same; whatever needs a caller tells this.
      if (!(error instanceof DomainError)) throw error;
      request.noCaller = error;
    }
  });
  return find;
}

/** Who calls, for routes that need somebody. */
export function callerOf({ caller, noCaller }: FastifyRequest): Caller {
  if (caller !== null) return caller;
  throw noCaller ?? new DomainError("UNAUTHENTICATED", "Send a valid token: `Authorization: Bearer …`.");
}

/** What the request has seen already, if it says so in our words. */
export function bookmarkOfRequest(keys: Keys, caller: Caller | null, request: FastifyRequest): Bookmark | null {
  const header = request.headers[BOOKMARK_HEADER];
  const text = typeof header === "string" ? header : request.cookies[BOOKMARK_COOKIE];
  if (caller === null || text === undefined) return null;
  return parseBookmark(accepted(keys.bookmarkSecret, keys.previous.bookmarkSecret), caller.tenantId, text);
}

/** Begins a session: the answer leads to the page, with a token in a cookie. */
export async function beginSession(
  reply: FastifyReply,
  keys: Keys,
  identity: Identity,
  production: boolean,
): Promise<FastifyReply> {
  const session = await issueToken(keys, identity, SESSION_SECONDS);
  return reply
    .setCookie(SESSION_COOKIE, session, { ...cookieOptions(production), maxAge: SESSION_SECONDS })
    .clearCookie(BOOKMARK_COOKIE, { path: "/" })
    .redirect("/", 303);
}

/** Sign-in by link, for installations whose people are at the machine: the link is exchanged for a session cookie. */
export function signInRoutes(
  app: FastifyInstance,
  ring: KeyRing,
  { region, production }: { region: string; production: boolean },
): void {
  app.get("/sign-in", async (request, reply: FastifyReply) => {
    const { link } = request.query as { link?: unknown };
    if (typeof link !== "string") return reply.redirect("/signed-out", 303);
    const keys = await ring.current();
    const secrets = accepted(keys.linkSecret, keys.previous.linkSecret);
    const signIn = parseSignInLink(secrets, link);
    if (signIn === null) {
      // At the beginning of time it was good, so it was signed by us: only then is anything told of it.
      const expired = parseSignInLink(secrets, link, 0) !== null;
      return reply.redirect(`/signed-out?reason=${expired ? "expired" : "link"}`, 303);
    }
    return beginSession(reply, keys, linkIdentity(signIn, region), production);
  });

  app.post("/sign-out", async (_request, reply) =>
    reply.clearCookie(SESSION_COOKIE, { path: "/" }).clearCookie(BOOKMARK_COOKIE, { path: "/" }).code(204).send(),
  );
}

import neo4j, { type AuthToken, type AuthTokenManager } from "neo4j-driver";

/** How long a password is used before it is asked for again. */
export const PASSWORD_MS = 2_000;

/**
 * Who we are to the database. A password that may change is looked up again every few seconds, when the driver takes a
 * connection: those that stand are signed in anew with it. The driver's own manager asks only once it was refused, and a
 * refused connection fails the query that wanted it.
 */
export function credentials(user: string, password: string | (() => Promise<string>)): AuthToken | AuthTokenManager {
  if (typeof password === "string") return neo4j.auth.basic(user, password);
  let known: { readonly token: Promise<AuthToken>; readonly until: number } | undefined;
  return {
    getToken() {
      if (known === undefined || known.until <= Date.now()) {
        const token = password().then((now) => neo4j.auth.basic(user, now));
        known = { token, until: Date.now() + PASSWORD_MS };
        token.catch(() => (known = undefined));
      }
      return known.token;
    },
    handleSecurityException() {
      known = undefined;
      return true;
    },
  };
}

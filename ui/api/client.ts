import { Client, fetchExchange } from "urql";

/** Longer than the server's own limit for reads, so that its explanation arrives before this one. */
const GIVE_UP_AFTER_MS = 15_000;

/** One client per page load: signing in or out loads the page anew, so no answer outlives its reader. */
export function createClient(): Client {
  return new Client({
    url: "/graphql",
    // No cache: the graph changes under the reader.
    exchanges: [fetchExchange],
    preferGetMethod: false,
    fetchOptions: {
      credentials: "same-origin",
      headers: { accept: "application/graphql-response+json, application/json" },
    },
    fetch: (input, init) => {
      const limit = AbortSignal.timeout(GIVE_UP_AFTER_MS);
      return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
    },
  });
}

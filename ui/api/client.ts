import { createClient as createStream } from "graphql-sse";
import { Client, fetchExchange, subscriptionExchange } from "urql";

/** Longer than the server's own limit for reads, so that its explanation arrives before this one. */
const GIVE_UP_AFTER_MS = 15_000;

/** One client per page load: signing in or out loads the page anew, so no answer outlives its reader. */
export function createClient(): Client {
  // A connection for each subscription, made anew whenever it is lost: the server may be restarted under the page.
  const stream = createStream({
    url: "/graphql/stream",
    credentials: "same-origin",
    retryAttempts: Infinity,
    retry: (retries) => new Promise((done) => setTimeout(done, Math.min(30_000, 1_000 * 2 ** retries))),
  });
  return new Client({
    url: "/graphql",
    // No cache: the graph changes under the reader.
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: stream.subscribe(
              { query: query ?? "", variables: variables as Record<string, unknown> },
              {
                next: (value) => sink.next(value as never),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
      fetchExchange,
    ],
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

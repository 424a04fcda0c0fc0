import type { TestApi } from "./api.js";

/** What a stream told, one message after the other. */
export interface StreamMessage {
  readonly event: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of any shape
  readonly data: any;
}

export interface TestStream {
  readonly status: number;
  readonly contentType: string;
  /** The body of an answer that is no stream. */
  readonly body: unknown;
  /** The next message; fails when none comes in time, or the stream is over. */
  next(ms?: number): Promise<StreamMessage>;
  /** Resolves once the server has ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

const parsed = (text: string): StreamMessage | null => {
  const event = /^event: ?(.*)$/m.exec(text)?.[1];
  const data = /^data: ?(.*)$/m.exec(text)?.[1];
  return event === undefined ? null : { event, data: data === undefined || data === "" ? null : JSON.parse(data) };
};

/** Opens a stream over HTTP, as graphql-sse's clients do. */
export async function openStream(
  api: Pick<TestApi, "url">,
  token: string | null,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<TestStream> {
  const gone = new AbortController();
  const answer = await fetch(`${api.url}/graphql/stream`, {
    method: "POST",
    signal: gone.signal,
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const contentType = answer.headers.get("content-type") ?? "";
  const messages: StreamMessage[] = [];
  let wake = (): void => {};
  let over = false;
  const isStream = contentType.startsWith("text/event-stream");
  const ended = isStream
    ? (async () => {
        let rest = "";
        const decoder = new TextDecoder();
        try {
          for await (const chunk of answer.body!) {
            rest += decoder.decode(chunk as Uint8Array, { stream: true });
            const parts = rest.split("\n\n");
            rest = parts.pop()!;
            messages.push(...parts.map(parsed).filter((message) => message !== null));
            wake();
          }
        } catch (error) {
          if (!gone.signal.aborted) throw error;
        }
        over = true;
        wake();
      })()
    : Promise.resolve();
  return {
    status: answer.status,
    contentType,
    body: isStream ? null : await answer.json(),
    ended,
    async next(ms = 20_000) {
      const until = Date.now() + ms;
      for (;;) {
        const message = messages.shift();
        if (message !== undefined) return message;
        if (over) throw new Error("the stream is over");
        const left = until - Date.now();
        if (left <= 0) throw new Error(`nothing came within ${ms} ms`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    close: () => gone.abort(),
  };
}

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * A provider of models on this machine that does what a test tells it, over real HTTP: it answers, or misbehaves as strangers'
 * servers do.
 */

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: { readonly model: string; readonly messages: readonly { role: string; content: string }[] } & Record<
    string,
    unknown
  >;
}
export type Reply = (response: ServerResponse, received: Received) => void;

export interface ModelServer {
  readonly url: string;
  readonly received: Received[];
  /** What it does with the next questions, in order; the last goes on. */
  next(...replies: Reply[]): void;
  close(): Promise<void>;
}

export async function startModelServer(...replies: Reply[]): Promise<ModelServer> {
  const received: Received[] = [];
  let queue = replies;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Received["body"];
      const one = { headers: request.headers, path: request.url ?? "", body };
      received.push(one);
      const [reply, ...rest] = queue;
      if (rest.length > 0) queue = rest;
      reply!(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    next: (...given) => void (queue = given),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const completion = (content: string, more: object = {}) =>
  JSON.stringify({
    choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 20 },
    ...more,
  });
const send = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);

/** Everything that it may do. */
export const reply = {
  says:
    (content: unknown, more: object = {}): Reply =>
    (response) =>
      void send(response, 200, completion(typeof content === "string" ? content : JSON.stringify(content), more)),
  with:
    (make: (received: Received) => unknown): Reply =>
    (response, received) =>
      void send(response, 200, completion(JSON.stringify(make(received)))),
  status:
    (status: number, headers: Record<string, string> = {}, body = '{"error":{"message":"no"}}'): Reply =>
    (response) =>
      void send(response, status, body, headers),
  raw:
    (body: string): Reply =>
    (response) =>
      void send(response, 200, body),
  /** Never answers. */
  hangs: (): Reply => () => undefined,
  /** Begins to answer, and stays there. */
  hangsInBody: (): Reply => (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"choices":[{"message":{"content":"');
  },
  /** Promises more than it sends. */
  cutsBody: (): Reply => (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"choices":[');
    setTimeout(() => response.destroy(), 20);
  },
  /** Goes on and on. */
  neverEnds: (): Reply => (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const chunk = Buffer.alloc(64_000, 32);
    const more = () => {
      while (!response.destroyed && response.write(chunk)) continue;
    };
    response.on("drain", more).on("error", () => undefined);
    more();
  },
} as const;

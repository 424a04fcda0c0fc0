import { Agent, request } from "node:http";

export interface HttpCaller {
  /** Sends a GraphQL document and answers the parsed body's data; an error in it is thrown. */
  post(document: string, variables: object): Promise<unknown>;
  close(): void;
}

/** One kept connection, as a server that calls another has it, and as little around it as can be. */
export function httpCaller(url: string, token?: string): HttpCaller {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    post: (document, variables) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(JSON.stringify({ query: document, variables }));
        const headers = { "content-type": "application/json", "content-length": body.length, ...authorization };
        const call = request(url, { method: "POST", agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("error", reject);
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            try {
              const answer = JSON.parse(text) as { data?: unknown; errors?: readonly unknown[] };
              if (answer.errors !== undefined || answer.data === undefined)
                throw new Error(`${url} answered ${text.slice(0, 500)}`);
              resolve(answer.data);
            } catch (error) {
              reject(error);
            }
          });
        });
        call.on("error", reject);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

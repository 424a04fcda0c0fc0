import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { allowedInput } from "../../test/kit/policy-input.js";
import { REMOTE_TIMEOUT_MS, remotePolicy } from "./remote.js";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An OPA server elsewhere, as far as we talk to it. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (body: unknown, status = 200) =>
  serve((_request, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
  );

const unavailable = { allow: false, denied: ["policy-unavailable"], approvals: 1 };

describe("a remote policy", () => {
  it("is asked the whole question, and its answer counts", async () => {
    const asked: unknown[] = [];
    const url = await serve(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      asked.push(request.method, request.url, JSON.parse(body));
      response.end(JSON.stringify({ result: { allow: false, denied: ["role"], approvals: 0 } }));
    });
    expect(await remotePolicy(`${url}/base`).decide(allowedInput())).toEqual({
      allow: false,
      denied: ["role"],
      approvals: 0,
    });
    expect(asked).toEqual(["POST", "/base/v1/data/throughline/decision", { input: allowedInput() }]);
  });

  it("stands in the audit by where it is", () => {
    expect(remotePolicy("https://opa.example:8181/base").hash).toBe("remote opa.example:8181");
  });

  it.each([
    ["is undefined", {}],
    ["is a bare true", { result: true }],
    ["allows what it denies", { result: { allow: true, denied: ["role"], approvals: 0 } }],
    ["denies without a rule", { result: { allow: false, denied: [], approvals: 0 } }],
    ["names a rule that nobody knows", { result: { allow: false, denied: ["whim"], approvals: 0 } }],
    ["needs less than no approver", { result: { allow: true, denied: [], approvals: -1 } }],
  ])("denies when the answer %s", async (_, body) => {
    expect(await remotePolicy(await json(body)).decide(allowedInput())).toEqual(unavailable);
  });

  it("denies when the server fails, sends elsewhere or isn't there", async () => {
    const allow = { result: { allow: true, denied: [], approvals: 0 } };
    expect(await remotePolicy(await json(allow, 500)).decide(allowedInput())).toEqual(unavailable);
    server?.close();
    const target = await json(allow);
    const first = server;
    const moved = await serve((_request, response) => response.writeHead(307, { location: target }).end());
    expect(await remotePolicy(moved).decide(allowedInput())).toEqual(unavailable);
    first?.close();
    const gone = await json(allow);
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    expect(await remotePolicy(gone).decide(allowedInput())).toEqual(unavailable);
  });

  it("denies when the answer is late, and waits no longer", async () => {
    const url = await serve(() => {});
    const before = performance.now();
    expect(await remotePolicy(url).decide(allowedInput())).toEqual(unavailable);
    expect(performance.now() - before).toBeGreaterThan(REMOTE_TIMEOUT_MS * 0.9);
    expect(performance.now() - before).toBeLessThan(REMOTE_TIMEOUT_MS * 6);
  });
});

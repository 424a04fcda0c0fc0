import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { loadConfig } from "../../server/config.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startServer, type RunningServer } from "../../server/main.js";
import { createServices } from "../../server/services.js";
import { projectRoot } from "../kit/project-root.js";

import type {} from "../kit/graph.js";

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a server whose database is down", () => {
  let home: string;
  let graph: Graph;
  let server: RunningServer;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-down-"));
    graph = openGraph({ uri: `bolt://127.0.0.1:${await deadPort()}`, user: "neo4j", password: "x" });
    const config = loadConfig({ THROUGHLINE_HOME: home }, projectRoot);
    server = await startServer({ config, services: createServices({ graph }), projectRoot, port: 0 });
  });
  afterAll(async () => {
    await server.close();
    await graph.close();
    await rm(home, { recursive: true, force: true });
  });

  it("is alive but not ready, and says why", async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      ready: false,
      reason: "The database can't be reached just now; try again shortly.",
    });
  });

  it("answers questions and changes with UNAVAILABLE", async () => {
    const keys = await loadOrCreateKeys(home);
    const token = await issueToken(
      keys,
      { actor: "tester", name: "T", tenantId: "demo", roles: ["editor"], region: "local" },
      600,
    );
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const query = "{ topics { totalCount edges { node { id } } } }";
    const answer = await fetch(`${server.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
    expect(answer.headers.get("content-type")).toMatch(/json/);
    const body = (await answer.json()) as { errors: { message: string; extensions: object }[] };
    expect(body.errors[0]).toMatchObject({
      message: "The database can't be reached just now; try again shortly.",
      extensions: { code: "UNAVAILABLE", correlationId: expect.any(String) },
    });
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|bolt|    at /);
    const imported = await fetch(`${server.url}/import/claims`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/x-ndjson", "idempotency-key": "0".repeat(64) },
      body: '{"claim":"a","evidence":"b","label":"NEI","source_title":"c","source_url":"https://d.example/"}\n',
    });
    expect([imported.status, await imported.json()]).toMatchObject([503, { error: { code: "UNAVAILABLE" } }]);
  });
});

describe("a server whose database refuses its password", () => {
  const logged: string[] = [];
  let home: string;
  let graph: Graph;
  let server: RunningServer;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-refused-"));
    // A user of its own: the database shuts out one whose password was wrong too often.
    graph = openGraph({ uri: inject("database").uri, user: "stranger", password: "wrong" });
    const config = loadConfig({ THROUGHLINE_HOME: home }, projectRoot);
    const log = pino({ level: "warn" }, { write: (line) => void logged.push(line) });
    server = await startServer({ config, services: createServices({ graph }), projectRoot, port: 0, log });
  });
  afterAll(async () => {
    await server.close();
    await graph.close();
    await rm(home, { recursive: true, force: true });
  });

  it("tells callers only that it can't be used, and the log and the operator what to check", async () => {
    const keys = await loadOrCreateKeys(home);
    const who = { actor: "tester", name: "T", tenantId: "demo", roles: ["editor"], region: "local" } as const;
    const headers = { "content-type": "application/json", authorization: `Bearer ${await issueToken(keys, who, 600)}` };
    const jsonl = { ...headers, "content-type": "application/x-ndjson", "idempotency-key": "0".repeat(64) };
    const row = '{"claim":"a","evidence":"b","label":"NEI","source_title":"c","source_url":"https://d.example/"}\n';
    const asks: Record<string, RequestInit> = {
      "/graphql": { method: "POST", headers, body: JSON.stringify({ query: "{ topics { totalCount } }" }) },
      "/import/claims": { method: "POST", headers: jsonl, body: row },
      "/readyz": {},
    };
    for (const [path, ask] of Object.entries(asks)) {
      logged.length = 0;
      const answer = await fetch(`${server.url}${path}`, ask);
      const text = await answer.text();
      expect(text, path).toContain("The database can't be used just now");
      expect(text, path).not.toMatch(/NEO4J|password|stranger/i);
      const correlationId = answer.headers.get("x-correlation-id")!;
      expect(text.includes(correlationId), path).toBe(path !== "/readyz");
      const line = logged.find((one) => one.includes(correlationId));
      expect(line, path).toContain("check NEO4J_USER and NEO4J_PASSWORD");
    }
    await expect(graph.ping()).rejects.toThrow("check NEO4J_USER and NEO4J_PASSWORD");
  });
});

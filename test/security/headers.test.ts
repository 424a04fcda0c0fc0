import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../server/config.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startServer } from "../../server/main.js";
import { createServices } from "../../server/services.js";
import { startApi, type GraphQLAnswer, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { projectRoot } from "../kit/project-root.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * What browsers are told to refuse, and what we refuse of them: other sites' requests, and everybody's look at metrics.
 */

const METRICS_TOKEN = "a-token-for-metrics";
const VIEWER = "{ viewer { name } }";

let development: TestApi;
let production: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  development = await startApi();
  production = await startApi({ NODE_ENV: "production", THROUGHLINE_METRICS_TOKEN: METRICS_TOKEN });
  tenant = await newTenant();
});
afterAll(async () => {
  await development.close();
  await production.close();
});

/** Answers of every kind: files, JSON, errors of each layer, redirects. */
const ADDRESSES = [
  "/",
  "/healthz",
  "/readyz",
  "/metrics",
  "/graphql",
  "/graphql?query=%7B__typename%7D",
  "/import/claims",
  "/sign-in",
  "/sign-in?link=x",
  "/signed-out",
  "/assets/nothing.js",
  "/nowhere",
];

describe("the headers of every answer", () => {
  const EVERY: Readonly<Record<string, RegExp>> = {
    "content-security-policy": /^default-src 'none';.*base-uri 'none';form-action 'self';frame-ancestors 'none'$/,
    "cross-origin-opener-policy": /^same-origin$/,
    "cross-origin-resource-policy": /^same-origin$/,
    "referrer-policy": /^no-referrer$/,
    "x-content-type-options": /^nosniff$/,
    "x-frame-options": /^DENY$/,
  };

  it("say what browsers must refuse, and nothing of what we are made of", async () => {
    let answers = 0;
    for (const api of [development, production]) {
      for (const address of ADDRESSES) {
        for (const init of [{}, { method: "POST" }, { headers: { accept: "text/html" } }]) {
          const { headers } = await fetch(`${api.url}${address}`, { ...init, redirect: "manual" });
          answers++;
          for (const [name, value] of Object.entries(EVERY))
            expect(headers.get(name), `${name} of ${address}`).toMatch(value);
          const policy = headers.get("content-security-policy")!;
          expect(policy, address).not.toMatch(/unsafe|\*|https?:/);
          expect(headers.get("x-powered-by"), address).toBeNull();
          expect(headers.get("server"), address).toBeNull();
          expect(headers.get("access-control-allow-origin"), address).toBeNull();
          expect(headers.get("strict-transport-security") !== null, address).toBe(api === production);
        }
      }
    }
    console.log(
      `headers: ${answers} answers of ${ADDRESSES.length} addresses, ${Object.keys(EVERY).length} headers on each`,
    );
  });

  it.skipIf(!existsSync(join(projectRoot, "dist/ui/index.html")))(
    "let the page's own styles through by a nonce that no two answers share",
    async () => {
      const nonces = new Set<string>();
      for (const path of ["/", "/lineage/Claim:01J", "/", "/signed-out"]) {
        const answer = await fetch(`${development.url}${path}`, { headers: { accept: "text/html" } });
        const html = await answer.text();
        const policy = answer.headers.get("content-security-policy")!;
        const nonce = /style-src 'self' 'nonce-([\w+/=-]{16,})'/.exec(policy)?.[1] ?? "";
        expect(html).toContain(`<meta property="csp-nonce" nonce="${nonce}"`);
        expect(html).not.toContain("{{");
        // Nothing in the document itself runs or styles in line.
        expect(html).not.toMatch(/<style|style="|<script(?![^>]*\bsrc=)|\bon\w+="/);
        nonces.add(nonce);
      }
      expect(nonces.size).toBe(4);
    },
  );
});

describe("a request of another site's page", () => {
  const own = () => new URL(development.url).origin;
  const cases = (): [who: string, headers: Record<string, string>, passes: boolean][] => [
    ["our page", { "sec-fetch-site": "same-origin", origin: own() }, true],
    ["our page in an older browser", { origin: own() }, true],
    ["a bookmark", { "sec-fetch-site": "none" }, true],
    ["a program", {}, true],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, false],
    ["another site in an older browser", { origin: "https://evil.example" }, false],
    ["another site without an origin", { "sec-fetch-site": "cross-site" }, false],
    ["a sister site", { "sec-fetch-site": "same-site", origin: own() }, false],
    ["another port", { origin: `http://127.0.0.1:1` }, false],
    ["our name in another's", { origin: `${own()}.evil.example` }, false],
    ["a sandboxed frame", { origin: "null" }, false],
    ["nonsense", { origin: "::::" }, false],
    ["nonsense about itself", { "sec-fetch-site": "same-origin, cross-site", origin: own() }, false],
  ];

  async function sessionCookie(): Promise<string> {
    const signedIn = await fetch(development.signInLink(tenant.id, "editor"), { redirect: "manual" });
    return signedIn.headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith("throughline_session="))!
      .split(";")[0]!;
  }

  it("changes nothing, whatever it says it is, wherever it goes", async () => {
    const cookie = await sessionCookie();
    const body = (title: string) =>
      JSON.stringify({
        query: "mutation ($input: CreateTopicInput!) { createTopic(input: $input) { problems { code } } }",
        variables: { input: { title, operationId: operationId(), reason: "a test" } },
      });
    let refused = 0;
    for (const [who, headers, passes] of cases()) {
      for (const [path, type] of [
        ["/graphql", "application/json"],
        ["/import/claims", "application/x-ndjson"],
        ["/sign-out", ""],
      ] as const) {
        const answer = await fetch(`${development.url}${path}`, {
          method: "POST",
          headers: { cookie, ...(type === "" ? {} : { "content-type": type }), ...headers },
          ...(type === "" ? {} : { body: path === "/graphql" ? body(who) : "\n" }),
        });
        const text = await answer.text();
        const forbidden = answer.status === 403 && text.includes('"FORBIDDEN"');
        expect(forbidden, `${who} at ${path}: ${answer.status}`).toBe(!passes);
        // Only our own page signs anybody out.
        expect(answer.headers.getSetCookie().length > 0, `${who} at ${path}`).toBe(passes && path !== "/import/claims");
        refused += forbidden ? 1 : 0;
      }
    }
    const { data } = await development.ask(tenant.id, "{ topics(first: 100) { edges { node { title } } } }");
    const titles = data.topics.edges.map(({ node }: { node: { title: string } }) => node.title);
    expect(titles.toSorted()).toEqual(
      cases()
        .flatMap(([who, , passes]) => (passes ? [who] : []))
        .toSorted(),
    );
    console.log(`csrf: ${refused} requests of other sites with a valid cookie, ${refused} refused`);
  });

  it("can't read with GET either, nor pass for JSON what a form can send", async () => {
    const cookie = await sessionCookie();
    const forms = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""];
    for (const type of forms) {
      const answer = await fetch(`${development.url}/graphql`, {
        method: "POST",
        headers: { cookie, ...(type === "" ? {} : { "content-type": type }) },
        body: new TextEncoder().encode(JSON.stringify({ query: VIEWER })),
      });
      expect(answer.status, type).toBeGreaterThanOrEqual(400);
      expect(await answer.text(), type).not.toContain('"data":{');
    }
    const query = `query=${encodeURIComponent(VIEWER)}`;
    const read = await fetch(`${development.url}/graphql?${query}`, { headers: { cookie } });
    expect(read.status).toBe(400);
    const mutation = `query=${encodeURIComponent("mutation { __typename }")}`;
    const change = await fetch(`${development.url}/graphql?${mutation}`, {
      headers: { cookie, "apollo-require-preflight": "true" },
    });
    expect(change.status).toBe(405);
  });

  it("has no cookie of ours that scripts can read or other sites' posts carry", async () => {
    for (const api of [development, production]) {
      const { headers } = await fetch(api.signInLink(tenant.id, "editor"), { redirect: "manual" });
      const session = headers.getSetCookie().find((cookie) => cookie.startsWith("throughline_session="))!;
      expect(session).toMatch(/HttpOnly/);
      expect(session).toMatch(/SameSite=(Lax|Strict)/);
      expect(/; Secure/.test(session)).toBe(api === production);
    }
  });
});

describe("metrics", () => {
  const status = async (api: TestApi, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${api.url}/metrics`, { headers: { accept: "*/*", ...headers } })).status;

  it("are this machine's own, and not for whom a proxy on it speaks", async () => {
    expect(await status(development)).toBe(200);
    for (const header of ["x-forwarded-for", "forwarded", "via", "x-forwarded-host"])
      expect(await status(development, { [header]: "203.0.113.7" }), header).toBe(404);
  });

  it("are for whoever has the token, where there is one", async () => {
    expect(await status(production, { authorization: `Bearer ${METRICS_TOKEN}` })).toBe(200);
    expect(
      await status(production, { authorization: `Bearer ${METRICS_TOKEN}`, "x-forwarded-for": "203.0.113.7" }),
    ).toBe(200);
    const session = await production.token(tenant.id, "tenant-admin");
    for (const authorization of ["", "Bearer ", `Bearer ${METRICS_TOKEN}x`, METRICS_TOKEN, `Bearer ${session}`])
      expect(await status(production, authorization === "" ? {} : { authorization }), authorization).toBe(404);
  });
});

describe("what goes wrong on our side", () => {
  it("is told without a word of what it was", async () => {
    const secret = "bolt://neo4j:hunter2@10.0.0.7 at Object.<anonymous> (/srv/app/server.js:1:1)";
    const fail = (): never => {
      throw new Error(secret);
    };
    const home = await mkdtemp(join(tmpdir(), "throughline-masked-"));
    const config = loadConfig({ THROUGHLINE_HOME: home, NODE_ENV: "production" }, projectRoot);
    const services = {
      ...createServices({ graph: testGraph() }),
      execute: fail,
      judge: fail,
      demand: fail,
      clock: { now: fail, observe: fail },
    };
    const half = { ...services, clock: createServices({ graph: testGraph() }).clock };
    const logged: string[] = [];
    const log = pino({ level: "error" }, { write: (line) => void logged.push(line) });
    const keys = await loadOrCreateKeys(home);
    const who = { actor: "tester", name: "T", tenantId: tenant.id, roles: ["editor"], region: "local" } as const;
    const authorization = `Bearer ${await issueToken(keys, who, 600)}`;
    const json = { authorization, "content-type": "application/json" };
    const query =
      'mutation { createTopic(input: { title: "x", operationId: "12345678", reason: "x" }) { problems { code } } }';
    const rows = { authorization, "content-type": "application/x-ndjson", "idempotency-key": "0".repeat(64) };
    for (const broken of [services, half]) {
      const server = await startServer({ config, services: broken, projectRoot, port: 0, log });
      for (const [path, init] of [
        ["/graphql", { method: "POST", headers: json, body: JSON.stringify({ query }) }],
        ["/import/claims", { method: "POST", headers: rows, body: "\n" }],
      ] as const) {
        logged.length = 0;
        const answer = await fetch(`${server.url}${path}`, init);
        const text = await answer.text();
        expect(text).toMatch(/INTERNAL|"correlationId"/);
        expect(text).not.toMatch(/hunter2|bolt|10\.0\.0\.7|server\.js|stack/);
        const told = JSON.parse(text) as GraphQLAnswer & { error?: { correlationId: string } };
        const correlationId = told.error?.correlationId ?? told.errors?.[0]?.extensions.correlationId;
        // Whoever runs it finds all of it by the id that the caller was told.
        expect(logged.join("")).toContain("hunter2");
        expect(logged.join("")).toContain(correlationId);
      }
      await server.close();
    }
    await rm(home, { recursive: true, force: true });
  });
});

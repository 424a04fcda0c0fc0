import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BOOKMARK_COOKIE, BOOKMARK_HEADER, formatBookmark } from "../../server/http/bookmark.js";
import { formatSignInLink } from "../../server/identity/sign-in-link.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startApi, type GraphQLAnswer, type TestApi } from "../kit/api.js";
import { newTenant, operationId } from "../kit/tenant.js";

const VIEWER = "query Api_Viewer { viewer { actor name roles tenant { id } } }";
const CREATE = `mutation Api_Create($input: CreateTopicInput!) { createTopic(input: $input) { topic { id title version } operationId replayed problems { code path message } } }`;
const input = (title: string) => ({ title, operationId: operationId(), reason: "a test" });

describe("the API over HTTP", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  interface Answer extends GraphQLAnswer {
    status: number;
    headers: Headers;
    text: string;
    error?: { code: string; message: string; correlationId: string };
  }
  async function post(body: string | object, headers: Record<string, string> = {}, path = "/graphql"): Promise<Answer> {
    const answer = await fetch(`${api.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, ...(JSON.parse(text) as GraphQLAnswer) };
  }
  const bearer = async (tenantId: string) => ({ authorization: `Bearer ${await api.token(tenantId, "editor")}` });

  describe("read your writes", () => {
    it("shows the noun in the mutation's own answer, and gives a bookmark that a later read brings along", async () => {
      const t = await newTenant();
      const auth = await bearer(t.id);
      const made = await post({ query: CREATE, variables: { input: input("Fresh") } }, auth);
      expect(made.errors).toBeUndefined();
      expect(made.data.createTopic).toMatchObject({
        topic: { title: "Fresh", version: 1 },
        replayed: false,
        problems: [],
      });
      const bookmark = made.headers.get(BOOKMARK_HEADER)!;
      expect(bookmark).toBeTruthy();
      expect(made.headers.getSetCookie().find((cookie) => cookie.startsWith(`${BOOKMARK_COOKIE}=`))).toMatch(
        /HttpOnly.*SameSite=Lax/,
      );
      const query = { query: "{ topics { edges { node { id } } } }" };
      for (const headers of [{ [BOOKMARK_HEADER]: bookmark }, { cookie: `${BOOKMARK_COOKIE}=${bookmark}` }]) {
        const read = await post(query, { ...auth, ...headers });
        expect(read.data.topics.edges.map((e: { node: { id: string } }) => e.node.id)).toEqual([
          made.data.createTopic.topic.id,
        ]);
      }
    });

    it("ignores a bookmark that we didn't sign, or signed for another tenant; its own it takes at its word", async () => {
      const t = await newTenant();
      const auth = await bearer(t.id);
      const { bookmarkSecret } = api.keys;
      const never = { bookmarks: ["FB:neverwas"], at: Date.now() };
      const foreign = formatBookmark(bookmarkSecret, { tenantId: t.twinId, ...never });
      const forged = formatBookmark(Buffer.alloc(32), { tenantId: t.id, ...never });
      for (const text of [
        "",
        "x",
        ".",
        "a.b",
        "a.b.c",
        foreign,
        forged,
        `${formatBookmark(bookmarkSecret, { tenantId: t.id, ...never })}x`.replace("x", "AAAA"),
        "x".repeat(4_000),
      ]) {
        for (const headers of [{ [BOOKMARK_HEADER]: text }, { cookie: `${BOOKMARK_COOKIE}=${text}` }]) {
          const read = await post({ query: VIEWER }, { ...auth, ...headers });
          expect(read.errors, text).toBeUndefined();
        }
      }
      const own = await post(
        { query: VIEWER },
        { ...auth, [BOOKMARK_HEADER]: formatBookmark(bookmarkSecret, { tenantId: t.id, ...never }) },
      );
      expect(own.errors).toHaveLength(1);
    });
  });

  describe("who", () => {
    it("wants a token of ours, for this region and in its time", async () => {
      const t = await newTenant();
      const identity = { actor: "tester", name: "T", tenantId: t.id, roles: ["analyst"], region: "local" } as const;
      const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
      const stranger = await issueToken({ ...api.keys, privateKey }, identity, 600);
      const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${(await issueToken(api.keys, identity, 600)).split(".")[1]}.`;
      const hmac = await new SignJWT({ tenant: t.id, name: "T", roles: ["analyst"], region: "local" })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject("tester")
        .setExpirationTime("1h")
        .sign(Buffer.alloc(32));
      const tokens = [
        "",
        "x",
        stranger,
        unsigned,
        hmac,
        await issueToken(api.keys, { ...identity, region: "elsewhere" }, 600),
        await issueToken(api.keys, identity, -60),
        await issueToken(api.keys, { ...identity, actor: "seed" }, 600),
        await issueToken(api.keys, { ...identity, actor: "system" }, 600),
        await issueToken(api.keys, { ...identity, tenantId: "no-such-tenant" }, 600),
      ];
      for (const token of tokens) {
        const { errors, data } = await post(
          { query: VIEWER },
          token === "" ? {} : { authorization: `Bearer ${token}` },
        );
        expect(errors?.[0]?.extensions, token.slice(0, 30)).toMatchObject({
          code: "UNAUTHENTICATED",
          correlationId: expect.any(String),
        });
        expect(data).toBeNull();
      }
      for (const query of [
        "{ topics { edges { node { id } } } }",
        '{ search(text: "x") { totalCount } }',
        `{ node(id: "${t.channelId}") { id } }`,
        `{ lineage(id: "${t.channelId}") { total } }`,
        `{ impact(id: "${t.channelId}") { id } }`,
      ]) {
        expect((await post({ query })).errors?.[0]?.extensions.code, query).toBe("UNAUTHENTICATED");
      }
      const written = await post({ query: CREATE, variables: { input: input("x") } });
      expect(written.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
      const ghost = await post({ query: CREATE, variables: { input: input("x") } }, await bearer("no-such-tenant"));
      expect(ghost.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    });

    it("takes a sign-in link for a session cookie, and signs out", async () => {
      const t = await newTenant();
      const signedIn = await fetch(api.signInLink(t.id, "analyst"), { redirect: "manual" });
      expect(signedIn.status).toBe(303);
      expect(signedIn.headers.get("location")).toBe("/");
      const cookie = signedIn.headers
        .getSetCookie()
        .find((one) => one.startsWith("throughline_session=") && !one.startsWith("throughline_session=;"))!;
      expect(cookie).toMatch(/HttpOnly/);
      expect(cookie).toMatch(/SameSite=Lax/);
      const session = { cookie: cookie.split(";")[0]! };
      const { data } = await post({ query: VIEWER }, session);
      expect(data.viewer).toMatchObject({ roles: ["analyst"], tenant: { id: `Tenant:${t.id}` } });
      // Another site's form can't use the cookie: it can't send JSON.
      const form = await fetch(`${api.url}/graphql`, {
        method: "POST",
        headers: { ...session, "content-type": "text/plain" },
        body: JSON.stringify({ query: VIEWER }),
      });
      expect(form.status).toBeGreaterThanOrEqual(400);
      const image = await fetch(`${api.url}/graphql?query=${encodeURIComponent(VIEWER)}`, { headers: session });
      expect(image.status).toBe(400);
      const out = await fetch(`${api.url}/sign-out`, { method: "POST", headers: session });
      expect(out.status).toBe(204);
      expect(out.headers.getSetCookie().find((one) => one.startsWith("throughline_session="))).toMatch(
        /throughline_session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/,
      );
      for (const link of ["x", "", "a.b.c"]) {
        const refused = await fetch(`${api.url}/sign-in?link=${link}`, { redirect: "manual" });
        expect(refused.headers.getSetCookie()).toEqual([]);
        expect(refused.headers.get("location")).toBe("/signed-out?reason=link");
      }
      const late = formatSignInLink(api.keys.linkSecret, { tenantId: t.id, role: "analyst", expiresAt: 1_700_000_000 });
      for (const [query, page] of [
        [`?link=${late}`, "/signed-out?reason=expired"],
        ["", "/signed-out"],
        ["?link=a&link=b", "/signed-out"],
      ] as const) {
        const refused = await fetch(`${api.url}/sign-in${query}`, { redirect: "manual" });
        expect([refused.status, refused.headers.get("location")], query).toEqual([303, page]);
        expect(refused.headers.getSetCookie(), query).toEqual([]);
      }
    });

    it("finds another tenant's things as little as what never was, in the same words", async () => {
      const [mine, theirs] = [await newTenant(), await newTenant()];
      const ask = async (query: string) => await post({ query }, await bearer(mine.id));
      const never = "Channel:01JD3Z5X9QW8R7T6Y5V4N3M2K1";
      for (const id of [theirs.channelId, never]) {
        expect((await ask(`{ node(id: "${id}") { id } }`)).data).toEqual({ node: null });
        const found = await ask(`{ lineage(id: "${id}") { total } }`);
        expect(found.errors?.[0]).toMatchObject({
          message: "There is no such thing, or it isn't yours to see.",
          extensions: { code: "NOT_FOUND" },
        });
        expect(found.text).not.toContain(id);
        const linked = await post(
          {
            query: `mutation ($input: CreateEpisodeInput!) { createEpisode(input: $input) { episode { id } problems { code path message } } }`,
            variables: { input: { ...input("x"), channelId: id } },
          },
          await bearer(mine.id),
        );
        expect(linked.data.createEpisode).toEqual({
          episode: null,
          problems: [
            { code: "NOT_FOUND", path: "channelId", message: "There is no such thing, or it isn't yours to see." },
          ],
        });
      }
    });
  });

  describe("bad input", () => {
    it("gets a JSON error with a code and a correlation id, and neither stack nor HTML nor names of the schema", async () => {
      const t = await newTenant();
      const auth = await bearer(t.id);
      const aliases = (n: number) => `{ ${Array.from({ length: n }, (_, i) => `a${i}: viewer { name }`).join(" ")} }`;
      const nested = (n: number) =>
        `{ scenes { edges { node { ${"episode { scenes { ".repeat(n)} id ${"} }".repeat(n)} } } } }`;
      const tokens = (n: number) => `{ search(text: "x", labels: [${"CLAIM ".repeat(n)}]) { totalCount } }`;
      const directives = (n: number) => `{ viewer { name ${"@skip(if: false) ".repeat(n)} } }`;
      const spread = `{ viewer { ...A } } ${Array.from({ length: 30 }, (_, i) => `fragment ${String.fromCharCode(65 + (i % 26))}${i < 26 ? "" : i} on Viewer { name }`).join(" ")}`;
      const documents: [string, string][] = [
        ["1,000 aliases", aliases(1_000)],
        ["16 aliases", aliases(16)],
        ["17 times __typename", `{ ${"__typename ".repeat(17)} }`],
        ["deep nesting", nested(20)],
        ["2,001 tokens", tokens(2_001 - 13)],
        ["4 directives on a field", directives(4)],
        [
          "21 directives",
          `{ viewer { ${Array.from({ length: 11 }, (_, i) => `${i % 2 ? "name" : "actor"} @skip(if: false) @include(if: true)`).join(" ")} } }`,
        ],
        ["no document", ""],
        ["a syntax error", "{ viewer {"],
        ["an unknown field", "{ viewr { name } }"],
        ["an unknown argument", "{ topics(frist: 1) { totalCount } }"],
        ["an unknown type", "{ viewer { ... on Viewr { name } } }"],
        ["an unknown directive", "{ viewer { name @skp(if: true) } }"],
        ["an unknown enum value", '{ lineage(id: "x", direction: UPSTREEM) { total } }'],
        ["unused fragments", spread],
        ["two operations and no name", "query A { viewer { name } } query B { viewer { name } }"],
        ["a subscription", "subscription { x }"],
        ["a fragment within itself", "{ viewer { ...V } } fragment V on Viewer { name ...V }"],
      ];
      for (const [name, query] of documents) {
        const answer = await post({ query }, auth);
        expect(answer.status, name).toBe(400);
        expect(answer.headers.get("content-type"), name).toMatch(/^application\/(json|graphql-response\+json)/);
        expect(answer.errors!.length, name).toBeLessThanOrEqual(5);
        expect(answer.errors?.[0]?.extensions, name).toMatchObject({
          code: "BAD_INPUT",
          correlationId: expect.stringMatching(/^[\w.:-]{8,64}$/),
        });
        expect(answer.text, name).not.toMatch(/did you mean|stacktrace|node_modules|    at /i);
        expect(answer.data, name).toBeFalsy();
      }
      for (const [name, query] of [
        ["15 aliases", aliases(15)],
        ["1,900 tokens", tokens(1_900)],
        ["4 levels and 4 more", nested(2)],
      ] as const) {
        expect((await post({ query }, auth)).errors, name).toBeUndefined();
      }
    });

    it("may be no JSON, no object, too long or of another type, and is told so in JSON", async () => {
      const t = await newTenant();
      const auth = await bearer(t.id);
      const bodies: [string, number, string, Record<string, string>][] = [
        ["malformed", 400, '{"query": "{ viewer { name } }"', {}],
        ["empty", 400, "", {}],
        ["a number", 400, "1", {}],
        ["a text", 400, '"x"', {}],
        ["null", 400, "null", {}],
        ["a list", 400, JSON.stringify([{ query: VIEWER }]), {}],
        ["no query", 400, "{}", {}],
        ["query a number", 400, '{"query": 1}', {}],
        ["variables a text", 400, JSON.stringify({ query: VIEWER, variables: "x" }), {}],
        ["variables a list", 400, JSON.stringify({ query: VIEWER, variables: [1] }), {}],
        ["5 MB", 413, JSON.stringify({ query: CREATE, variables: { input: input("x".repeat(5_000_000)) } }), {}],
        ["XML", 415, "<a/>", { "content-type": "application/xml" }],
        ["a form", 415, "query=x", { "content-type": "application/x-www-form-urlencoded" }],
        ["poisoned", 400, '{"__proto__": {"x": 1}, "query": "{ viewer { name } }"}', {}],
      ];
      for (const [name, status, body, headers] of bodies) {
        const answer = await post(body, { ...auth, ...headers });
        expect(answer.status, name).toBe(status);
        expect(answer.headers.get("content-type"), name).toMatch(/^application\/(json|graphql-response\+json)/);
        const told = answer.error ?? { ...answer.errors?.[0]?.extensions, message: answer.errors?.[0]?.message };
        expect(told, name).toMatchObject({
          code: "BAD_INPUT",
          correlationId: expect.any(String),
          message: expect.stringMatching(/\w/),
        });
        expect(answer.text, name).not.toMatch(/stacktrace|node_modules|    at /);
      }
    });

    it("names its field: ids, instants, cursors, numbers that aren't finite, and the bounds of every page", async () => {
      const t = await newTenant();
      const auth = await bearer(t.id);
      const wrong: [string, string, object | string][] = [
        ["id", 'query { node(id: "Claim:1") { id } }', {}],
        ["id", "query ($id: ID!) { node(id: $id) { id } }", { id: "\u0000" }],
        ["id", "query ($id: ID!) { node(id: $id) { id } }", { id: ["x"] }],
        ["id", "query ($id: ID!) { node(id: $id) { id } }", {}],
        ["asOf", "query ($asOf: DateTime) { topics(asOf: $asOf) { totalCount } }", { asOf: "2026-02-31" }],
        ["asOf", "query ($asOf: DateTime) { topics(asOf: $asOf) { totalCount } }", { asOf: 5 }],
        ["asOf", 'query { topics(asOf: "soon") { totalCount } }', {}],
        ["after", 'query { topics(after: "nonsense") { totalCount } }', {}],
        ["first", "query ($first: Int!) { topics(first: $first) { totalCount } }", '{"first":1e999}'],
        ["first", "query ($first: Int!) { topics(first: $first) { totalCount } }", { first: 1.5 }],
        ["first", "query { topics(first: 1e999) { totalCount } }", {}],
        ["first", "query { topics(first: 501) { totalCount } }", {}],
        ["depth", `query { lineage(id: "${t.channelId}", depth: 13) { total } }`, {}],
        ["first", `query { lineage(id: "${t.channelId}", first: 5001) { total } }`, {}],
        ["text", "query ($text: String!) { search(text: $text) { totalCount } }", { text: "x".repeat(501) }],
        ["text", "query ($text: String!) { search(text: $text) { totalCount } }", { text: "a\u0000b" }],
      ];
      for (const [field, query, variables] of wrong) {
        const body = `{"query":${JSON.stringify(query)},"variables":${typeof variables === "string" ? variables : JSON.stringify(variables)}}`;
        const { errors, data } = await post(body, auth);
        expect(errors?.[0]?.extensions, body).toMatchObject({ code: "BAD_INPUT", field });
        expect(
          Object.values(data ?? {}).filter((value) => value !== null),
          body,
        ).toEqual([]);
      }
    });

    it("is a problem with its path where a mutation takes it, and nothing is written", async () => {
      const t = await newTenant();
      const auth = await bearer(t.id);
      const wrong: [string, object][] = [
        ["title", { title: "x".repeat(20_001) }],
        ["title", { title: "" }],
        ["title", { title: "a\u0000b" }],
        ["title", { title: "half \ud800 a pair" }],
        ["operationId", { operationId: "short" }],
        ["operationId", { operationId: "x".repeat(129) }],
        ["operationId", { operationId: "with a blank" }],
        // This installation's own: whoever took one first would stop a night's job, the first start, a message, an import.
        ...[`job/recheck-claims/${t.id}/2026-11-22T02:00Z/1`, "cli/principal/cli", "cli/up/empty", "webhook/one/msg_1"]
          .concat([
            `platform/${operationId()}/DONE`,
            `erase/${t.id}`,
            `seed/${t.id}/topic`,
            "import/abc/1",
            "restore/abc",
          ])
          .map((own): [string, object] => ["operationId", { operationId: own }]),
        ["reason", { reason: " " }],
        ["reason", { reason: "x".repeat(2_001) }],
      ];
      for (const [path, one] of wrong) {
        const { data, errors } = await post(
          { query: CREATE, variables: { input: { ...input("good"), ...one } } },
          auth,
        );
        expect(errors).toBeUndefined();
        expect(data.createTopic, path).toMatchObject({
          topic: null,
          replayed: false,
          problems: [{ code: "BAD_INPUT", path }],
        });
      }
      const infinite = `mutation { extractFact(input: { operationId: "${operationId()}", reason: "x", snapshotId: "Snapshot:01JD3Z5X9QW8R7T6Y5V4N3M2K1", quote: { exact: "x" }, value: 1e999 }) { problems { code path } } }`;
      expect((await post({ query: infinite }, auth)).data.extractFact.problems).toEqual([
        { code: "BAD_INPUT", path: "value" },
      ]);
      expect((await post({ query: "{ topics { totalCount } }" }, auth)).data.topics.totalCount).toBe(0);
    });

    it("is answered in our words at any address", async () => {
      for (const [path, status] of [
        ["/nowhere", 404],
        ["/graphql/x", 404],
        ["/%E0%A4%A", 400],
        ["/assets/../../etc/passwd", 404],
        [`/${"x".repeat(200)}`, 404],
      ] as const) {
        const answer = await fetch(`${api.url}${path}`, { headers: { accept: "application/json" } });
        expect(answer.status, path).toBe(status);
        expect(await answer.json(), path).toMatchObject({
          error: { code: expect.stringMatching(/NOT_FOUND|BAD_INPUT/), correlationId: expect.any(String) },
        });
      }
      const browser = await fetch(`${api.url}/graphql`, { headers: { accept: "text/html" } });
      expect(browser.headers.get("content-type")).toMatch(/json/);
    });
  });

  describe("operations", () => {
    it("answers /healthz and /readyz, and every answer has the security headers", async () => {
      expect(await (await fetch(`${api.url}/healthz`)).json()).toEqual({ ok: true });
      const ready = await fetch(`${api.url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
      for (const path of ["/", "/healthz", "/metrics", "/graphql", "/nowhere"]) {
        const { headers } = await fetch(`${api.url}${path}`);
        expect(headers.get("content-security-policy"), path).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
        expect(headers.get("x-content-type-options"), path).toBe("nosniff");
        expect(headers.get("referrer-policy"), path).toBe("no-referrer");
        expect(headers.get("x-powered-by"), path).toBeNull();
      }
    });

    it("keeps a given correlation id, makes one otherwise, and logs it with the tenant", async () => {
      const t = await newTenant();
      const given = `test-${operationId().slice(5)}`;
      const answer = await post({ query: VIEWER }, { ...(await bearer(t.id)), "x-correlation-id": given });
      expect(answer.headers.get("x-correlation-id")).toBe(given);
      for (const bad of ["short", "x".repeat(65), "with blank here"]) {
        const other = await post({ query: VIEWER }, { "x-correlation-id": bad });
        expect(other.headers.get("x-correlation-id")).toMatch(/^[0-9A-Z]{26}$/);
        expect(other.errors?.[0]?.extensions.correlationId).toBe(other.headers.get("x-correlation-id"));
      }
      const lines = await vi.waitFor(async () => {
        const log = await readFile(join(api.home, "logs", "server.log"), "utf8");
        const found = log
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Record<string, unknown>);
        expect(found.some((line) => line.correlation_id === given)).toBe(true);
        return found;
      }, 5_000);
      expect(lines.find((line) => line.correlation_id === given)).toMatchObject({
        tenant_id: t.id,
        route: "/graphql",
        status: 200,
      });
      expect(JSON.stringify(lines)).not.toMatch(/Bearer|eyJ/);
    });

    it("counts requests by tenant, in a bounded number of labels", async () => {
      const own = await startApi();
      try {
        for (let i = 0; i < 230; i++) {
          await fetch(`${own.url}/healthz`, {
            headers: { authorization: `Bearer ${await own.token(`tenant-${i}`, "analyst")}` },
          });
        }
        await fetch(`${own.url}/healthz`);
        const metrics = await (await fetch(`${own.url}/metrics`)).text();
        const tenants = new Set([...metrics.matchAll(/tenant_id="([^"]*)"/g)].map(([, tenant]) => tenant));
        expect(tenants.size).toBeLessThanOrEqual(202);
        for (const label of ["tenant-0", "other", "none"]) expect(tenants).toContain(label);
        expect(metrics).toMatch(
          /throughline_http_requests_total\{route="\/healthz",method="GET",status="200",tenant_id="other"\} 30/,
        );
      } finally {
        await own.close();
      }
    });

    it("hides its schema in production", async () => {
      const own = await startApi({ NODE_ENV: "production" });
      try {
        const t = await newTenant();
        expect((await api.ask(t.id, "{ __schema { types { name } } }")).data.__schema.types.length).toBeGreaterThan(10);
        const { data, errors } = await own.ask(t.id, "{ __schema { types { name } } }");
        expect(data).toBeFalsy();
        expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
      } finally {
        await own.close();
      }
    });
  });
});

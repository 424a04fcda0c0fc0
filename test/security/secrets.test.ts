import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { loadConfig, type Config } from "../../server/config.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startServer, type RunningServer } from "../../server/main.js";
import { configuredDatabase } from "../../server/secrets/configured.js";
import { REREAD_MS } from "../../server/secrets/rotating.js";
import { createServices } from "../../server/services.js";
import { startApi, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { Browser, reserveProvider, type TestProvider } from "../kit/oidc.js";
import { projectRoot } from "../kit/project-root.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * Every secret of an installation is a canary here. A session does all that sessions do, and what can go wrong does; then
 * everything that came out of it is searched for any of them, in the spellings that a program would give it.
 */

const everything = defineQuery({
  name: "testEverything",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: "MATCH (n {tenantId: $tenantId}) RETURN labels(n) AS labels, properties(n) AS properties",
  row: z.object({ labels: z.array(z.string()), properties: z.record(z.string(), z.unknown()) }),
});

const canary = (name: string): string => `canary-${name}-${randomBytes(12).toString("hex")}`;
const envelope = () => ({ operationId: operationId(), reason: "a test" });

/** A secret as a program may spell it, beside as it is: its bytes, encoded, and itself, encoded. */
function spellings(secret: string): string[] {
  const bytes = [Buffer.from(secret)];
  if (/^[0-9a-f]{32,}$/i.test(secret)) bytes.push(Buffer.from(secret, "hex"));
  else if (/^[\w-]{43}$/.test(secret)) bytes.push(Buffer.from(secret, "base64url"));
  const encoded = bytes.flatMap((one) => [
    one.toString("hex"),
    one.toString("base64").replace(/=+$/, ""),
    one.toString("base64url"),
  ]);
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...encoded])];
}

describe("secrets", () => {
  let folder: string;
  let api: TestApi;
  let provider: TestProvider;
  let down: { server: RunningServer; graph: Graph; config: Config };
  let t: TestTenant;
  const canaries = new Map<string, string>();
  /** Everything that anybody outside got to see, by where it was seen. */
  const seen: [place: string, text: string][] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "throughline-canaries-"));
    const mounted = join(folder, "mounted");
    await mkdir(mounted);
    canaries.set("OIDC client secret", canary("oidc"));
    canaries.set("OIDC client secret of the environment", canary("oidc-env"));
    canaries.set("Neo4j password", canary("neo4j"));
    const { password } = inject("database");
    if (typeof password === "string") canaries.set("Neo4j password of this run", password);
    await writeFile(join(mounted, "oidc-client-secret"), canaries.get("OIDC client secret")!);
    await writeFile(join(mounted, "neo4j-password"), canaries.get("Neo4j password")!);
    const reserved = await reserveProvider();
    const environment = {
      THROUGHLINE_SECRETS_FOLDER: mounted,
      THROUGHLINE_OIDC_ISSUER: reserved.issuer,
      THROUGHLINE_OIDC_CLIENT_ID: "throughline-test",
      THROUGHLINE_OIDC_CLIENT_SECRET: canaries.get("OIDC client secret of the environment")!,
      THROUGHLINE_LOG_LEVEL: "trace",
    };
    api = await startApi(environment);
    provider = await reserved.begin(api.url, canaries.get("OIDC client secret")!);
    t = await newTenant();
    // A second server that its database refuses. Not under the suite's user: a few wrong passwords lock a user out for all.
    const { uri } = inject("database");
    const home = join(folder, "down");
    const config = loadConfig(
      { ...environment, THROUGHLINE_HOME: home, NEO4J_URI: uri, NEO4J_USER: "nobody" },
      projectRoot,
    );
    const graph = openGraph(configuredDatabase(config)!);
    down = {
      config,
      graph,
      server: await startServer({ config, services: createServices({ graph }), projectRoot, port: 0 }),
    };
  });
  afterAll(async () => {
    await api?.close();
    await down?.server.close();
    await down?.graph.close();
    await provider?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(place: string, address: string, init: RequestInit = {}): Promise<string> {
    const answer = await fetch(address, { redirect: "manual", ...init });
    const body = await answer.text();
    seen.push([`${place}: body`, body], [`${place}: headers`, JSON.stringify([...answer.headers])]);
    return body;
  }
  const graphql = (place: string, url: string, token: string | undefined, body: unknown) =>
    ask(place, `${url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  /** The keys that homes have made for themselves by now, whatever they are for. */
  async function gatherKeys(home: string): Promise<void> {
    for (const name of await readdir(join(home, "keys"))) {
      const text = (await readFile(join(home, "keys", name), "utf8")).trim();
      canaries.set(
        `${name} ${createHash("sha256").update(text).digest("hex").slice(0, 6)}`,
        /"d":"([^"]+)"/.exec(text)?.[1] ?? text,
      );
    }
  }

  it(
    "come out of no answer, log, metric, audit entry or node, whatever is done and whatever fails",
    { timeout: 180_000 },
    async () => {
      await gatherKeys(api.home);
      await gatherKeys(down.config.home);
      const admin = await api.token(t.id, "tenant-admin");
      const tokens = [admin];

      // What people do.
      await t.run(registerPrincipal, {
        key: "ana@studio.example",
        name: "Ana",
        kind: "HUMAN",
        roles: ["tenant-admin"],
      });
      const { principalId } = await t.run(registerPrincipal, {
        key: "sync",
        name: "Sync",
        kind: "SERVICE",
        roles: ["planner"],
      });
      await ask("sign-in link", api.signInLink(t.id, "editor"));
      const link = api.signInLink(t.id, "planner");
      await ask("sign-in link, changed", link.replace("planner", "editor"));
      provider.person = { sub: "1", email: "ana@studio.example", email_verified: true };
      const browser = new Browser();
      seen.push(["OIDC", await browser.follow(`${api.url}/oidc/sign-in?tenant=${t.id}`)]);
      tokens.push(browser.cookie(api.url, "throughline_session")!);
      const issue = `mutation ($input: IssueTokenInput!) { issueToken(input: $input) { token problems { message } accessToken { id scopes } } }`;
      const input = { principalId, ownerId: t.adminId, scopes: ["topic.write"], expiresInDays: 1, ...envelope() };
      const issued = await graphql("issued token", api.url, admin, { query: issue, variables: { input } });
      tokens.push((JSON.parse(issued) as { data: { issueToken: { token: string } } }).data.issueToken.token);
      const create = `mutation ($input: CreateTopicInput!) { createTopic(input: $input) { topic { id title } problems { code message path } } }`;
      for (const token of tokens) {
        await graphql("a change", api.url, token, {
          query: create,
          variables: { input: { title: operationId(), ...envelope() } },
        });
        await graphql("a refused change", api.url, token, {
          query: create,
          variables: { input: { title: "", ...envelope() } },
        });
        await graphql("reads", api.url, token, {
          query: "{ viewer { actor roles } members { edges { node { key } } } accessTokens { edges { node { id } } } }",
        });
      }

      // What goes wrong.
      const signature = admin.split(".")[2]!;
      for (const body of [
        "{",
        "null",
        "[]",
        `"${admin}"`,
        { query: "{ nothing }" },
        { query: `{ node(id: "${admin.slice(0, 90)}") { id } }` },
      ])
        await graphql("a broken request", api.url, admin, body);
      for (const token of ["x", admin.slice(0, -3), `${admin}.${signature}`, admin.replace(".", "..")])
        await graphql("a broken token", api.url, token, { query: "{ viewer { actor } }" });
      for (const path of [
        `/nothing?token=${admin}`,
        `/graphql?query={viewer{actor}}&token=${admin}`,
        "/%ff",
        "/sign-in?link=a.b.c.d",
        "/import/claims",
        "/healthz",
        "/readyz",
        "/metrics",
        "/sign-in/ways",
        "/oidc/callback?code=x&state=y",
        "/oidc/sign-in?tenant=no-such-tenant",
      ])
        await ask("an address", `${api.url}${path}`, {
          headers: {
            authorization: `Basic ${Buffer.from(`a:${admin}`).toString("base64")}`,
            "x-correlation-id": "control-correlation",
          },
        });
      provider.forge = () => "not.a.token";
      seen.push(["OIDC, forged", await new Browser().follow(`${api.url}/oidc/sign-in?tenant=${t.id}`)]);
      provider.forge = null;
      provider.rotate("the provider knows another secret now");
      seen.push(["OIDC, secret refused", await new Browser().follow(`${api.url}/oidc/sign-in?tenant=${t.id}`)]);

      // Keys that are rotated, and keys that are none.
      const key = (name: string) => join(api.home, "keys", name);
      for (const [from, to] of [
        ["token.jwk", "token.previous.jwk"],
        ["link-secret", "link-secret.previous"],
        ["webhook.key", "webhook.previous.key"],
      ] as const)
        await rename(key(from), key(to));
      await new Promise((resolve) => setTimeout(resolve, REREAD_MS));
      await graphql("a token of before the rotation", api.url, admin, { query: "{ viewer { actor } }" });
      await gatherKeys(api.home);
      const whole = await readFile(key("token.jwk"), "utf8");
      await writeFile(key("token.jwk"), whole.slice(0, -10));
      await new Promise((resolve) => setTimeout(resolve, REREAD_MS));
      await graphql("a key that is cut", api.url, admin, { query: "{ viewer { actor } }" });

      // A database that doesn't take our password.
      const identity = { actor: "ana", name: "Ana", tenantId: t.id, roles: ["editor"], region: "local" } as const;
      const { loadOrCreateKeys } = await import("../../server/identity/keys.js");
      const stray = await issueToken(await loadOrCreateKeys(down.config.home), identity, 600);
      tokens.push(stray);
      for (const path of ["/readyz", "/healthz", "/metrics"])
        await ask("refused by the database", `${down.server.url}${path}`);
      const refused = await graphql("refused by the database", down.server.url, stray, {
        query: "{ topics { totalCount } }",
      });
      expect(refused).toContain("UNAVAILABLE");
      await graphql("refused by the database", down.server.url, stray, {
        query: create,
        variables: { input: { title: "x", ...envelope() } },
      });

      // Logs, graph, and what the process would print of its own parts.
      for (const home of [api.home, down.config.home])
        for (const name of await readdir(join(home, "logs")))
          seen.push([`log ${name}`, await readFile(join(home, "logs", name), "utf8")]);
      for (const tenantId of [t.id, "system"]) {
        const rows = await testGraph().read({ tenantId, timeoutMs: 120_000 }, everything, {});
        seen.push([`graph ${tenantId}`, JSON.stringify(rows)]);
      }

      // The search finds what is there.
      const log = seen
        .filter(([place]) => place.startsWith("log "))
        .map(([, text]) => text)
        .join("\n");
      expect(log).toContain("control-correlation");
      expect(log).toContain("the keys can't be read");
      expect(log).toContain("a sign-in was refused");
      expect(seen.find(([place]) => place === `graph ${t.id}`)?.[1]).toContain("AccessToken");
      expect(seen.find(([place]) => place === `graph ${t.id}`)?.[1]).toContain('"AuditEntry"');

      const wanted = [...canaries].flatMap(([name, secret]) => spellings(secret).map((text) => [name, text] as const));
      const found = seen.flatMap(([place, text]) =>
        wanted.filter(([, one]) => text.includes(one)).map(([name]) => `${name} in ${place}`),
      );
      // Tokens and links are told to their bearer, and to nobody else.
      const told = [
        ...tokens.map((token) => token.split(".")[2]!),
        new URL(link).searchParams.get("link")!.split(".").at(-1)!,
      ];
      const leaked = seen
        .filter(([place]) => /^(log|graph) /.test(place))
        .flatMap(([place, text]) => told.filter((one) => text.includes(one)).map(() => `a token in ${place}`));
      const bytes = seen.reduce((sum, [, text]) => sum + text.length, 0);
      console.log(
        `secrets: ${canaries.size} canaries in ${wanted.length} spellings and ${told.length} tokens, ${seen.length} places with ${bytes} characters searched, ${found.length + leaked.length} found`,
      );
      expect([...new Set([...found, ...leaked])]).toEqual([]);
      expect(canaries.size).toBeGreaterThanOrEqual(10);
    },
  );
});

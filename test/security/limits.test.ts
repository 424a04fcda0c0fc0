import { request as httpRequest, type ClientRequest } from "node:http";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { openGraph } from "../../server/graph/graph.js";
import { LIMITS } from "../../server/graphql/limits.js";
import { createQuota } from "../../server/http/quota.js";
import { startApi, type GraphQLAnswer, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { usageOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * One tenant asks for more than it may; it is told so, and nobody else notices. Servers of their own, with small limits.
 */

const VIEWER = "{ viewer { name } }";

interface Answer extends GraphQLAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly error?: { code: string };
}

async function ask(api: TestApi, token: string, body: string | object = { query: VIEWER }): Promise<Answer> {
  const answer = await fetch(`${api.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const told = (await answer.json()) as GraphQLAnswer;
  return { status: answer.status, retryAfter: answer.headers.get("retry-after"), ...told };
}

/** What every refusal for asking too much is like. */
function expectRefusal({ status, retryAfter, errors }: Answer): void {
  expect(status).toBe(429);
  expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toMatch(/^\d+$/);
  expect(errors).toEqual([
    {
      message: expect.stringContaining("Try again in"),
      extensions: { code: "RATE_LIMITED", correlationId: expect.stringMatching(/^[\w.:-]{8,64}$/) },
    },
  ]);
}

const statuses = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

describe("the rate of a tenant", { timeout: 120_000 }, () => {
  const RATE = 5;
  const BURST = 20;
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ THROUGHLINE_RATE_PER_SECOND: `${RATE}`, THROUGHLINE_BURST: `${BURST}` });
  });
  afterAll(() => api.close());

  it("is a burst and then its rate; it says when to come again, and others are served meanwhile", async () => {
    const [greedy, modest] = [await newTenant(), await newTenant()];
    // Two people of one tenant.
    const tokens = [await api.token(greedy.id, "analyst"), await api.token(greedy.id, "editor")];
    const start = performance.now();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(api, tokens[i % 2]!)));
    const seconds = (performance.now() - start) / 1_000;
    expect(statuses(answers, 200)).toBeGreaterThanOrEqual(BURST);
    expect(statuses(answers, 200)).toBeLessThanOrEqual(BURST + Math.ceil(seconds * RATE));
    const refused = answers.filter(({ status }) => status !== 200);
    refused.forEach(expectRefusal);
    expect((await ask(api, await api.token(modest.id, "analyst"))).status).toBe(200);
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    const wait = Number(refused.at(-1)?.retryAfter);
    await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
    expect((await ask(api, tokens[0]!)).status).toBe(200);
    console.log(
      `limits: ${statuses(answers, 200)} of 200 at once served at ${BURST} + ${RATE}/s, ${refused.length} told to wait`,
    );
  });

  it("can't be used up by whoever only says that they are of the tenant", async () => {
    const t = await newTenant();
    const real = await api.token(t.id, "analyst");
    const forged = `${real.slice(0, -8)}AAAAAAAA`;
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(api, forged)));
    expect(statuses(answers, 429)).toBeGreaterThanOrEqual(60 - BURST - 10);
    expect((await ask(api, real)).status).toBe(200);
  });
});

describe("the rate of whoever has no token", { timeout: 120_000 }, () => {
  const served = async (environment: Record<string, string>): Promise<number> => {
    const api = await startApi({ THROUGHLINE_RATE_PER_SECOND: "1", THROUGHLINE_BURST: "3", ...environment });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        fetch(`${api.url}/sign-in`, { redirect: "manual", headers: { "x-forwarded-for": `203.0.113.${i}` } }),
      ),
    );
    await api.close();
    return answers.filter(({ status }) => status === 303).length;
  };

  it("is their address's, which nobody but a trusted proxy says", async () => {
    expect(await served({})).toBeLessThan(10);
    expect(await served({ THROUGHLINE_TRUSTED_PROXIES: "10.0.0.0/8" })).toBeLessThan(10);
    expect(await served({ THROUGHLINE_TRUSTED_PROXIES: "127.0.0.0/8" })).toBe(30);
  });
});

describe("the places of a tenant", { timeout: 120_000 }, () => {
  const INSIDE = 2;
  const WAITING = 3;
  let api: TestApi;
  const open: ClientRequest[] = [];
  beforeAll(async () => {
    api = await startApi({ THROUGHLINE_CONCURRENCY: `${INSIDE}`, THROUGHLINE_QUEUE: `${WAITING}` });
  });
  afterAll(async () => {
    for (const request of open) request.destroy();
    await api.close();
  });

  /** An import that has begun and doesn't end: its caller has stopped sending. */
  function stall(token: string, i: number): ClientRequest {
    const request = httpRequest(`${api.url}/import/claims`, {
      method: "POST",
      headers: {
        "content-type": "application/x-ndjson",
        "idempotency-key": `${i}`.padStart(64, "0"),
        authorization: `Bearer ${token}`,
      },
    });
    request.on("error", () => {});
    request.write('{"id":');
    open.push(request);
    return request;
  }

  it("are so many, with a queue before them that ends; whoever goes makes room, and no other tenant waits", async () => {
    const [crowded, quiet] = [await newTenant(), await newTenant()];
    const token = await api.token(crowded.id, "analyst");
    const stalled = [0, 1].map((i) => stall(token, i));
    // Once both are inside, whoever comes has to wait.
    await vi.waitFor(
      async () => {
        const pending = ask(api, token).then(() => "answered");
        expect(await Promise.race([pending, new Promise((resolve) => setTimeout(resolve, 500, "waits"))])).toBe(
          "waits",
        );
      },
      { timeout: 10_000 },
    );
    const others = Array.from({ length: 12 }, () => ask(api, token));
    const first = await Promise.race(others);
    expectRefusal(first);
    expect((await ask(api, await api.token(quiet.id, "analyst"))).status).toBe(200);
    for (const request of stalled) request.destroy();
    const answers = await Promise.all(others);
    expect(statuses(answers, 200)).toBeGreaterThanOrEqual(1);
    expect(statuses(answers, 200)).toBeLessThanOrEqual(WAITING);
    expect(statuses(answers, 200) + statuses(answers, 429)).toBe(12);
    expect((await ask(api, token)).status).toBe(200);
  });
});

describe("the day of a tenant", { timeout: 120_000 }, () => {
  const log = pino({ level: "silent" });

  it("has so many requests, and the answer says when the next one begins", async () => {
    const api = await startApi({ THROUGHLINE_REQUESTS_PER_DAY: "15" });
    const t = await newTenant();
    const token = await api.token(t.id, "analyst");
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(api, token)));
    expect(statuses(answers, 200)).toBe(15);
    answers.filter(({ status }) => status !== 200).forEach(expectRefusal);
    const midnight = (86_400_000 - (Date.now() % 86_400_000)) / 1_000;
    const told = Number((await ask(api, token)).retryAfter);
    expect(Math.abs(told - midnight)).toBeLessThan(30);
    // Stopping tells the graph what was counted: whoever starts next goes on from there.
    await api.close();
    const next = createQuota({ graph: testGraph(), perDay: 16, log });
    expect(next.take(t.id)).toBe(true);
    await next.tell();
    expect(next.take(t.id)).toBe(false);
    await next.close();
  });

  it("is counted by all processes together, once each, and begins anew at midnight in UTC", async () => {
    const t = await newTenant();
    let now = Date.UTC(2026, 10, 21, 12);
    const [a, b] = [0, 1].map(() => createQuota({ graph: testGraph(), perDay: 10, log, now: () => now }));
    const take = (quota: typeof a, times: number): number =>
      Array.from({ length: times }, () => quota!.take(t.id)).filter(Boolean).length;
    // The second round has all that was counted before it was asked for.
    const told = (quota: typeof a) => quota!.tell().then(quota!.tell);
    expect([take(a, 4), take(b, 3)]).toEqual([4, 3]);
    await told(a);
    await told(b);
    // Telling again what was told changes nothing.
    await Promise.all([told(a), told(a), told(b)]);
    expect(await usageOf(t.scope)).toMatchObject([{ day: "2026-11-21" }, { day: "2026-11-21" }]);
    expect(take(b, 1)).toBe(1);
    await told(b);
    expect(take(b, 5)).toBe(2);
    await told(b);
    expect(take(b, 1)).toBe(0);
    expect((await usageOf(t.scope)).map(({ requests }) => requests).toSorted()).toEqual([4, 6]);
    expect(a!.untilTomorrow()).toBe(12 * 3_600_000);
    now = Date.UTC(2026, 10, 22);
    expect([take(a, 9), take(b, 1)]).toEqual([9, 1]);
    await Promise.all([a!.close(), b!.close()]);
  });

  it("is nothing that a tenant which isn't there leaves traces with, nor what a database that is away stops", async () => {
    const ghost = `${(await newTenant()).id}-ghost`;
    const quota = createQuota({ graph: testGraph(), perDay: 5, log });
    expect(quota.take(ghost)).toBe(true);
    await quota.close();
    expect(await usageOf({ tenantId: ghost })).toEqual([]);
    const unreachable = openGraph({ ...inject("database"), uri: "bolt://127.0.0.1:1" });
    const away = createQuota({ graph: unreachable, perDay: 3, log });
    expect([1, 2, 3, 4].map(() => away.take("demo"))).toEqual([true, true, true, false]);
    const start = performance.now();
    await away.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    await unreachable.close();
  });
});

describe("the bounds of a request", { timeout: 120_000 }, () => {
  let api: TestApi;
  let t: TestTenant;
  let token: string;
  beforeAll(async () => {
    api = await startApi();
    t = await newTenant();
    token = await api.token(t.id, "tenant-admin");
  });
  afterAll(() => api.close());

  const topic = (one: object): object => ({
    query:
      "mutation ($input: CreateTopicInput!) { createTopic(input: $input) { topic { id } problems { code path } } }",
    variables: {
      input: { title: operationId(), operationId: operationId(), reason: "a test", ...one },
    },
  });
  const query = (text: string): object => ({ query: text });
  const times = (n: number, of: (i: number) => string): string => Array.from({ length: n }, (_, i) => of(i)).join(" ");

  it("let in what is just within, and name the field of what is just outside", async () => {
    const id = t.channelId;
    const levels = (n: number): string =>
      `{ __type(name: "Query") { ${"ofType { ".repeat(n - 2)}name${" }".repeat(n - 2)} } }`;
    const bounds: [what: string, within: object, outside: object | string, field?: string][] = [
      [
        "depth",
        query(`{ lineage(id: "${id}", depth: 12) { total } }`),
        query(`{ lineage(id: "${id}", depth: 13) { total } }`),
        "depth",
      ],
      [
        "depth",
        query(`{ lineage(id: "${id}", depth: 1) { total } }`),
        query(`{ lineage(id: "${id}", depth: 0) { total } }`),
        "depth",
      ],
      [
        "lineage(first)",
        query(`{ lineage(id: "${id}", first: 5000) { total } }`),
        query(`{ lineage(id: "${id}", first: 5001) { total } }`),
        "first",
      ],
      [
        "first",
        query("{ topics(first: 500) { totalCount } }"),
        query("{ topics(first: 501) { totalCount } }"),
        "first",
      ],
      ["first", query("{ topics(first: 1) { totalCount } }"), query("{ topics(first: 0) { totalCount } }"), "first"],
      [
        "search text",
        query(`{ search(text: "${"x".repeat(500)}") { totalCount } }`),
        query(`{ search(text: "${"x".repeat(501)}") { totalCount } }`),
        "text",
      ],
      [
        "NUL",
        query('{ search(text: "ab") { totalCount } }'),
        query('{ search(text: "a\\u0000b") { totalCount } }'),
        "text",
      ],
      [
        "1e999",
        query("{ topics(first: 2) { totalCount } }"),
        '{"query":"query ($first: Int!) { topics(first: $first) { totalCount } }","variables":{"first":1e999}}',
        "first",
      ],
      [
        "aliases",
        query(`{ ${times(15, (i) => `a${i}: viewer { name }`)} }`),
        query(`{ ${times(16, (i) => `a${i}: viewer { name }`)} }`),
      ],
      [
        "directives of a field",
        query("{ viewer { name @skip(if: false) @include(if: true) } }"),
        query(`{ viewer { name ${times(4, () => "@skip(if: false)")} } }`),
      ],
      [
        "directives",
        query(`{ ${times(20, () => "... @skip(if: false) { viewer { name } }")} }`),
        query(`{ ${times(21, () => "... @skip(if: false) { viewer { name } }")} }`),
      ],
      [
        "tokens",
        query(`{ search(text: "x", labels: [${"CLAIM ".repeat(1_900)}]) { totalCount } }`),
        query(`{ search(text: "x", labels: [${"CLAIM ".repeat(2_000)}]) { totalCount } }`),
      ],
      ["levels", query(levels(15)), query(levels(16))],
      [
        "cost",
        query("{ scenes(first: 400) { edges { node { claims { evidence { fact { id } } } } } } }"),
        query("{ scenes(first: 500) { edges { node { claims { evidence { fact { derivedFrom { id } } } } } } } }"),
      ],
    ];
    for (const [what, within, outside, field] of bounds) {
      const let_in = await ask(api, token, within);
      expect([let_in.status, let_in.errors], what).toEqual([200, undefined]);
      const refused = await ask(api, token, outside);
      expect(refused.errors?.[0]?.extensions, what).toMatchObject({
        code: "BAD_INPUT",
        ...(field === undefined ? {} : { field }),
      });
    }
    console.log(`limits: ${bounds.length} bounds of a read kept from both sides`);
  });

  it("hold for changes, as problems", async () => {
    const bounds: [path: string, within: object, outside: object][] = [
      ["title", { title: "x" }, { title: "" }],
      ["title", { title: `${"y".repeat(300)}` }, { title: "x".repeat(20_001) }],
      ["reason", { reason: "x".repeat(2_000) }, { reason: "x".repeat(2_001) }],
      ["operationId", { operationId: `${Date.now()}`.padEnd(128, "x") }, { operationId: "x".repeat(129) }],
      ["operationId", { operationId: "a-zA.9/:_" }, { operationId: "1234567" }],
      ["operationId", { operationId: "b-zA.9/:_" }, { operationId: "a b c d e" }],
      ["title", { title: "tab\tand line" }, { title: "NUL\u0000" }],
    ];
    for (const [path, within, outside] of bounds) {
      expect((await ask(api, token, topic(within))).data.createTopic.problems, path).toEqual([]);
      expect((await ask(api, token, topic(outside))).data.createTopic, path).toEqual({
        topic: null,
        problems: [{ code: "BAD_INPUT", path }],
      });
    }
  });

  it("hold for bodies: 1 MB, and 100 MB of an upload, told before they are read", async () => {
    const padded = (bytes: number): string => {
      const body = JSON.stringify({ query: VIEWER, variables: { pad: "" } });
      return body.replace('""', `"${"x".repeat(bytes - body.length)}"`);
    };
    expect((await ask(api, token, padded(LIMITS.bodyBytes))).status).toBe(200);
    expect((await ask(api, token, padded(LIMITS.bodyBytes + 1))).status).toBe(413);
    expect((await ask(api, token, padded(5_000_000))).status).toBe(413);
    const upload = (length: number) =>
      new Promise<number>((resolve, reject) => {
        const request = httpRequest(`${api.url}/import/claims`, {
          method: "POST",
          headers: {
            "content-type": "application/x-ndjson",
            "content-length": length,
            "idempotency-key": "0".repeat(64),
            authorization: `Bearer ${token}`,
          },
        });
        request.on("response", (response) => {
          resolve(response.statusCode ?? 0);
          request.destroy();
        });
        request.on("error", reject);
        request.flushHeaders();
      });
    expect(await upload(LIMITS.uploadBytes + 1)).toBe(400);
  });

  it("tells what a document may cost", async () => {
    const answer = await fetch(`${api.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: "{ topics(first: 30) { edges { node { id } } } }" }),
    });
    expect(answer.headers.get("x-throughline-cost")).toBe("61");
  });
});

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Reach } from "../../webhooks/reach.js";
import { lookAt } from "./look.js";
import { lookAtAll, type RoundOptions } from "./round.js";

/* A world outside that misbehaves, on this machine. */

const LOOPBACK: Reach = { networks: ["127.0.0.1/32"], httpsOnly: false, timeoutMs: 500 };
const NEVER = { etag: null, lastModified: null };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const look = (url: string, known = NEVER) => lookAt(url, known, LOOPBACK);
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end();

describe("a look at an address", () => {
  it("asks by HEAD, and by GET only where HEAD says no", async () => {
    const methods: string[] = [];
    const url = await listen((request, response) => {
      methods.push(`${request.method} ${request.url}`);
      response.writeHead(request.url === "/plain" || request.method === "GET" ? 200 : 405).end("x");
    });
    expect((await look(`${url}/plain`)).outcome).toBe("OK");
    expect((await look(`${url}/no-head`)).outcome).toBe("OK");
    expect(methods).toEqual(["HEAD /plain", "HEAD /no-head", "GET /no-head"]);
  });

  it("sends what the page was told apart by, and takes 304 for an answer", async () => {
    const url = await listen((request, response) => {
      const same = request.headers["if-none-match"] === '"7"';
      response.writeHead(same ? 304 : 200, { etag: '"7"' }).end();
    });
    const first = await look(url);
    expect(first).toMatchObject({ outcome: "OK", status: 200, etag: '"7"' });
    expect(await look(url, { etag: first.etag, lastModified: null } as never)).toMatchObject({
      outcome: "OK",
      status: 304,
    });
  });

  it.each([
    [404, "MISSING"],
    [410, "GONE"],
    [500, "BROKEN"],
    [503, "BROKEN"],
    [401, "REFUSED"],
    [403, "REFUSED"],
    [429, "REFUSED"],
    [204, "OK"],
  ])("takes %i for %s", async (code, outcome) => {
    expect(await look(await listen(status(code)))).toMatchObject({ outcome, status: code });
  });

  it("follows redirects, says where a page moved to for good, and ends where they go round", async () => {
    const url = await listen((request, response) => {
      const to: Record<string, [number, string]> = {
        "/moved": [301, "/new"],
        "/for-now": [302, "/new"],
        "/round": [302, "/round"],
        "/inside": [302, "http://169.254.169.254/latest/meta-data"],
        "/nowhere": [301, "/gone"],
      };
      const [code, location] = to[request.url!] ?? [request.url === "/gone" ? 410 : 200, ""];
      response.writeHead(code, location === "" ? {} : { location }).end();
    });
    expect(await look(`${url}/moved`)).toMatchObject({ outcome: "OK", movedTo: `${url}/new` });
    expect(await look(`${url}/for-now`)).toMatchObject({ outcome: "OK", movedTo: null });
    expect(await look(`${url}/nowhere`)).toMatchObject({ outcome: "GONE", movedTo: null });
    expect(await look(`${url}/round`)).toMatchObject({ outcome: "BROKEN" });
    expect(await look(`${url}/inside`)).toMatchObject({ outcome: "UNASKED" });
  });

  it("goes nowhere that isn't public, by number or by name", async () => {
    const inside: Reach = { networks: [], httpsOnly: false, resolve: async () => ["10.0.0.7"] };
    expect((await lookAt("http://intranet.example/", NEVER, inside)).outcome).toBe("UNASKED");
    expect((await lookAt("http://127.0.0.1:1/", NEVER, inside)).outcome).toBe("UNASKED");
    expect((await lookAt("file:///etc/passwd", NEVER, inside)).outcome).toBe("UNASKED");
  });

  it("is over in time, whatever the other end does", async () => {
    const hanging = await listen(() => {});
    const late = { outcome: "UNREACHED", status: null, error: "no answer within 0.5 seconds" };
    expect(await look(hanging)).toMatchObject(late);
    const hangsOnHead = await listen((request, response) => void (request.method === "GET" && response.end()));
    expect((await look(hangsOnHead)).outcome).toBe("OK");
    const hangsUp = await listen((request) => request.socket.destroy());
    expect((await look(hangsUp)).outcome).toBe("UNREACHED");
    const endless = await listen((request, response) => {
      response.writeHead(request.method === "HEAD" ? 501 : 200);
      if (request.method === "HEAD") return void response.end();
      const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
      response.on("close", () => clearInterval(timer));
    });
    expect((await look(endless)).outcome).toBe("OK");
    expect((await look("http://127.0.0.1:1/")).outcome).toBe("UNREACHED");
    const unknown: Reach = { ...LOOPBACK, resolve: () => Promise.reject(new Error("ENOTFOUND")) };
    expect(await lookAt("http://nobody.example/", NEVER, unknown)).toMatchObject({ outcome: "UNREACHED" });
  });
});

describe("looks at many addresses", () => {
  const signal = new AbortController().signal;
  const addresses = (urls: readonly string[]) => urls.map((url, i) => ({ id: `s${i}`, url, ...NEVER }));
  const all = (urls: readonly string[], spacingMs = 1, more: Partial<RoundOptions> = {}) =>
    lookAtAll(addresses(urls), { reach: LOOPBACK, signal, spacingMs, ...more });

  it("leave a pause between two requests to one host", async () => {
    const times: number[] = [];
    const url = await listen((_request, response) => {
      times.push(performance.now());
      response.end();
    });
    await all([`${url}/1`, `${url}/2`, `${url}/3`], 60);
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.min(...pauses)).toBeGreaterThan(50);
  });

  it("count a silent host while others answer, and nobody while none does", async () => {
    const fine = await listen(status(200));
    const one = await all([`${fine}/a`, "http://127.0.0.1:1/"]);
    expect(one.map(({ outcome, counted }) => [outcome, counted])).toEqual([
      ["OK", true],
      ["UNREACHED", true],
    ]);
    const out = await all(["http://127.0.0.1:1/", "http://127.0.0.1:2/"]);
    expect(out.map(({ counted }) => counted)).toEqual([false, false]);
  });

  it("ask a silent host for two addresses, and take the others of it for as silent", async () => {
    const fine = await listen(status(200));
    const seen = await all([`${fine}/`, ...[1, 2, 3, 4].map((n) => `http://127.0.0.1:1/${n}`)]);
    expect(seen.map(({ outcome, counted }) => [outcome, counted])).toEqual([
      ["OK", true],
      ...[1, 2, 3, 4].map(() => ["UNREACHED", true]),
    ]);
  });

  it("count a host that is silent alone where others answer that answered before, and not where those are silent too", async () => {
    const [fine, other] = [await listen(status(200)), await listen(status(404))];
    const asked: (readonly string[])[] = [];
    const by = (urls: readonly string[]) => async (but: readonly string[]) => {
      asked.push(but);
      return addresses(urls);
    };
    const counted = async (...witnesses: string[]) =>
      (await all(["http://127.0.0.1:1/"], 1, { witnesses: by(witnesses) })).map((one) => [one.id, one.counted]);
    expect(await counted(fine)).toEqual([["s0", true]]);
    expect(await counted(fine, other, "http://127.0.0.1:2/")).toEqual([["s0", true]]);
    expect(await counted(fine, "http://127.0.0.1:2/")).toEqual([["s0", false]]);
    expect(await counted("http://127.0.0.1:2/")).toEqual([["s0", false]]);
    expect(await counted()).toEqual([["s0", false]]);
    // They are asked on other hosts, and only where there is a doubt.
    expect(asked).toEqual(Array.from({ length: 5 }, () => ["127.0.0.1:1"]));
    await all([`${fine}/`, "http://127.0.0.1:1/"], 1, { witnesses: by([]) });
    expect(asked).toHaveLength(5);
  });

  it("leave what a slow host has no time for to the next tick, and look at the other hosts", async () => {
    const slow = await listen((_request, response) => void setTimeout(() => response.end(), 100));
    const fine = await listen(status(200));
    const urls = [...[1, 2, 3, 4, 5, 6].map((n) => `${slow}/${n}`), `${fine}/`];
    const seen = await all(urls, 1, { hostMs: 250 });
    const ids = seen.map(({ id }) => id);
    expect(ids).toContain("s6");
    expect(ids).toContain("s0");
    expect(ids.length).toBeGreaterThanOrEqual(2);
    expect(ids.length).toBeLessThan(6);
    expect(seen.every(({ outcome }) => outcome === "OK")).toBe(true);
  });

  it("end in their time however many hosts are slow, and never without a look", async () => {
    const slow = () => listen((_request, response) => void setTimeout(() => response.end(), 150));
    const hosts = await Promise.all(Array.from({ length: 20 }, slow));
    const begun = performance.now();
    const seen = await all(hosts, 1, { batchMs: 100 });
    expect(performance.now() - begun).toBeLessThan(1_500);
    // The hosts that were begun with at once, and none behind them.
    expect(seen.map(({ id }) => id).sort()).toEqual(Array.from({ length: 8 }, (_, i) => `s${i}`));
  });

  it("never ask for what came without an address, nor hold its silence against others", async () => {
    const seen = await all(["http://127.0.0.1:1/", ...[1, 2].map((n) => `https://${n}.invalid/page`)]);
    expect(seen.map(({ outcome, counted }) => [outcome, counted])).toEqual([
      ["UNREACHED", false],
      ["UNASKED", false],
      ["UNASKED", false],
    ]);
  });
});

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Reach } from "../webhooks/reach.js";
import { fetchDocument } from "./fetch.js";

const LOOPBACK: Reach = { networks: ["127.0.0.1/32"], httpsOnly: false };
const PAGE = { maxBytes: 100_000, what: "A page", takes: ["text/html"] };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The world outside, on this machine. */
async function listen(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const html: RequestListener = (_request, response) =>
  response.writeHead(200, { "content-type": "text/html; charset=latin1" }).end("<p>x");
const refused = async (url: string, reach: Reach = LOOPBACK) => {
  const got = await fetchDocument(url, { ...PAGE, reach });
  return "refused" in got ? got.refused : "(read)";
};

describe("an address", () => {
  it("is read to its end, with its encoding, behind its redirects", async () => {
    const url = await listen((request, response) => {
      if (request.url === "/old") response.writeHead(301, { location: "/new?x=1" }).end();
      else html(request, response);
    });
    const got = await fetchDocument(`${url}/old`, { ...PAGE, reach: LOOPBACK });
    expect(got).toMatchObject({ url: `${url}/new?x=1`, contentType: "text/html; charset=latin1" });
    expect("bytes" in got && Buffer.from(got.bytes).toString()).toBe("<p>x");
  });

  it("into a network that isn't public is refused, at once and behind a redirect, by number and by name", async () => {
    const inside: Reach = { networks: [], httpsOnly: false, resolve: async () => ["10.0.0.7"] };
    expect(await refused("http://169.254.169.254/latest/meta-data")).toMatch(/isn't public/);
    expect(await refused("http://[::1]/")).toMatch(/isn't public/);
    expect(await refused("http://2130706433/", inside)).toMatch(/isn't public/);
    expect(await refused("http://intranet.example/", inside)).toMatch(/isn't public/);
    const mixed: Reach = { ...inside, resolve: async () => ["93.184.216.34", "127.0.0.1"] };
    expect(await refused("http://both.example/", mixed)).toMatch(/isn't public/);
    for (const location of [
      "http://169.254.169.254/",
      "http://10.1.2.3/",
      "file:///etc/passwd",
      "gopher://x/",
      "http://u:p@127.0.0.1/",
    ]) {
      const url = await listen((_request, response) => response.writeHead(302, { location }).end());
      expect(await refused(url), location).toMatch(/^It leads on to .* that address (leads into|must)/);
      server!.close();
    }
  });

  it("that leads in a circle, answers no page, or isn't there says so", async () => {
    const url = await listen((request, response) => {
      if (request.url === "/circle") response.writeHead(302, { location: "/circle" }).end();
      else if (request.url === "/pdf") response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF");
      else response.writeHead(404).end();
    });
    expect(await refused(`${url}/circle`)).toMatch(/more than 5 times/);
    expect(await refused(`${url}/pdf`)).toMatch(/It is application\/pdf; a page is text\/html/);
    expect(await refused(`${url}/nothing`)).toMatch(/answered 404/);
    server!.close();
    server!.closeAllConnections();
    expect(await refused(url)).toMatch(/can't be read/);
    expect(
      await refused("http://nobody.example/", { ...LOOPBACK, resolve: async () => Promise.reject(new Error("no")) }),
    ).toMatch(/isn't known/);
  });

  it("that goes over to another protocol, or whose name is never found, is given up", async () => {
    const url = await listen(() => {});
    server!.on("request", (request) =>
      request.socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"),
    );
    expect(await refused(url)).toMatch(/can't be read \(it answered with another protocol\)/);
    const never: Reach = { ...LOOPBACK, timeoutMs: 200, resolve: () => new Promise<string[]>(() => {}) };
    expect(await refused("http://slow.example/", never)).toMatch(/longer than 0\.2 seconds/);
  });

  it("that never ends, is too long, unpacks to too much, or is silent is cut off", async () => {
    const url = await listen((request, response) => {
      const head = { "content-type": "text/html" };
      if (request.url === "/long") response.writeHead(200, { ...head, "content-length": 50_000_000 }).write("<p>");
      else if (request.url === "/bomb")
        response.writeHead(200, { ...head, "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(5_000_000, "x")));
      else if (request.url === "/silent") response.writeHead(200, head).write("<p>");
      else {
        response.writeHead(200, head);
        const timer = setInterval(() => response.write("<p>on and on ".repeat(1_000)), 1);
        response.on("close", () => clearInterval(timer));
      }
    });
    for (const path of ["/long", "/bomb", "/endless"])
      expect(await refused(url + path), path).toMatch(/0\.1 MB.*cut off, and nothing of it is stored/);
    expect(await refused(`${url}/silent`, { ...LOOPBACK, timeoutMs: 200 })).toMatch(
      /longer than 0\.2 seconds and was cut off/,
    );
  });
});

import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { LOOPBACK, startReceiver, type Receiver } from "../../test/kit/webhooks.js";
import { post } from "./post.js";
import type { Reach } from "./reach.js";

const running: { close(): Promise<void> }[] = [];
const receiver = async (...options: Parameters<typeof startReceiver>): Promise<Receiver> => {
  const started = await startReceiver(...options);
  running.push(started);
  return started;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

const named = (addresses: readonly (readonly string[])[]): { reach: Reach; asked: () => number } => {
  let asked = 0;
  const resolve = async () => addresses[Math.min(asked++, addresses.length - 1)]!;
  return { reach: { ...LOOPBACK, resolve }, asked: () => asked };
};

describe("a delivery", () => {
  it("sends body and headers to the address under its name, and tells the status", async () => {
    const there = await receiver((response) => response.writeHead(202).end("thanks"));
    const { reach } = named([["127.0.0.1"]]);
    const posted = await post(`http://hooks.example:${there.port}/a/b?c=d`, { "webhook-id": "1" }, '{"ü":1}', reach);
    expect(posted).toEqual({ status: 202, error: null });
    expect(there.messages).toMatchObject([
      { body: '{"ü":1}', headers: { host: `hooks.example:${there.port}`, "webhook-id": "1" } },
    ]);
  });

  it("goes where the name led when it was judged, whatever it says a moment later", async () => {
    const [first, inside] = [await receiver(), await receiver(undefined, "127.0.0.2")];
    expect(first.port).not.toBe(inside.port);
    // The second port is the inner service's: nothing listens there at the judged address.
    const rebound = named([["127.0.0.1"], ["127.0.0.2"]]);
    expect(await post(`http://rebind.example:${inside.port}/`, {}, "x", rebound.reach)).toEqual({
      status: null,
      error: "connection",
    });
    expect(rebound.asked()).toBe(1);
    expect(inside.messages).toEqual([]);
    // And turned round: what is judged to be inside isn't called.
    const second = named([["127.0.0.2"], ["127.0.0.1"]]);
    expect(await post(`http://rebind.example:${inside.port}/`, {}, "x", second.reach)).toEqual({
      status: null,
      error: "address",
    });
    expect(inside.messages).toEqual([]);
  });

  it("follows no redirect", async () => {
    const inside = await receiver(undefined, "127.0.0.2");
    for (const status of [301, 302, 303, 307, 308]) {
      const there = await receiver((response) => response.writeHead(status, { location: inside.url }).end());
      expect(await post(there.url, {}, "x", LOOPBACK)).toEqual({ status, error: null });
    }
    expect(inside.messages).toEqual([]);
  });

  it("hangs up on an answer without end, and still has its status", async () => {
    let closed = false;
    const there = await receiver((response) => {
      response.writeHead(200);
      response.on("close", () => (closed = true));
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(4_096)));
      };
      response.on("drain", more);
      more();
    });
    expect(await post(there.url, {}, "x", LOOPBACK)).toEqual({ status: 200, error: null });
    await expect.poll(() => closed).toBe(true);
  });

  it("takes the status for the answer when its time is over before the rest has come", async () => {
    const there = await receiver((response) => void response.writeHead(202).write("and"));
    expect(await post(there.url, {}, "x", { ...LOOPBACK, timeoutMs: 150 })).toEqual({ status: 202, error: null });
  });

  it("gives up on one who doesn't answer, on a name that doesn't, and on nobody there", async () => {
    const silent = await receiver(() => {});
    const hasty = { ...LOOPBACK, timeoutMs: 150 };
    expect(await post(silent.url, {}, "x", hasty)).toEqual({ status: null, error: "timeout" });
    const never = { ...hasty, resolve: () => new Promise<string[]>(() => {}) };
    expect(await post("http://slow.example/", {}, "x", never)).toEqual({ status: null, error: "timeout" });
    const unknown = { ...hasty, resolve: () => Promise.reject(new Error("ENOTFOUND")) };
    expect(await post("http://nowhere.example/", {}, "x", unknown)).toEqual({ status: null, error: "name" });
    const gone = await receiver();
    await gone.close();
    running.pop();
    expect(await post(gone.url, {}, "x", LOOPBACK)).toEqual({ status: null, error: "connection" });
  });

  it("takes no plain or unknown certificate for https", async () => {
    const plain = await receiver();
    expect(await post(plain.url.replace("http:", "https:"), {}, "x", LOOPBACK)).toEqual({
      status: null,
      error: "connection",
    });
    expect(plain.messages).toEqual([]);
  });

  it("isn't fooled by one who answers something else than HTTP", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {}).resume();
      socket.end("220 mail.example ESMTP\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    running.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    expect(await post(`http://127.0.0.1:${port}/`, {}, "x", LOOPBACK)).toEqual({ status: null, error: "connection" });
  });

  it("isn't held up by one who goes over to another protocol", async () => {
    let ended = 0;
    const server = createServer((socket) => {
      socket.on("error", () => {}).on("close", () => ended++);
      socket.once("data", () =>
        socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    running.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    expect(await post(url, {}, "x", LOOPBACK)).toEqual({ status: null, error: "connection" });
    await expect.poll(() => ended).toBe(1);
  });

  it("gives up in time on one who only ever says that an answer will come", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {}).resume();
      const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 10);
      socket.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    running.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    expect(await post(`http://127.0.0.1:${port}/`, {}, "x", { ...LOOPBACK, timeoutMs: 150 })).toEqual({
      status: null,
      error: "timeout",
    });
  });
});

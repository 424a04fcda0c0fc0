import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { done, nodeNow } from "../kit/approvals.js";
import { buildClaim, buildEpisode, buildFact, buildScene, buildSource } from "../kit/build.js";
import { fallsOf, publishHere } from "../kit/corrections.js";
import { testGraph } from "../kit/graph.js";
import { plant, plantedId } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";
import { webhookServices } from "../kit/webhooks.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { linkHealthOf } from "../../server/reads/link-health/link-health.query.js";
import { parseNodeId } from "../../graph-schema/node-id.js";

/* The job `link-health` over days, against a server that does as the test says. */

// Each makes plans for the first time, and looks for days.
vi.setConfig({ testTimeout: 180_000 });

const DAY_MS = 86_400_000;
let server: Server;
let world: string;
const answers = new Map<string, number>();
beforeAll(async () => {
  server = createServer((request, response) => response.writeHead(answers.get(request.url!) ?? 200).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  world = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const services = webhookServices();
const troubles: unknown[] = [];
const tick = (t: TestTenant, day: number) =>
  services.duties.lookAtLinks({
    tenantId: t.id,
    scheduledAt: day * DAY_MS,
    signal: new AbortController().signal,
    trouble: (error) => void troubles.push(error),
    operationId: (part) => `test/link-health/${t.id}/${day}/${part}`,
  });
const statusOf = async (t: TestTenant, id: string) => (await nodeNow(t, "Source", id)).status;
const healthOf = async (t: TestTenant, id: string) =>
  (await testGraph().read(t.scope, linkHealthOf, { id: parseNodeId(id)!.id }))[0]!;

it("makes a source dead after three failures over three days, opens what that asks for, and brings it back", async () => {
  const t = await newTenant();
  const [fine, gone] = [await buildSource(t, { url: `${world}/fine` }), await buildSource(t, { url: `${world}/gone` })];
  const missing = await buildSource(t, { url: `${world}/missing` });
  answers.set("/missing", 404).set("/gone", 410);
  expect(await tick(t, 1)).toBe(3);
  expect([await statusOf(t, fine), await statusOf(t, missing), await statusOf(t, gone)]).toEqual([
    "ACTIVE",
    "ACTIVE",
    "DEAD",
  ]);
  // Each address once a day at most.
  expect(await tick(t, 1.5)).toBe(0);
  await tick(t, 2);
  expect([await statusOf(t, missing), (await healthOf(t, missing)).failures]).toEqual(["ACTIVE", 2]);
  await tick(t, 4);
  expect([await statusOf(t, missing), (await healthOf(t, missing)).outcome]).toEqual(["DEAD", "MISSING"]);
  answers.set("/missing", 200);
  await tick(t, 5);
  expect([await statusOf(t, missing), (await healthOf(t, missing)).failures]).toEqual(["ACTIVE", 0]);
  expect(await statusOf(t, gone)).toBe("DEAD");
});

it("opens a task for a live episode on a source that it finds dead, and leaves alone what people judged", async () => {
  const t = await newTenant();
  const source = await buildSource(t, { url: `${world}/quoted` });
  const claim = await buildClaim(t, { supports: [await buildFact(t, { sourceId: source })] });
  const episode = await buildEpisode(t);
  await buildScene(t, { episodeId: episode, claimIds: [claim] });
  await publishHere(t, episode);
  const byHand = await buildSource(t, { url: `${world}/by-hand` });
  await done(registerSource, t.person("ed", "editor"), { url: `${world}/by-hand`, title: "By hand", status: "DEAD" });
  answers.set("/quoted", 410);
  await tick(t, 1);
  expect([await statusOf(t, source), await statusOf(t, byHand)]).toEqual(["DEAD", "DEAD"]);
  expect(await fallsOf(t)).toMatchObject([{ sourceId: source, cause: "DEAD", episodeIds: [episode], claims: 1 }]);
  expect((await nodeNow(t, "Claim", claim)).status).toBe("NEEDS_RECHECK");
});

it("marks nothing while our own network is out", async () => {
  const t = await newTenant();
  const sources = [
    await buildSource(t, { url: "http://127.0.0.1:1/a" }),
    await buildSource(t, { url: "http://127.0.0.1:2/b" }),
  ];
  for (const day of [1, 2, 5]) await tick(t, day);
  for (const source of sources)
    expect([await statusOf(t, source), (await healthOf(t, source)).failures]).toEqual(["ACTIVE", 0]);
  expect(troubles).toHaveLength(3);
  // One that is silent while others answer counts.
  await buildSource(t, { url: `${world}/fine` });
  await buildSource(t, { url: world.replace("127.0.0.1", "localhost") });
  for (const day of [6, 7, 9]) await tick(t, day);
  expect(await statusOf(t, sources[0]!)).toBe("DEAD");
});

it("takes a host that vanished for dead also where it is alone in its tick, while others answer that answered before", async () => {
  const t = await newTenant();
  const fine = await buildSource(t, { url: `${world}/fine` });
  // The first tick has its fifty, and the host that vanished is alone in the second.
  const filling = Array.from({ length: 49 }, (_, i) => ({ id: plantedId("Source"), url: `https://${i}.invalid/page` }));
  await plant(
    t,
    filling.map(({ id, url }) => ({ id, properties: { url } })),
    [],
  );
  const vanished = await buildSource(t, { url: "http://127.0.0.1:1/page" });
  const before = troubles.length;
  for (const day of [1, 2, 4]) {
    expect([await tick(t, day), await tick(t, day + 0.125)]).toEqual([50, 1]);
    expect((await healthOf(t, vanished)).failures).toBe({ 1: 1, 2: 2, 4: 3 }[day]);
  }
  expect([await statusOf(t, fine), await statusOf(t, vanished)]).toEqual(["ACTIVE", "DEAD"]);
  expect(troubles).toHaveLength(before);
});

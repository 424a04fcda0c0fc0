import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { loadConfig } from "../../server/config.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { exportLineage } from "../../server/domains/export/export.service.js";
import { exportTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { startEmbedded, type EmbeddedDatabase } from "../../server/graph/embedded/embedded.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { importClaims } from "../../server/imports/claims.js";
import { startServer, type RunningServer } from "../../server/main.js";
import { createServices, type Services } from "../../server/services.js";
import { codesOf } from "../kit/approvals.js";
import { environment } from "../kit/env.js";
import { projectRoot } from "../kit/project-root.js";
import { auditOf } from "../kit/residency.js";

/*
 * Two real databases as two regions, a process on each. A tenant of one region is refused in the other, by whatever way it
 * comes, and the refusal stands in the decision log of the database that it was refused at.
 */

const REGIONS = ["eu", "us"] as const;
type Region = (typeof REGIONS)[number];

interface Place {
  readonly region: Region;
  readonly graph: Graph;
  readonly services: Services;
  readonly home: string;
  readonly server: RunningServer;
}

let second: EmbeddedDatabase;
const places = {} as Record<Region, Place>;
const homes: string[] = [];

async function settle(region: Region, graph: Graph): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), "throughline-region-"));
  homes.push(home);
  const config = loadConfig({ THROUGHLINE_HOME: home, THROUGHLINE_REGION: region }, projectRoot);
  const services = createServices({ graph, region });
  return { region, graph, services, home, server: await startServer({ config, services, projectRoot, port: 0 }) };
}

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), "throughline-second-"));
  homes.push(home);
  const { cache } = loadConfig(
    { THROUGHLINE_CACHE: environment.cache, XDG_CACHE_HOME: environment.xdgCache },
    projectRoot,
  );
  second = await startEmbedded({ home, cache, classArchive: false, progress: () => {} });
  const patient = { timeoutMs: { read: 60_000, write: 60_000 } };
  const [here, there] = [openGraph({ ...inject("database"), ...patient }), openGraph({ ...second, ...patient })];
  await migrate(there, await readMigrations(join(projectRoot, "migrations")));
  places.eu = await settle("eu", here);
  places.us = await settle("us", there);
}, 600_000);

afterAll(async () => {
  for (const { server, graph } of Object.values(places)) {
    await server.close();
    await graph.close();
  }
  await second?.stop();
  for (const home of homes) await rm(home, { recursive: true, force: true });
}, 120_000);

const envelope = () => ({ operationId: `test/${ulid()}`, reason: "a test" });
const slug = () => `r${ulid().slice(-10).toLowerCase()}`;
const person = (tenantId: string, region: Region, ...roles: Role[]): Caller => ({
  tenantId,
  actor: "tester",
  name: "Tess Tester",
  roles,
  region,
});

/** Onboards a tenant at a place; `asked` are the regions that it allows. */
const onboard = ({ services }: Place, id: string, asked: readonly [Region, ...Region[]]) =>
  services.execute(createTenant, systemCaller(id), {
    ...envelope(),
    id,
    name: id,
    region: asked[0],
    allowedRegions: [...asked],
  });

const tokenOf = async ({ home, region }: Place, id: string): Promise<string> => {
  const identity = { actor: "tester", name: "Tess Tester", tenantId: id, roles: ["tenant-admin" as const], region };
  return issueToken(await loadOrCreateKeys(home), identity, 600);
};

const read = async (place: Place, id: string): Promise<Response> => {
  return fetch(`${place.server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await tokenOf(place, id)}` },
    body: JSON.stringify({ query: "{ viewer { tenant { id } } }" }),
  });
};

describe.each([
  ["eu", "us"],
  ["us", "eu"],
] as const)("a tenant of %s", (home, abroad) => {
  let denied = 0;

  it("is made, served and changed at home", async () => {
    const id = slug();
    expect(await onboard(places[home], id, [home])).toMatchObject({ ok: true });
    const topic = { ...envelope(), title: "At home" };
    expect(await places[home].services.execute(createTopic, person(id, home, "editor"), topic)).toMatchObject({
      ok: true,
    });
    expect(await (await read(places[home], id)).json()).toMatchObject({
      data: { viewer: { tenant: { id: `Tenant:${id}` } } },
    });
  });

  it(`isn't made in ${abroad}`, async () => {
    const id = slug();
    expect(codesOf(await onboard(places[abroad], id, [home]))).toEqual(["RESIDENCY"]);
    expect(await places[abroad].services.tenants()).not.toContainEqual(expect.objectContaining({ id }));
    denied += 1;
  });

  it(`whose data is in ${abroad} all the same is neither changed, imported into, exported nor read there, and all of it is noted`, async () => {
    const id = slug();
    // As a restored backup or a wrong copy would leave it: made where it allows both, and then narrowed.
    expect(await onboard(places[abroad], id, [abroad, home])).toMatchObject({ ok: true });
    const { services, graph } = places[abroad];
    await auditOf.narrow(graph, id, [home]);
    const who = person(id, abroad, "tenant-admin");
    expect(codesOf(await services.execute(createTopic, who, { ...envelope(), title: "No" }))).toEqual(["RESIDENCY"]);
    const whole = { ...envelope(), tenantId: `Tenant:${id}` };
    expect(codesOf(await services.execute(exportTenant, who, whole))).toEqual(["RESIDENCY"]);
    const part = { id: `Tenant:${id}`, format: "csv", direction: "UPSTREAM", depth: 1, asOf: 0, nodes: 1, edges: 0 };
    expect(codesOf(await services.execute(exportLineage, who, { ...envelope(), ...part }))).toEqual(["RESIDENCY"]);
    const door = await fetch(`${places[abroad].server.url}/export/lineage?id=Tenant:${id}&format=csv`, {
      headers: { authorization: `Bearer ${await tokenOf(places[abroad], id)}` },
    });
    expect([door.status, (await door.text()).includes(`Tenant:${id}`)]).toEqual([403, false]);
    const row = {
      claim: "It is so.",
      evidence: "They found it so.",
      label: "SUPPORTS",
      source_title: "A page",
      source_url: "https://a.example/",
    };
    const chunks = (async function* () {
      yield Buffer.from(`${JSON.stringify(row)}\n`);
    })();
    const told: unknown[] = [];
    const batch = { caller: who, key: "0".repeat(64), reason: "a test", dryRun: false, chunks };
    try {
      for await (const event of importClaims(services, batch)) told.push(event);
    } catch (error) {
      told.push(String(error));
    }
    expect(JSON.stringify(told)).not.toMatch(/"created":[1-9]/);
    const answer = await read(places[abroad], id);
    const body = await answer.text();
    expect(body).toContain("FORBIDDEN");
    expect(body).not.toContain(`Tenant:${id}`);
    const noted = (await auditOf.denials(graph, id)).filter(({ denied: rules }) => rules.includes("residency"));
    expect(new Set(noted.map(({ command }) => command))).toEqual(
      new Set(["createTopic", "exportLineage", "exportTenant", "importClaims", "serveTenant"]),
    );
    denied += noted.length;
  });

  it(`is nobody with a token of ${home} in ${abroad}, nor with its own where it isn't`, async () => {
    const id = slug();
    await onboard(places[home], id, [home]);
    expect(await (await read(places[abroad], id)).text()).toContain("UNAUTHENTICATED");
    denied += 1;
    console.log(`residency: ${denied} acts on a tenant of ${home} in ${abroad}, ${denied} denied`);
  });
});

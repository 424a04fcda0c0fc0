import { join } from "node:path";
import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { exportLineage } from "../../server/domains/export/export.service.js";
import { exportTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { SYSTEM_TENANT, type Graph } from "../../server/graph/graph.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { importClaims } from "../../server/imports/claims.js";
import { startServer, type RunningServer } from "../../server/main.js";
import type { Services } from "../../server/services.js";
import { codesOf } from "../kit/approvals.js";
import { projectRoot } from "../kit/project-root.js";
import { openRegions, tenantCli, type Region as OpenRegion, type Regions } from "../kit/regions.js";
import { auditOf } from "../kit/residency.js";
import { stageCompleted } from "../kit/webhooks.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { addWebhook } from "../../server/domains/webhook/secret.service.js";
import { deliverDue } from "../../server/webhooks/deliver.js";
import { dispatchOutbox } from "../../server/webhooks/dispatch.js";
import { signedHeaders } from "../../server/webhooks/signing.js";

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

let regions: Regions;
const places = {} as Record<Region, Place>;

async function settle(region: Region, { graph, services, home, config }: OpenRegion): Promise<Place> {
  const server = await startServer({ config: { ...config, jobs: false }, services, projectRoot, port: 0 });
  return { region, graph, services, home, server };
}

beforeAll(async () => {
  regions = await openRegions("eu", "us");
  places.eu = await settle("eu", regions.first);
  places.us = await settle("us", regions.second);
}, 600_000);

afterAll(async () => {
  for (const { server } of Object.values(places)) await server.close();
  await regions.close();
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

  it(`is neither moved to ${abroad}, backed up in its storage, nor restored there`, async () => {
    const id = slug();
    await onboard(places[home], id, [home]);
    const [here, there] = home === "eu" ? [regions.first, regions.second] : [regions.second, regions.first];
    const file = join(here.home, `${id}.jsonl`);
    expect(await tenantCli(here, "export", id, "--out", file)).toMatchObject({ code: 0 });
    const asked = [
      await tenantCli(here, "move", id, "--to", abroad),
      await tenantCli(here, "backup", id, "--region", abroad),
      await tenantCli(here, "export", id, "--out", join(there.home, "x.jsonl")),
      await tenantCli(there, "restore", file),
    ];
    for (const { code, said } of asked)
      expect([code, said]).toEqual([3, expect.stringContaining("doesn't allow the region")]);
    expect(await auditOf.denials(places[home].graph, id)).toEqual(
      ["moveTenant", "exportTenant", "exportTenant"].map((command) => ({ command, denied: ["residency"] })),
    );
    const restores = await auditOf.details(places[abroad].graph, SYSTEM_TENANT, "RESIDENCY");
    expect(restores.length).toBeGreaterThan(0);
    expect(await auditOf.denials(places[abroad].graph, SYSTEM_TENANT)).toContainEqual({
      command: "restoreTenant",
      denied: ["residency"],
    });
    expect(await places[abroad].services.tenants()).not.toContainEqual(expect.objectContaining({ id }));
    denied += asked.length;
  });

  it(
    `whose data is in ${abroad} all the same is neither changed, imported into, exported nor read there, no webhook comes in or goes out, and all of it is noted`,
    { timeout: 120_000 },
    async () => {
      const id = slug();
      // As a restored backup or a wrong copy would leave it: made where it allows both, and then narrowed.
      expect(await onboard(places[abroad], id, [abroad, home])).toMatchObject({ ok: true });
      const { services, graph } = places[abroad];
      const who = person(id, abroad, "tenant-admin");
      const robot = { ...envelope(), key: "robot", name: "Robot", kind: "SERVICE", roles: ["operator"] };
      const registered = await services.execute(registerPrincipal, who, robot);
      if (!registered.ok) throw new Error(JSON.stringify(registered));
      const { principalId } = registered.result;
      const inward = { title: "In", direction: "IN", types: ["stage.completed"], principalId };
      const outward = { title: "Out", direction: "OUT", types: ["*"], url: "https://receiver.example/hook" };
      const added = await addWebhook(services, who, { ...envelope(), ...inward });
      if (!added.ok || added.secret === null) throw new Error(JSON.stringify(added));
      // One whose receiver is here, and one whose receiver is where the data may be.
      for (const region of [abroad, home])
        expect(await addWebhook(services, who, { ...envelope(), ...outward, region })).toMatchObject({ ok: true });
      await dispatchOutbox(services, id);
      await auditOf.narrow(graph, id, [home]);
      expect(codesOf(await addWebhook(services, who, { ...envelope(), ...outward }))).toEqual(["RESIDENCY"]);
      const message = JSON.stringify(stageCompleted());
      const reported = await fetch(
        `${places[abroad].server.url}/webhooks/in/${id}/${added.result.webhookId.slice("Webhook:".length)}`,
        {
          method: "POST",
          headers: { ...signedHeaders([added.secret], `msg_${ulid()}`, Date.now(), message) },
          body: message,
        },
      );
      expect([reported.status, await reported.text()]).toEqual([403, expect.stringContaining("RESIDENCY")]);
      const kept = await deliverDue(services, id);
      expect([kept.delivered, kept.retried > 0, kept.ended > 0]).toEqual([0, true, true]);
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
        new Set([
          ...["createTopic", "createWebhook", "deliverEvent", "exportLineage", "exportTenant", "importClaims"],
          ...["receiveEvent", "serveTenant"],
        ]),
      );
      denied += noted.length;
    },
  );

  it(`is nobody with a token of ${home} in ${abroad}, nor with its own where it isn't`, async () => {
    const id = slug();
    await onboard(places[home], id, [home]);
    expect(await (await read(places[abroad], id)).text()).toContain("UNAUTHENTICATED");
    denied += 1;
    console.log(`residency: ${denied} acts on a tenant of ${home} in ${abroad}, ${denied} denied`);
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiToken } from "../../server/cli/api-token.js";
import { signInLinks } from "../../server/cli/sign-in.js";
import { systemCaller } from "../../server/commands/caller.js";
import { loadConfig, type Config } from "../../server/config.js";
import { suspendTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { createServices, type Services } from "../../server/services.js";
import { testGraph } from "../kit/graph.js";
import { projectRoot } from "../kit/project-root.js";
import { dropResultsOf } from "../kit/records.js";
import { newTenant, operationId } from "../kit/tenant.js";

/* The principals that the installation makes for itself: of sign-in links, and of the command line's tokens. */

let home: string;
let config: Config;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "throughline-own-"));
  config = loadConfig({ THROUGHLINE_HOME: home }, projectRoot);
});
afterAll(() => rm(home, { recursive: true, force: true }));

type Listed = Awaited<ReturnType<Services["tenants"]>>[number];
const listed = (id: string, status: Listed["status"] = "ACTIVE"): Listed => ({ id, name: id, region: "local", status });
/** Of an installation that has these tenants and no others. */
const servicesOf = (...tenants: readonly Listed[]): Services => ({
  ...createServices({ graph: testGraph() }),
  tenants: async () => [...tenants],
});
const linksOf = (services: Services) => signInLinks({ config, url: "http://127.0.0.1:1", services });

describe("sign-in links and the command line's tokens", () => {
  it(
    "are made as before when the results of what registered their principals are dropped",
    { timeout: 120_000 },
    async () => {
      const t = await newTenant();
      const services = servicesOf(listed(t.id));
      const token = () => apiToken({ config, services, tenantId: t.id, roles: ["analyst", "editor"], ttlSeconds: 60 });
      const before = await linksOf(services);
      await token();
      await dropResultsOf(t.scope);
      const after = await linksOf(services);
      expect(after?.links.map(({ role }) => role)).toEqual(before?.links.map(({ role }) => role));
      expect(await token()).toEqual(expect.any(String));
    },
  );

  it("lead into a tenant that can be entered: none that was erased, moved away or is on its way", async () => {
    const t = await newTenant();
    const closed = (["ERASED", "MOVED", "RESTORING", "MOVING"] as const).map((status) => listed("demo", status));
    expect(await linksOf(servicesOf(...closed))).toBeUndefined();
    expect(await linksOf(servicesOf(...closed, listed("aaa", "SUSPENDED"), listed(t.id)))).toMatchObject({
      tenantId: t.id,
    });
  });

  it("into a tenant that was suspended before they were ever made wait until it is resumed", async () => {
    const t = await newTenant();
    const services = servicesOf(listed(t.id, "SUSPENDED"));
    const suspend = { tenantId: `Tenant:${t.id}`, operationId: operationId(), reason: "a test" };
    expect(await services.execute(suspendTenant, systemCaller(t.id), suspend)).toMatchObject({ ok: true });
    expect((await linksOf(services))?.links.map(({ role }) => role)).toEqual(["platform-admin"]);
  });
});

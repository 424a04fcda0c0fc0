import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealTenant } from "../../server/audit/sealer.js";
import { verifyTenant } from "../../server/audit/verify.js";
import { systemCaller } from "../../server/commands/caller.js";
import { carryOver, type Moved } from "../../server/domains/tenant/move.service.js";
import { moveTenant, resumeTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { SYSTEM_TENANT } from "../../server/graph/graph.js";
import type { Services } from "../../server/services.js";
import { exportTenantLines, toText } from "../../server/tenancy/export.js";
import { readMove } from "../../server/tenancy/move.js";
import { startServer, type RunningServer } from "../../server/main.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import canonicalize from "canonicalize";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { done } from "../kit/approvals.js";
import { buildChain } from "../kit/build.js";
import { projectRoot } from "../kit/project-root.js";
import { openRegions, tenantCli, type Region, type Regions } from "../kit/regions.js";
import { auditOf, killed, nodesOf, older } from "../kit/residency.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/* A tenant is moved from one region to another and back: two real databases, a home with a key of its own each. */

let regions: Regions;
let local: Region;
let us: Region;
let server: RunningServer;
beforeAll(async () => {
  regions = await openRegions("local", "us");
  [local, us] = [regions.first, regions.second];
  const { config, services } = local;
  server = await startServer({ config: { ...config, jobs: false }, services, projectRoot, port: 0, presenceMs: 0 });
}, 600_000);
afterAll(async () => {
  await server.close();
  await regions.close();
}, 120_000);

async function tenant(allowed: readonly string[] = ["local", "us"]): Promise<TestTenant> {
  const t = await newTenant();
  await buildChain(t);
  await auditOf.narrow(local.graph, t.id, allowed);
  return t;
}

/** From one region to another; what waits for writes under way doesn't, as there are none. */
const move = (id: string, from: Region, to: Region, as: { from?: Services; to?: Services } = {}): Promise<Moved> => {
  const services = as.from ?? from.services;
  return carryOver({
    tenantId: id,
    from: { ...services, audit: { ...from.services.audit!, graph: services.graph } },
    to: as.to ?? to.services,
    region: to.name,
    path: pathOf(from, id),
    reason: "a test",
    settleMs: 0,
    told: () => {},
    progress: () => {},
  });
};
const pathOf = ({ home }: Region, id: string): string => join(home, "moves", id, "go.jsonl");

/** Whether the tenant takes a change there. */
const takesChanges = async (region: Region, tenantId: string): Promise<boolean> => {
  const caller = { ...systemCaller(tenantId), roles: ["tenant-admin" as const] };
  const id = operationId();
  const input = { title: `A change, ${id}`, operationId: id, reason: "a test" };
  return region.services.execute(createTopic, caller, input).then(
    ({ ok }) => ok,
    () => false,
  );
};

/** Its content as an export tells of it: without what a move adds, and without the tenant's own node. */
const contentOf = async ({ graph }: Region, id: string): Promise<string[]> => {
  const lines: string[] = [];
  for await (const { line } of exportTenantLines(graph, id, undefined)) {
    if (line.type !== "node" || ["Tenant", "Revision", "AuditTree", "Checkpoint"].includes(line.labels[0]!)) continue;
    if (/^(restore|move)\//.test(String(line.properties.operationId))) continue;
    // What is sealed meanwhile is no other entry.
    const { salt: _s, leafHash: _l, sequence: _n, ...properties } = line.properties;
    lines.push(toText({ ...line, labels: line.labels.slice(0, 1), properties }));
  }
  return lines;
};

const verified = async ({ graph, services }: Region, id: string) => {
  const office = services.audit!;
  await sealTenant(office, id);
  const note = (await office.checkpoints.read(id))!.note;
  return verifyTenant(graph, id, { publicKey: office.signer.publicKey, trusted: office.trusted, note });
};

describe("a moved tenant", () => {
  it("is whole and at home where it went, and nothing but where to is left where it was; it can come back", async () => {
    const t = await tenant();
    const before = await contentOf(local, t.id);
    const size = (await verified(local, t.id)).size;
    const moved = await move(t.id, local, us);
    expect(moved).toMatchObject({ nodes: expect.any(Number) });
    expect(await contentOf(us, t.id)).toEqual(before);
    expect(await readMove(us.graph, t.id)).toMatchObject({ status: "ACTIVE", movesTo: null });
    expect((await us.services.tenants()).find(({ id }) => id === t.id)).toMatchObject({ region: "us", name: t.id });
    expect(await verified(us, t.id)).toMatchObject({ ok: true, unsealed: 0 });
    expect((await verified(us, t.id)).size).toBeGreaterThan(size);
    expect(await takesChanges(us, t.id)).toBe(true);

    expect(await readMove(local.graph, t.id)).toMatchObject({ status: "MOVED", movesTo: "us" });
    expect(await nodesOf(local.graph, t.id)).toEqual([{ label: "Tenant", nodes: 1 }]);
    await expect(access(pathOf(local, t.id))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await takesChanges(local, t.id)).toBe(false);
    const identity = { actor: "tester", name: "Tess", tenantId: t.id, roles: ["analyst" as const], region: "local" };
    const answer = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await issueToken(await loadOrCreateKeys(local.home), identity, 600)}`,
      },
      body: JSON.stringify({ query: "{ viewer { actor } }" }),
    });
    expect(await answer.text()).toMatch(
      /UNAUTHENTICATED.*moved to the region us|moved to the region us.*UNAUTHENTICATED/s,
    );
    expect(await nodesOf(local.graph, t.id)).toEqual([{ label: "Tenant", nodes: 1 }]);
    const acts = await auditOf.details(local.graph, SYSTEM_TENANT, t.id);
    expect(acts.filter(({ command }) => command === "moveTenant")).toHaveLength(2);
    expect((await auditOf.details(us.graph, SYSTEM_TENANT, t.id)).map(({ command }) => command)).toEqual(
      expect.arrayContaining(["restoreTenant", "openTenant"]),
    );

    const there = await contentOf(us, t.id);
    await move(t.id, us, local);
    expect(await contentOf(local, t.id)).toEqual(there);
    // Against the checkpoint that was kept here when it left.
    expect(await verified(local, t.id)).toMatchObject({ ok: true, unsealed: 0 });
    expect([await takesChanges(local, t.id), await takesChanges(us, t.id)]).toEqual([true, false]);
  }, 300_000);

  it("stays suspended when it was, and goes on by the command line", async () => {
    const t = await tenant();
    expect(await tenantCli(local, "suspend", t.id)).toMatchObject({ code: 0 });
    // Killed once it was on its way, some minutes ago.
    await expect(move(t.id, local, us, { to: killed(us, { writes: 0, after: false }) })).rejects.toThrow("killed");
    await older(local.graph, t.id);
    const moved = await tenantCli(local, "move", t.id, "--to", "us", "--json");
    expect(moved).toMatchObject({ code: 0 });
    expect(JSON.parse(moved.out)).toMatchObject({ tenant: t.id, from: "local", to: "us", nodes: expect.any(Number) });
    expect(await readMove(us.graph, t.id)).toMatchObject({ status: "SUSPENDED", movesTo: null });
    // Once more, it finds nothing to do.
    expect(await tenantCli(local, "move", t.id, "--to", "us")).toMatchObject({ code: 0 });
    expect(await tenantCli(local, "resume", t.id)).not.toMatchObject({ code: 0 });
  }, 300_000);
});

describe("a move that isn't allowed", () => {
  it.each([
    ["a region that the tenant doesn't allow", ["local"], "us"],
    ["a region that there isn't", ["local", "mars"], "mars"],
  ])("to %s is denied, stands in the decision log, and changes nothing", async (_what, allowed, to) => {
    const t = await tenant(allowed);
    const before = await contentOf(local, t.id);
    const refused = await tenantCli(local, "move", t.id, "--to", to);
    expect([refused.code, refused.said]).toEqual([3, expect.stringContaining("doesn't allow the region")]);
    expect(await auditOf.denials(local.graph, t.id)).toEqual([{ command: "moveTenant", denied: ["residency"] }]);
    expect(await readMove(local.graph, t.id)).toMatchObject({ status: "ACTIVE", movesTo: null });
    expect(await takesChanges(local, t.id)).toBe(true);
    expect((await contentOf(local, t.id)).filter((line) => before.includes(line))).toEqual(before);
  });

  it("or to where it is, or to where another of its id is, is refused", async () => {
    const t = await tenant();
    expect((await tenantCli(local, "move", t.id, "--to", "local")).code).toBe(2);
    await move(t.id, local, us);
    const other = await tenantCli(us, "move", t.id, "--to", "us");
    expect(other.code).toBe(2);
    expect((await tenantCli(local, "move", "never-was", "--to", "us")).code).toBe(1);
  }, 120_000);
});

describe("a move that is called off", () => {
  it("leaves the tenant where it was, and what went ahead is of no use; it can be begun again", async () => {
    const t = await tenant();
    const stopped = killed(us, { writes: 2, after: true });
    await expect(move(t.id, local, us, { to: stopped })).rejects.toThrow("killed");
    expect([await takesChanges(local, t.id), await takesChanges(us, t.id)]).toEqual([false, false]);
    const input = { tenantId: `Tenant:${t.id}`, operationId: operationId(), reason: "a test" };
    expect(await local.services.execute(resumeTenant, systemCaller(t.id), input)).toMatchObject({ ok: true });
    expect([await takesChanges(local, t.id), await takesChanges(us, t.id)]).toEqual([true, false]);
    const before = await contentOf(local, t.id);
    await move(t.id, local, us);
    expect(await contentOf(us, t.id)).toEqual(before);
  }, 120_000);
});

describe("what a move that is called off left", () => {
  const input = (id: string) => ({ tenantId: `Tenant:${id}`, operationId: operationId(), reason: "a test" });

  it("goes with the command that calls it off: the export here, and the shut copy where it can be reached", async () => {
    const t = await tenant();
    await expect(move(t.id, local, us, { to: killed(us, { writes: 2, after: true }) })).rejects.toThrow("killed");
    await expect(access(pathOf(local, t.id))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await readMove(us.graph, t.id)).toMatchObject({ status: "RESTORING" });
    // As kill -9 leaves it.
    await mkdir(dirname(pathOf(local, t.id)), { recursive: true });
    await writeFile(pathOf(local, t.id), "{}");
    const resumed = await tenantCli(local, "resume", t.id);
    expect([resumed.code, resumed.said]).toEqual([
      0,
      expect.stringMatching(/called off the move.* takes changes again[^]*dropped what a move had brought to us/),
    ]);
    await expect(access(pathOf(local, t.id))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await nodesOf(us.graph, t.id)).toEqual([{ label: "Tenant", nodes: 1 }]);
    expect(await readMove(us.graph, t.id)).toMatchObject({ status: "MOVED", movesTo: "local" });
    expect((await us.services.tenants()).find(({ id }) => id === t.id)).toMatchObject({ name: t.id });
    expect((await auditOf.details(us.graph, SYSTEM_TENANT, t.id)).map(({ command }) => command)).toContain(
      "giveUpArrival",
    );
    const before = await contentOf(local, t.id);
    await move(t.id, local, us);
    expect(await contentOf(us, t.id)).toEqual(before);
  }, 120_000);

  it("is told of where it can't be reached, and a job drops what lies in the home", async () => {
    const t = await tenant();
    await expect(move(t.id, local, us, { to: killed(us, { writes: 2, after: true }) })).rejects.toThrow("killed");
    await mkdir(dirname(pathOf(local, t.id)), { recursive: true });
    await writeFile(pathOf(local, t.id), "{}");
    const duty = { tenantId: SYSTEM_TENANT, scheduledAt: 0, signal: new AbortController().signal };
    const due = { ...duty, trouble: () => {}, operationId: () => operationId() };
    // It is on its way still; what other tests left is none of this one's.
    await local.services.duties.eraseTenants(due);
    expect(await local.services.duties.countErasable(due)).toBe(0);
    const env = { ...local.env, NEO4J_PASSWORD_US: "" };
    const resumed = await tenantCli({ ...local, env }, "resume", t.id);
    expect([resumed.code, resumed.said]).toEqual([0, expect.stringMatching(/to us is still there, shut.*password/)]);
    expect(await readMove(us.graph, t.id)).toMatchObject({ status: "RESTORING" });
    await mkdir(dirname(pathOf(local, t.id)), { recursive: true });
    await writeFile(pathOf(local, t.id), "{}");
    expect(await local.services.duties.countErasable(due)).toBe(1);
    expect(await local.services.duties.eraseTenants(due)).toBe(1);
    await expect(access(pathOf(local, t.id))).rejects.toMatchObject({ code: "ENOENT" });
    // An erasure reaches it when it can be reached.
    await sealTenant(local.services.audit!, t.id);
    const erasure = { action: "eraseTenant", subjectId: `Tenant:${t.id}` };
    await done(approve, t.person("ann", "approver"), await done(propose, t.person("ed", "tenant-admin"), erasure));
    const erased = await tenantCli(local, "erase", t.id, "--confirm", t.id);
    expect([erased.code, erased.said]).toEqual([0, expect.stringMatching(/dropped what a move had brought to us/)]);
    expect(await nodesOf(us.graph, t.id)).toEqual([{ label: "Tenant", nodes: 1 }]);
  }, 120_000);

  it("isn't opened by a go of before, when the move is begun again after a change", async () => {
    const t = await tenant();
    const { execute } = us.services;
    let again = false;
    const to: Services = {
      ...us.services,
      async execute(command, caller, given) {
        const executed = await execute(command, caller, given);
        if (command.name !== "restoreTenant" || again) return executed;
        again = true;
        // While that go carries it over: called off, changed, and begun anew.
        expect(await local.services.execute(resumeTenant, systemCaller(t.id), input(t.id))).toMatchObject({ ok: true });
        expect(await takesChanges(local, t.id)).toBe(true);
        const anew = { ...input(t.id), region: "us" };
        expect(await local.services.execute(moveTenant, systemCaller(t.id), anew)).toMatchObject({ ok: true });
        return executed;
      },
    };
    await expect(move(t.id, local, us, { to })).rejects.toMatchObject({ problems: [{ code: "CONFLICT" }] });
    expect(again).toBe(true);
    expect(await readMove(local.graph, t.id)).toMatchObject({ status: "MOVING", leftAs: null });
    // Nor is what it brought left there.
    expect(await nodesOf(us.graph, t.id)).toEqual([{ label: "Tenant", nodes: 1 }]);
    const before = await contentOf(local, t.id);
    await move(t.id, local, us);
    expect(await contentOf(us, t.id)).toEqual(before);
    expect([await takesChanges(local, t.id), await takesChanges(us, t.id)]).toEqual([false, true]);
  }, 120_000);
});

describe("a restore beside a move", () => {
  it("takes no place of what the move brings, and what was restored there isn't taken for what was moved", async () => {
    const t = await tenant();
    const backup = await tenantCli(local, "backup", t.id);
    const file = backup.out.trim();
    // Killed when it had left here, and before it was open there.
    const { execute } = us.services;
    const to: Services = {
      ...us.services,
      execute: (command, ...given) => {
        if (command.name === "openTenant") throw new Error("killed");
        return execute(command, ...given);
      },
    };
    await expect(move(t.id, local, us, { to })).rejects.toThrow("killed");
    expect(await readMove(local.graph, t.id)).toMatchObject({ status: "MOVED", leftAs: expect.any(String) });
    const left = await nodesOf(local.graph, t.id);
    for (const flags of [["--take-over"], ["--anew"]]) {
      const refused = await tenantCli(us, "restore", file, ...flags);
      expect(refused.code, flags.join()).toBe(4);
    }
    await auditOf.narrow(us.graph, t.id, ["local", "us"]);
    const carried = await tenantCli(us, "restore", await homed(file, "us"), "--anew", "--unsigned");
    expect([carried.code, carried.said]).toEqual([4, expect.stringContaining("A move to this region carries")]);
    expect(await tenantCli(us, "restore", file, "--anew", "--take-over")).toMatchObject({ code: 0 });
    const refused = await tenantCli(local, "move", t.id, "--to", "us");
    expect([refused.code, refused.said]).toEqual([
      4,
      expect.stringMatching(/isn't what this move took there.*nothing/),
    ]);
    expect(await nodesOf(local.graph, t.id)).toEqual(left);
  }, 120_000);
});

/** The file with another home region, as one that isn't signed. */
async function homed(file: string, home: string): Promise<string> {
  const [head, ...rest] = (await readFile(file, "utf8")).trimEnd().split("\n");
  const lines = [JSON.stringify({ ...JSON.parse(head!), format: 2 }), ...rest.slice(0, -1)].map((line) =>
    line.replace('"region":"local","status":"ACTIVE"', `"region":"${home}","status":"ACTIVE"`),
  );
  const body = lines.map((line) => `${canonicalize(JSON.parse(line))}\n`).join("");
  const { nodes, edges } = JSON.parse(rest.at(-1)!) as { nodes: number; edges: number };
  const sha256 = createHash("sha256").update(body).digest("hex");
  const path = `${file}.${home}`;
  await writeFile(path, `${body}${canonicalize({ type: "end", nodes, edges, sha256 })}\n`);
  return path;
}

describe("a move that is killed", () => {
  it("before or after any of its writes ends well when it is run again, and never two regions take changes", async () => {
    let stops = 0;
    // Behind the opening come the deletions, of which some stand for all.
    for (let writes = 0; ; writes += writes < 20 ? 1 : 7) {
      const t = await tenant();
      const before = await contentOf(local, t.id);
      const life = { writes, after: writes % 2 === 1 };
      const over = await move(t.id, local, us, { from: killed(local, life), to: killed(us, life) }).then(
        () => true,
        () => false,
      );
      // What stands in either log by the attempt isn't compared, so the change is tried where it can't be taken alone.
      const open = [await readMove(local.graph, t.id), await readMove(us.graph, t.id)];
      const taking = open.filter((one) => one?.status === "ACTIVE");
      expect(taking.length, `killed after ${writes} writes`).toBeLessThanOrEqual(1);
      const shut = [local, us].filter((_, i) => open[i]?.status !== "ACTIVE");
      expect(await Promise.all(shut.map((region) => takesChanges(region, t.id)))).toEqual(shut.map(() => false));
      if (over) break;
      stops += 1;
      await move(t.id, local, us);
      expect(await contentOf(us, t.id), `killed after ${writes} writes`).toEqual(before);
      expect(await nodesOf(local.graph, t.id)).toEqual([{ label: "Tenant", nodes: 1 }]);
      expect([await takesChanges(local, t.id), await takesChanges(us, t.id)]).toEqual([false, true]);
      expect(await verified(us, t.id)).toMatchObject({ ok: true });
    }
    console.log(`moves: killed at ${stops} writes, each finished by the next go, 0 times two regions took changes`);
    expect(stops).toBeGreaterThan(16);
  }, 900_000);
});

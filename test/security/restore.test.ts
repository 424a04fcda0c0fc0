import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysOf, sealTenant } from "../../server/audit/sealer.js";
import { verifyTenant } from "../../server/audit/verify.js";
import { systemCaller } from "../../server/commands/caller.js";
import { recordConflict } from "../../server/domains/claim/conflict.service.js";
import { reviseClaim } from "../../server/domains/claim/claim.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { saveInvestigation } from "../../server/domains/investigation/investigation.service.js";
import { restoreExport } from "../../server/domains/tenant/restore.service.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { watchNode } from "../../server/domains/watch/watch.service.js";
import { SYSTEM_TENANT } from "../../server/graph/graph.js";
import { checkExport } from "../../server/tenancy/export-file.js";
import { exportTenantLines, type ExportLine } from "../../server/tenancy/export.js";
import { restoreId } from "../../server/tenancy/restore.js";
import { buildProposals, codesOf, done } from "../kit/approvals.js";
import { buildChain, buildClaim } from "../kit/build.js";
import { openRegions, tenantCli, type Region, type Regions } from "../kit/regions.js";
import { auditOf, killed } from "../kit/residency.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import { plantWebhooks } from "../kit/webhooks.js";

/* A tenant is exported in one region and restored in another: two real databases, a home with a key of its own each. */

let regions: Regions;
let local: Region;
let us: Region;
let folder: string;
beforeAll(async () => {
  regions = await openRegions("local", "us");
  [local, us] = [regions.first, regions.second];
  folder = await mkdtemp(join(tmpdir(), "throughline-restore-"));
}, 600_000);
afterAll(async () => {
  await regions.close();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

/** A tenant with a past, proposals, plumbing, and a log that is sealed but for its end. */
async function full(allowed: readonly string[] = ["local", "us"]): Promise<TestTenant> {
  const t = await newTenant();
  const { claim } = await buildChain(t);
  await t.run(reviseClaim, { claimId: claim, text: "Said in other words.", version: 1 });
  await t.run(recordConflict, { claimId: claim, otherId: await buildClaim(t) });
  await buildProposals(t, t.person("ed", "tenant-admin"));
  await plantWebhooks(t);
  const ana = t.person("ana", "editor");
  await done(watchNode, ana, { nodeId: claim });
  await done(saveInvestigation, ana, { title: "Kept", state: "{}" });
  await auditOf.narrow(local.graph, t.id, allowed);
  await sealTenant(local.services.audit!, t.id);
  await t.run(createTopic, { title: "Not sealed yet" });
  return t;
}

const linesOf = async ({ graph }: Region, id: string): Promise<ExportLine[]> => {
  const lines: ExportLine[] = [];
  for await (const { line } of exportTenantLines(graph, id)) lines.push(line);
  return lines;
};

let files = 0;
/** The lines as a file, with an end that fits unless they bring their own. */
async function fileOf(lines: readonly object[]): Promise<string> {
  const path = join(folder, `${++files}.jsonl`);
  await writeFile(path, lines.map((line) => `${canonicalize(line)}\n`).join(""));
  return path;
}
function withEnd(lines: readonly object[]): object[] {
  const told = lines.slice(0, -1);
  const nodes = told.filter((line) => (line as ExportLine).type === "node") as (ExportLine & { type: "node" })[];
  const sha256 = createHash("sha256")
    .update(told.map((line) => `${canonicalize(line)}\n`).join(""))
    .digest("hex");
  return [...told, { type: "end", nodes: nodes.length, edges: nodes.flatMap(({ edges }) => edges).length, sha256 }];
}

const isThere = async (region: Region, id: string) =>
  (await region.services.tenants()).find((tenant) => tenant.id === id)?.status;

describe("a restored tenant", () => {
  it("is line for line what was exported, its past and its audit log too, which verifies there and goes on", async () => {
    const t = await full();
    const file = join(folder, "whole.jsonl");
    expect(await tenantCli(local, "export", t.id, "--out", file)).toMatchObject({ code: 0 });
    const told = (await readFile(file, "utf8")).trimEnd().split("\n");
    const restored = await tenantCli(us, "restore", file, "--json");
    expect(restored).toMatchObject({ code: 0 });
    const { tenant, nodes, edges, sha256 } = JSON.parse(restored.out) as Record<string, unknown>;
    expect(tenant).toBe(t.id);
    expect(JSON.parse(told.at(-1)!)).toEqual({ type: "end", nodes, edges, sha256 });
    expect(nodes).toBeGreaterThan(100);

    const again = await linesOf(us, t.id);
    const isOwn = (line: ExportLine) =>
      line.type === "node" && String(line.properties.operationId).startsWith(restoreId(String(sha256)));
    // What the restore noted of itself: two commands, each with its entry and its event.
    expect(again.filter(isOwn)).toHaveLength(6);
    expect(again.filter((line) => !isOwn(line) && line.type !== "end").map((line) => canonicalize(line))).toEqual(
      told.slice(0, -1),
    );

    const office = us.services.audit!;
    const { size } = await sealTenant(office, t.id);
    const note = (await office.checkpoints.read(t.id))!.note;
    const outside = { publicKey: office.signer.publicKey, trusted: office.trusted, note };
    expect(await verifyTenant(us.graph, t.id, outside)).toMatchObject({ ok: true, size, unsealed: 0 });
    // Without the key of where it comes from, nobody can tell what was signed there.
    expect(await verifyTenant(us.graph, t.id, { ...outside, trusted: [] })).toMatchObject({ ok: false });

    const caller = { ...t.caller("tenant-admin"), region: "us" };
    const topic = { title: "There", operationId: operationId(), reason: "a test" };
    expect(await us.services.execute(createTopic, caller, topic)).toMatchObject({ ok: true });
    // It is here now.
    const twice = await tenantCli(us, "restore", file);
    expect([twice.code, twice.said]).toEqual([4, expect.stringContaining("is here")]);
    expect((await tenantCli(us, "restore", file, "--anew")).code).toBe(4);
  }, 300_000);

  it("is refused where it isn't allowed, before anything is written, and that stands in the platform's decision log", async () => {
    const t = await full(["local"]);
    const file = join(folder, "local-only.jsonl");
    await tenantCli(local, "export", t.id, "--out", file);
    const before = (await auditOf.denials(us.graph, SYSTEM_TENANT)).length;
    const refused = await tenantCli(us, "restore", file);
    expect([refused.code, refused.said]).toEqual([3, expect.stringContaining("doesn't allow the region")]);
    expect(await isThere(us, t.id)).toBeUndefined();
    expect((await auditOf.denials(us.graph, SYSTEM_TENANT)).slice(before)).toContainEqual({
      command: "restoreTenant",
      denied: ["residency"],
    });
  }, 300_000);
});

describe("a file that isn't an export any more", () => {
  let lines: ExportLine[];
  let id: string;
  beforeAll(async () => {
    const t = await full();
    ({ id } = t);
    lines = await linesOf(local, id);
  }, 300_000);

  type Change = (lines: object[]) => object[];
  const claim =
    (change: (node: ExportLine & { type: "node" }) => object): Change =>
    (all) =>
      all.map((line) => {
        const node = line as ExportLine;
        return node.type === "node" && node.labels[0] === "Claim" && node.edges.length > 0 ? change(node) : line;
      });
  const WRONG: Readonly<Record<string, readonly [Change, RegExp]>> = {
    "cut off": [(all) => all.slice(0, -1), /cut off/],
    "without a line": [(all) => all.filter((_, i) => i !== 20), /altered: it has \d+ nodes/],
    "with other words": [
      claim((node) => ({ ...node, properties: { ...node.properties, title: "Other" } })),
      /altered: its lines/,
    ],
    "longer than its end": [(all) => [...all, all[5]!], /behind the end/],
    "of another format": [
      (all) => withEnd([{ ...all[0], format: 1 }, ...all.slice(1)]),
      /Line 1: format: is another format than 2/,
    ],
    "without its head": [(all) => withEnd(all.slice(1)), /begins with the line of its tenant/],
    "with another tenant's node": [
      (all) => withEnd(claim((node) => ({ ...node, properties: { ...node.properties, tenantId: "other" } }))(all)),
      /another tenant's/,
    ],
    "of a label that nobody knows": [
      (all) => withEnd(claim((node) => ({ ...node, labels: ["Rumour"] }))(all)),
      /labels\.0: /,
    ],
    "of a newer version's labels": [
      (all) => withEnd([{ ...all[0], labels: ["Tenant", "Rumour"] }, ...all.slice(1)]),
      /doesn't know Rumour: it is of a newer version/,
    ],
    "with a mark that nobody knows": [
      (all) => withEnd(claim((node) => ({ ...node, labels: ["Claim", "Unsealed"] }))(all)),
      /doesn't know Unsealed on a Claim/,
    ],
    "with a property that nobody knows": [
      (all) => withEnd(claim((node) => ({ ...node, properties: { ...node.properties, mood: "good" } }))(all)),
      /doesn't know mood of a Claim/,
    ],
    "with a property of another kind": [
      (all) => withEnd(claim((node) => ({ ...node, properties: { ...node.properties, version: "one" } }))(all)),
      /Claim\.version: /,
    ],
    "with an edge that nobody knows": [
      (all) => withEnd(claim((node) => ({ ...node, edges: [{ ...node.edges[0]!, type: "LIKES" }] }))(all)),
      /doesn't know LIKES from Claim/,
    ],
    "with an edge to where it can't lead": [
      (all) => withEnd(claim((node) => ({ ...node, edges: [{ ...node.edges[0]!, to: "Tenant" }] }))(all)),
      /from Claim to Tenant/,
    ],
    "with a property of an edge that nobody knows": [
      (all) =>
        withEnd(claim((node) => ({ ...node, edges: [{ ...node.edges[0]!, properties: { mood: "good" } }] }))(all)),
      /doesn't know mood of/,
    ],
    "of a log that a stranger signed": [
      (all) =>
        withEnd(
          all.map((line) => {
            const node = line as ExportLine;
            if (node.type !== "node" || node.labels[0] !== "AuditTree") return line;
            return { ...node, properties: { ...node.properties, note: "throughline/x\n1\nAAAA\n\n— x y\n" } };
          }),
        ),
      /signed with a key that isn't known here/,
    ],
  };

  it.each(Object.entries(WRONG))("%s is refused by its line, and nothing is written", async (_name, [change, said]) => {
    const refused = await tenantCli(us, "restore", await fileOf(change([...lines])));
    expect([refused.code, refused.said]).toEqual([1, expect.stringMatching(said)]);
    expect(await isThere(us, id)).toBeUndefined();
  });

  it("by an end that isn't in it stays shut, and a whole one takes its place only when that is said", async () => {
    const lost = claim((node) => ({ ...node, edges: [{ ...node.edges[0]!, key: "01JD3Z5X9QW8R7T6Y5V4N3M2K1" }] }));
    const broken = await fileOf(withEnd(lost([...lines])));
    const stopped = await tenantCli(us, "restore", broken);
    expect([stopped.code, stopped.said]).toEqual([1, expect.stringContaining("the tenant stays shut")]);
    expect(await isThere(us, id)).toBe("RESTORING");
    const topic = { title: "No", operationId: operationId(), reason: "a test" };
    await expect(
      us.services.execute(createTopic, { ...systemCaller(id), roles: ["tenant-admin"] }, topic),
    ).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    const taken = { ...topic, id, name: "Again", region: "us", operationId: operationId() };
    expect(codesOf(await us.services.execute(createTenant, systemCaller(id), taken))).toEqual(["CONFLICT"]);
    const whole = await fileOf(lines);
    const conflict = await tenantCli(us, "restore", whole);
    expect([conflict.code, conflict.said]).toEqual([4, expect.stringContaining("--anew")]);
    expect(await tenantCli(us, "restore", whole, "--anew")).toMatchObject({ code: 0 });
    expect(await isThere(us, id)).toBe("ACTIVE");
  }, 120_000);
});

describe("a restore that is stopped", () => {
  it("before or after any of its writes leaves a tenant that nobody can use, and goes on when it is run again", async () => {
    const t = await full();
    // Whoever pulled the brake finds it pulled.
    await done(setKillSwitch, t.person("ed", "tenant-admin"), { scope: "TENANT" });
    const path = await fileOf(await linesOf(local, t.id));
    const checked = await checkExport(path, keysOf(us.services.audit!));
    const how = { reason: "a test", progress: () => {}, operationId: () => operationId() };
    let stops = 0;
    for (let writes = 0; ; writes++) {
      const mortal = killed(us, { writes, after: writes % 2 === 1 });
      const over = await restoreExport(mortal, path, checked, how).then(
        () => true,
        () => false,
      );
      if (over) break;
      stops += 1;
      expect([undefined, "RESTORING", "ACTIVE"]).toContain(await isThere(us, t.id));
      if ((await isThere(us, t.id)) === "ACTIVE") break;
    }
    expect(stops).toBeGreaterThan(3);
    expect(await isThere(us, t.id)).toBe("ACTIVE");
    const wanted = (await linesOf(local, t.id)).slice(1, -1).map((line) => canonicalize(line)!);
    const found = new Set((await linesOf(us, t.id)).map((line) => canonicalize(line)!));
    expect(wanted.filter((line) => !found.has(line))).toEqual([]);
  }, 300_000);
});

describe("a backup", () => {
  it("lies in its region's storage, can be restored from there, and stands in the audit", async () => {
    const t = await full();
    const made = await tenantCli(local, "backup", t.id, "--json");
    expect(made).toMatchObject({ code: 0 });
    const { file, region } = JSON.parse(made.out) as { file: string; region: string };
    expect(region).toBe("local");
    expect(file).toContain(join("backups", "local", t.id));
    expect((await stat(file)).mode & 0o077).toBe(0);
    const abroad = await tenantCli(local, "backup", t.id, "--region", "us");
    expect([abroad.code, abroad.out]).toEqual([0, expect.stringContaining(join("backups", "us", t.id))]);
    expect(await tenantCli(us, "restore", abroad.out.trim())).toMatchObject({ code: 0, out: `${t.id}\n` });
  }, 300_000);

  it("and an export are refused in the storage of a region that the tenant doesn't allow, wherever links lead, and leave no file", async () => {
    const t = await full(["local"]);
    const us_ = join(us.home, "..", "backups", "us");
    const before = (await auditOf.denials(local.graph, t.id)).length;
    for (const args of [
      ["backup", t.id, "--region", "us"],
      ["backup", t.id, "--region", "nowhere"],
      ["export", t.id, "--out", join(us_, "x.jsonl")],
      ["export", t.id, "--out", join(us.home, "..", "local", "..", "us", "x.jsonl")],
    ]) {
      const refused = await tenantCli(local, ...args);
      expect([refused.code, refused.said], args.join(" ")).toEqual([
        3,
        expect.stringContaining("doesn't allow the region"),
      ]);
    }
    await expect(stat(join(us.home, "x.jsonl"))).rejects.toMatchObject({ code: "ENOENT" });
    const noted = (await auditOf.denials(local.graph, t.id)).slice(before);
    expect(noted).toEqual(Array(4).fill({ command: "exportTenant", denied: ["residency"] }));
  }, 300_000);
});

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signCheckpoint } from "../../server/audit/note.js";
import { keysOf, sealTenant } from "../../server/audit/sealer.js";
import { jwkSigner, newAuditJwk, type Signer } from "../../server/audit/signer.js";
import { verifyTenant } from "../../server/audit/verify.js";
import { systemCaller } from "../../server/commands/caller.js";
import { recordConflict } from "../../server/domains/claim/conflict.service.js";
import { reviseClaim } from "../../server/domains/claim/claim.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { saveInvestigation } from "../../server/domains/investigation/investigation.service.js";
import { restoreExport } from "../../server/domains/tenant/restoring.service.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { watchNode } from "../../server/domains/watch/watch.service.js";
import { SYSTEM_TENANT } from "../../server/graph/graph.js";
import { checkExport } from "../../server/tenancy/export-file.js";
import { exportTenantLines, type ExportLine } from "../../server/tenancy/export.js";
import { signEnd, type Told } from "../../server/tenancy/export-signature.js";
import { restoreId } from "../../server/tenancy/restore.js";
import { buildProposals, codesOf, done } from "../kit/approvals.js";
import { buildChain, buildClaim } from "../kit/build.js";
import { openRegions, tenantCli, type Region, type Regions } from "../kit/regions.js";
import { auditOf, killed, nodesOf } from "../kit/residency.js";
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

/**
 * A tenant with a past, proposals, plumbing, and a log that is sealed but for its end. Its home is where it is restored, as when its
 * region's database was lost and what is left is a copy.
 */
async function full(allowed: readonly string[] = ["local", "us"], home = "us"): Promise<TestTenant> {
  const t = await newTenant();
  const { claim } = await buildChain(t);
  await t.run(reviseClaim, { claimId: claim, text: "Said in other words.", version: 1 });
  await t.run(recordConflict, { claimId: claim, otherId: await buildClaim(t) });
  await buildProposals(t, t.person("ed", "tenant-admin"));
  await plantWebhooks(t);
  const ana = t.person("ana", "editor");
  await done(watchNode, ana, { nodeId: claim });
  await done(saveInvestigation, ana, { title: "Kept", state: "{}" });
  await auditOf.narrow(local.graph, t.id, allowed, home);
  await sealTenant(local.services.audit!, t.id);
  await t.run(createTopic, { title: "Not sealed yet" });
  return t;
}

const linesOf = async ({ graph, services }: Region, id: string): Promise<ExportLine[]> => {
  const lines: ExportLine[] = [];
  for await (const { line } of exportTenantLines(graph, id, services.audit!.signer)) lines.push(line);
  return lines;
};

let files = 0;
/** The lines as a file; an end that was made anew is signed by whoever has this signer, or by nobody. */
async function fileOf(lines: readonly object[], signer: Signer | null = local.services.audit!.signer): Promise<string> {
  const path = join(folder, `${++files}.jsonl`);
  const signed = await Promise.all(
    lines.map(async (line) => {
      if ((line as ExportLine).type !== "end" || "key" in line || signer === null) return line;
      const { tenantId = "nobody" } = lines[0] as { tenantId?: string };
      return { ...line, ...(await signEnd(signer, tenantId, line as Told)) };
    }),
  );
  await writeFile(path, signed.map((line) => `${canonicalize(line)}\n`).join(""));
  return path;
}
/** With an end that fits, not signed yet. */
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
    const key = local.services.audit!.signer.publicKey.toString("base64");
    expect(JSON.parse(told.at(-1)!)).toMatchObject({ type: "end", nodes, edges, sha256, key });
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
  const labelOf = (line: object): string => {
    const read = line as ExportLine;
    return read.type === "node" ? read.labels[0]! : "";
  };
  const isWaiting = (line: object) =>
    labelOf(line) === "AuditEntry" && (line as { labels: string[] }).labels.length > 1;
  const isSealed = (line: object) => labelOf(line) === "AuditEntry" && !isWaiting(line);
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
      /Line 1: format: is another format than 3/,
    ],
    "of the format that wasn't signed": [
      (all) => withEnd([{ ...all[0], format: 2 }, ...all.slice(1)]),
      /Line 1: format: 2 isn't signed.*--unsigned/,
    ],
    "of a log without its tree": [
      (all) => withEnd(all.filter((line) => labelOf(line) !== "AuditTree")),
      /audit log was sealed, and the tree isn't in it/,
    ],
    "without its log": [
      (all) => withEnd(all.filter((line) => !/^(Audit|Checkpoint)/.test(labelOf(line)))),
      /audit log isn't in it/,
    ],
    "with fewer entries than its tree": [
      (all) => withEnd(all.filter((line, i) => i !== all.findIndex((one) => labelOf(one) === "AuditEntry") || !line)),
      /sealed entries, and its tree tells of/,
    ],
    "with an entry that waits to be sealed though it was": [
      (all) => withEnd(all.map((line) => (isSealed(line) ? { ...line, labels: ["AuditEntry", "Unsealed"] } : line))),
      /waits to be sealed has its place in the log already/,
    ],
    "with an entry that neither is sealed nor waits": [
      (all) => withEnd(all.map((line) => (isWaiting(line) ? { ...line, labels: ["AuditEntry"] } : line))),
      /neither sealed nor waiting to be/,
    ],
    "of a tree that says another size than was signed": [
      (all) =>
        withEnd(
          all.map((line) => {
            const node = line as ExportLine & { type: "node" };
            return labelOf(line) === "AuditTree" ? { ...node, properties: { ...node.properties, size: 1 } } : line;
          }),
        ),
      /nobody signed the tree of its audit log as it stands/,
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

  it("for its signature is refused with what to do; that nobody signed it can be answered for, that it was altered can't", async () => {
    const stranger = jwkSigner(newAuditJwk());
    const renamed = claim((node) => ({ ...node, properties: { ...node.properties, title: "Forged" } }));
    const { key, signature } = lines.at(-1) as ExportLine & { type: "end" };
    const forged = withEnd(renamed([...lines]));
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ["unsigned", await fileOf(withEnd([...lines]), null), /It isn't signed.*--unsigned/],
      [
        "a stranger's",
        await fileOf(withEnd([...lines]), stranger),
        /signed with the key .* isn't known here.*auditKeys/,
      ],
      [
        "altered",
        await fileOf([...forged.slice(0, -1), { ...forged.at(-1)!, key, signature }]),
        /It was altered: the sig/,
      ],
    ];
    for (const [name, file, said] of cases) {
      const refused = await tenantCli(us, "restore", file);
      expect([refused.code, refused.said], name).toEqual([1, expect.stringMatching(said)]);
    }
    const altered = await tenantCli(us, "restore", cases[2]![1], "--unsigned");
    expect([altered.code, altered.said]).toEqual([1, expect.stringMatching(/It was altered/)]);
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
    ).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const taken = { ...topic, id, name: "Again", region: "us", operationId: operationId() };
    expect(codesOf(await us.services.execute(createTenant, systemCaller(id), taken))).toEqual(["CONFLICT"]);
    const whole = await fileOf(lines);
    const conflict = await tenantCli(us, "restore", whole);
    expect([conflict.code, conflict.said]).toEqual([4, expect.stringContaining("--anew")]);
    // Judged before anything is dropped.
    const before = await nodesOf(us.graph, id);
    const elsewhere = lines.map((line) =>
      labelOf(line) === "Tenant"
        ? { ...line, properties: { ...(line as ExportLine & { type: "node" }).properties, allowedRegions: ["local"] } }
        : line,
    );
    expect((await tenantCli(us, "restore", await fileOf(withEnd(elsewhere)), "--anew")).code).toBe(3);
    expect(await nodesOf(us.graph, id)).toEqual(before);
    const suspended = await tenantCli(us, "suspend", id);
    expect([suspended.code, suspended.said]).toEqual([1, expect.stringContaining("only half restored here")]);
    const unsigned = await fileOf(withEnd([{ ...lines[0], format: 2 }, ...lines.slice(1)]), null);
    expect(await tenantCli(us, "restore", unsigned, "--anew", "--unsigned")).toMatchObject({ code: 0 });
    expect(await isThere(us, id)).toBe("ACTIVE");
    // What was dropped and what somebody answered for stands in both logs.
    const dropped = before.reduce((sum, { label, nodes }) => sum + (label === "Tenant" ? 0 : nodes), 0);
    const [entry] = (await auditOf.details(us.graph, id, '"dropped":')).filter((one) => one.dropped !== null);
    expect(entry).toMatchObject({ signedBy: null, reason: "tenant restore --anew --unsigned" });
    // And what the judged beginning noted itself.
    expect(entry!.dropped).toBe(dropped + 3);
    expect(await auditOf.details(us.graph, SYSTEM_TENANT, id)).toContainEqual(
      expect.objectContaining({ command: "restoreTenant", reason: "tenant restore --anew --unsigned" }),
    );
  }, 120_000);
});

describe("a tenant that is at home elsewhere", () => {
  it("isn't restored here beside itself, unless somebody says that it is gone there; then this is its home", async () => {
    const t = await full(["local", "us"], "local");
    const file = await fileOf(await linesOf(local, t.id));
    const refused = await tenantCli(us, "restore", file);
    expect([refused.code, refused.said]).toEqual([
      4,
      expect.stringMatching(/at home in the region local, and this is us.*--take-over/),
    ]);
    expect(await isThere(us, t.id)).toBeUndefined();
    expect(await tenantCli(us, "restore", file, "--take-over")).toMatchObject({ code: 0 });
    const [there] = (await us.services.tenants()).filter(({ id }) => id === t.id);
    expect(there).toMatchObject({ status: "ACTIVE", region: "us" });
    const told = await auditOf.details(us.graph, t.id, '"takeOver":true');
    expect(told.map(({ reason }) => reason)).toEqual(Array(2).fill("tenant restore --take-over"));
    expect(await auditOf.details(us.graph, SYSTEM_TENANT, t.id)).toContainEqual(
      expect.objectContaining({ command: "openTenant", reason: "tenant restore --take-over" }),
    );
    expect(await verifiedIn(us, t.id)).toMatchObject({ ok: true, unsealed: 0 });
  }, 120_000);
});

const verifiedIn = async ({ graph, services }: Region, id: string) => {
  const office = services.audit!;
  await sealTenant(office, id);
  const { note } = (await office.checkpoints.read(id))!;
  return verifyTenant(graph, id, { publicKey: office.signer.publicKey, trusted: office.trusted, note });
};

describe("a home that knows of another log than the export's", () => {
  it("refuses an export that is behind it before anything is written, and goes on without what it knew only when that is said", async () => {
    const t = await full();
    const file = await fileOf(await linesOf(local, t.id));
    const { signer, checkpoints } = us.services.audit!;
    await checkpoints.write(t.id, await signCheckpoint(signer, t.id, { size: 5_000, root: Buffer.alloc(32, 7) }));
    const behind = await tenantCli(us, "restore", file);
    expect([behind.code, behind.said]).toEqual([
      4,
      expect.stringMatching(
        new RegExp(`checkpoints/${t.id} of this home tells of 5000 sealed .* has \\d+: .*--checkpoint-aside`),
      ),
    ]);
    expect(await isThere(us, t.id)).toBeUndefined();
    // As long, and another one.
    await checkpoints.write(t.id, await signCheckpoint(signer, t.id, { size: 3, root: Buffer.alloc(32, 7) }));
    const other = await tenantCli(us, "restore", file);
    expect([other.code, other.said]).toEqual([
      1,
      expect.stringMatching(/isn't the one that checkpoints\/.*stays shut.*--checkpoint-aside/),
    ]);
    expect(await isThere(us, t.id)).toBe("RESTORING");
    expect(await tenantCli(us, "restore", file, "--checkpoint-aside")).toMatchObject({ code: 0 });
    expect(await verifiedIn(us, t.id)).toMatchObject({ ok: true, unsealed: 0 });
    const kept = (await readdir(join(us.home, "checkpoints"))).filter((name) => name.startsWith(`${t.id}.`));
    expect(kept).toHaveLength(1);
    expect(await auditOf.details(us.graph, t.id, kept[0]!)).toHaveLength(1);
  }, 120_000);

  it("takes an export that goes on from what it knows", async () => {
    const t = await full();
    const file = await fileOf(await linesOf(local, t.id));
    const { note } = (await local.services.audit!.checkpoints.read(t.id))!;
    await us.services.audit!.checkpoints.write(t.id, note);
    expect(await tenantCli(us, "restore", file)).toMatchObject({ code: 0 });
    expect(await verifiedIn(us, t.id)).toMatchObject({ ok: true, unsealed: 0 });
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

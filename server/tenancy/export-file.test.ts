import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signCheckpoint } from "../audit/note.js";
import { jwkSigner, newAuditJwk, type Signer } from "../audit/signer.js";
import { FOREVER } from "../../graph-schema/time.js";
import { checkExport, readExport } from "./export-file.js";
import { toText, type ExportLine } from "./export.js";
import { signEnd } from "./export-signature.js";

/* What test/security/restore.test.ts does with exports of a real tenant, with the smallest there is. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-export-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const life = { tenantId: "acme", validFrom: 1, validTo: FOREVER, version: 1, versionFrom: 1, versionBy: "made" };
const node = (labels: string[], properties: object, edges: object[] = []) =>
  ({ type: "node", labels, properties: { ...life, ...properties }, edges }) as ExportLine;
const HEAD: ExportLine = { type: "tenant", tenantId: "acme", format: 3, labels: ["Tenant"] };
const TENANT = node(["Tenant"], {
  ...{ id: "acme", title: "Acme", region: "eu", allowedRegions: ["eu", "us"], status: "ACTIVE" },
});
const OPERATION: ExportLine = {
  type: "node",
  labels: ["Operation"],
  properties: { tenantId: "acme", operationId: "made", result: "{}" },
  edges: [],
};

const ENTRY = node(["AuditEntry", "Unsealed"], { id: "01" });
const SIGNER = jwkSigner(newAuditJwk());
const KEYS = [SIGNER.publicKey];
const ROOT = { size: 1, root: Buffer.alloc(32) };
let files = 0;

async function file(lines: readonly ExportLine[], end = true, signer: Signer | null = SIGNER): Promise<string> {
  const text = lines.map(toText).join("");
  const nodes = lines.filter(({ type }) => type === "node").length;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const path = join(folder, `${++files}.jsonl`);
  const told = { nodes, edges: 0, sha256 };
  const signature = signer === null ? {} : await signEnd(signer, "acme", told);
  await writeFile(path, end ? text + toText({ type: "end", ...told, ...signature }) : text);
  return path;
}

describe("an export's file", () => {
  it("says whose it is, how it was and how much of it there is, and gives its nodes", async () => {
    const path = await file([HEAD, TENANT, OPERATION, ENTRY]);
    const checked = await checkExport(path, KEYS);
    const signedBy = SIGNER.publicKey.toString("base64");
    expect(checked).toMatchObject({ tenantId: "acme", nodes: 3, edges: 0, sealed: 0, signedBy });
    expect(checked.tenant).toMatchObject({ id: "acme", status: "ACTIVE", movesTo: null });
    const read = [];
    for await (const line of readExport(path, checked.sha256)) read.push(line);
    expect(read).toEqual([TENANT, OPERATION, ENTRY]);
  });

  it("is refused when it isn't whole, is another tenant's, or changes while it is read", async () => {
    await expect(checkExport(await file([HEAD, TENANT], false), KEYS)).rejects.toThrow(/cut off/);
    await expect(checkExport(await file([HEAD, OPERATION]), KEYS)).rejects.toThrow(/tenant itself isn't in it/);
    await expect(checkExport(await file([HEAD, TENANT, TENANT]), KEYS)).rejects.toThrow(
      /Line 3: it is another tenant's/,
    );
    await expect(checkExport(await file([]), KEYS)).rejects.toThrow(/Line 1: an export begins/);
    const path = await file([HEAD, TENANT]);
    await expect(readExport(path, "0".repeat(64)).next()).resolves.toMatchObject({ done: false });
    const all = async () => {
      for await (const line of readExport(path, "0".repeat(64))) expect(line.type).toBe("node");
    };
    await expect(all()).rejects.toThrow(/changed while it was read/);
  });

  it("is only read when a known key signed it for this tenant, unless somebody answers for it; never when it was altered", async () => {
    const lines = [HEAD, TENANT, ENTRY];
    const bare = await file(lines, true, null);
    await expect(checkExport(bare, KEYS)).rejects.toThrow(/It isn't signed.*--unsigned/);
    expect(await checkExport(bare, KEYS, { unsigned: true })).toMatchObject({ signedBy: null });
    const signed = await file(lines);
    await expect(checkExport(signed, [])).rejects.toThrow(/isn't known here.*auditKeys.*--unsigned/);
    expect(await checkExport(signed, [], { unsigned: true })).toMatchObject({ signedBy: null });
    expect(await checkExport(signed, KEYS, { unsigned: true })).toMatchObject({ signedBy: expect.any(String) });
    const text = await readFile(signed, "utf8");
    const end = JSON.parse(text.trimEnd().split("\n").at(-1)!) as Readonly<Record<string, string | number>>;
    const told = { nodes: 3, edges: 0, sha256: String(end.sha256) };
    // Of other counts, of another tenant, and as a checkpoint of the same key.
    const others = await Promise.all([
      signEnd(SIGNER, "acme", { ...told, nodes: 4 }),
      signEnd(SIGNER, "other", told),
      { key: String(end.key), signature: (await signCheckpoint(SIGNER, "acme", ROOT)).split(" ").at(-1)!.trim() },
    ]);
    for (const other of others) {
      const path = join(folder, `${++files}.jsonl`);
      await writeFile(path, text.replace(String(end.signature), other.signature));
      for (const unsigned of [false, true])
        await expect(checkExport(path, KEYS, { unsigned })).rejects.toThrow(/altered: the signature/);
    }
  });

  it("of the format before is read when somebody answers for it", async () => {
    const path = await file([{ ...HEAD, format: 2 }, TENANT, ENTRY], true, null);
    await expect(checkExport(path, KEYS)).rejects.toThrow(/Line 1: format: 2 isn't signed.*--unsigned/);
    expect(await checkExport(path, KEYS, { unsigned: true })).toMatchObject({ tenantId: "acme", signedBy: null });
    const older = await file([{ ...HEAD, format: 1 as 2 }, TENANT, ENTRY], true, null);
    await expect(checkExport(older, KEYS, { unsigned: true })).rejects.toThrow(/another format than 3/);
  });

  it("is refused when its audit log could never be sealed again", async () => {
    const sealed = (sequence: number) =>
      node(["AuditEntry"], { id: `1${sequence}`, sequence, leafHash: "0", salt: "s" });
    const tree = async (size: number, told = size) => {
      const note = await signCheckpoint(SIGNER, "acme", { size: told, root: Buffer.alloc(32) });
      return node(["AuditTree"], { id: "audit", size, note, frontier: [] });
    };
    const cases: readonly (readonly [readonly ExportLine[], RegExp])[] = [
      [[], /audit log isn't in it/],
      [[sealed(0)], /the tree isn't in it/],
      [[ENTRY, node(["Checkpoint"], { id: "1" })], /the tree isn't in it/],
      [[sealed(0), await tree(2)], /has 1 sealed entries, and its tree tells of 2/],
      [[sealed(1), await tree(1)], /has 1 sealed entries, and its tree tells of 1/],
      [[sealed(0), await tree(1, 2)], /nobody signed the tree of its audit log as it stands/],
      [[sealed(0), await tree(1), await tree(1)], /another tree than one/],
      [[sealed(0), node(["AuditTree"], { id: "audit", size: 1 })], /nobody signed the tree/],
      [[node(["AuditEntry"], { id: "2" })], /neither sealed nor waiting/],
      [[node(["AuditEntry", "Unsealed"], { id: "2", sequence: 0 })], /has its place in the log already/],
    ];
    for (const [log, said] of cases)
      for (const unsigned of [false, true])
        await expect(checkExport(await file([HEAD, TENANT, ...log]), KEYS, { unsigned })).rejects.toThrow(said);
    expect(await checkExport(await file([HEAD, TENANT, sealed(0), await tree(1)]), KEYS)).toMatchObject({ sealed: 1 });
  });
});

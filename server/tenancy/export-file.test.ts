import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREVER } from "../../graph-schema/time.js";
import { checkExport, readExport } from "./export-file.js";
import { toText, type ExportLine } from "./export.js";

/* What test/security/restore.test.ts does with exports of a real tenant, with the smallest there is. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-export-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const life = { tenantId: "acme", validFrom: 1, validTo: FOREVER, version: 1, versionFrom: 1, versionBy: "made" };
const node = (labels: string[], properties: object, edges: object[] = []) =>
  ({ type: "node", labels, properties: { ...life, ...properties }, edges }) as ExportLine;
const HEAD: ExportLine = { type: "tenant", tenantId: "acme", format: 2, labels: ["Tenant"] };
const TENANT = node(["Tenant"], {
  ...{ id: "acme", title: "Acme", region: "eu", allowedRegions: ["eu", "us"], status: "ACTIVE" },
});
const OPERATION: ExportLine = {
  type: "node",
  labels: ["Operation"],
  properties: { tenantId: "acme", operationId: "made", result: "{}" },
  edges: [],
};

async function file(lines: readonly ExportLine[], end = true): Promise<string> {
  const text = lines.map(toText).join("");
  const nodes = lines.filter(({ type }) => type === "node").length;
  const sha256 = createHash("sha256").update(text).digest("hex");
  const path = join(folder, `${sha256}.${end}.jsonl`);
  await writeFile(path, end ? text + toText({ type: "end", nodes, edges: 0, sha256 }) : text);
  return path;
}

describe("an export's file", () => {
  it("says whose it is, how it was and how much of it there is, and gives its nodes", async () => {
    const path = await file([HEAD, TENANT, OPERATION]);
    const checked = await checkExport(path, []);
    expect(checked).toMatchObject({ tenantId: "acme", nodes: 2, edges: 0 });
    expect(checked.tenant).toMatchObject({ id: "acme", status: "ACTIVE", movesTo: null });
    const read = [];
    for await (const line of readExport(path, checked.sha256)) read.push(line);
    expect(read).toEqual([TENANT, OPERATION]);
  });

  it("is refused when it isn't whole, is another tenant's, or changes while it is read", async () => {
    await expect(checkExport(await file([HEAD, TENANT], false), [])).rejects.toThrow(/cut off/);
    await expect(checkExport(await file([HEAD, OPERATION]), [])).rejects.toThrow(/tenant itself isn't in it/);
    await expect(checkExport(await file([HEAD, TENANT, TENANT]), [])).rejects.toThrow(/Line 3: it is another tenant's/);
    await expect(checkExport(await file([]), [])).rejects.toThrow(/Line 1: an export begins/);
    const path = await file([HEAD, TENANT]);
    await expect(readExport(path, "0".repeat(64)).next()).resolves.toMatchObject({ done: false });
    const all = async () => {
      for await (const line of readExport(path, "0".repeat(64))) expect(line.type).toBe("node");
    };
    await expect(all()).rejects.toThrow(/changed while it was read/);
  });
});

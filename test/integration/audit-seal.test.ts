import { createServer } from "node:http";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { homeCheckpoints, publishedTo } from "../../server/audit/checkpoints.js";
import { eraseAuditTexts } from "../../server/audit/erase.js";
import { openCheckpoint } from "../../server/audit/note.js";
import { openAuditOffice } from "../../server/audit/office.js";
import { sealAll, sealTenant, tenantsWaiting } from "../../server/audit/sealer.js";
import { AuditTampered } from "../../server/audit/tampered.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { memoryCheckpoints, newLog, openAttacker, testAuditOffice, verifyWith, writeEntries } from "../kit/audit.js";
import { startBoltProxy, type BoltProxy } from "../kit/bolt-proxy.js";
import { testGraph } from "../kit/graph.js";
import { recordsOf } from "../kit/records.js";

let attacker: ReturnType<typeof openAttacker>;
beforeAll(() => {
  attacker = openAttacker();
});
afterAll(() => attacker.driver.close());

const sealedOf = async (tenantId: string) =>
  (await recordsOf({ tenantId })).audit.filter((entry) => entry.unsealed === false);

describe("sealing", () => {
  it("gives each entry its sequence and leaf, and signs for all of them outside the database", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 25);
    expect(await sealTenant(office, log)).toEqual({ sealed: 25, size: 25 });
    const sealed = await sealedOf(log);
    expect(sealed.map((entry) => entry.sequence).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 25 }, (_, i) => i),
    );
    expect(new Set(sealed.map((entry) => entry.salt)).size).toBe(25);
    const note = office.checkpoints.notes.get(log)!;
    expect(openCheckpoint(note, log, office.signer.publicKey)).toMatchObject({ size: 25 });
    expect(await verifyWith(office, log)).toMatchObject({
      ok: true,
      size: 25,
      root: note.split("\n")[2],
      unsealed: 0,
      firstBad: null,
      anchored: 25,
      problem: null,
    });
  });

  it("goes on where it stopped, beyond a thousand at a time, and counts what is left", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 3);
    await sealTenant(office, log);
    await writeEntries(log, 1_203);
    expect(await sealTenant(office, log)).toEqual({ sealed: 1_203, size: 1_206 });
    await writeEntries(log, 2);
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 1_206, unsealed: 2 });
  });

  it("by several at once makes one log", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    const writers = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 10; i++) await writeEntries(log, 3);
    });
    const sealers = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 10; i++) await sealTenant(office, log);
    });
    await Promise.all([...writers, ...sealers]);
    await sealTenant(office, log);
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 120, unsealed: 0 });
  });

  it("finds a tenant that waits, until it is sealed", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 1);
    expect(await tenantsWaiting(office.graph)).toContain(log);
    await sealTenant(office, log);
    expect(await tenantsWaiting(office.graph)).not.toContain(log);
  });

  it("of several tenants goes on past one that was tampered with", async () => {
    const office = testAuditOffice();
    const [bad, good] = [newLog(), newLog()];
    await writeEntries(bad, 2);
    await sealTenant(office, bad);
    await attacker.run(`MATCH (t:AuditTree {tenantId: $bad}) SET t.frontier = ["00"]`, { bad });
    await Promise.all([writeEntries(bad, 1), writeEntries(good, 1)]);
    const { failed } = await sealAll(office, [bad, good]);
    expect(failed).toEqual([{ tenantId: bad, error: expect.any(AuditTampered) as AuditTampered }]);
    expect(await verifyWith(office, good)).toMatchObject({ ok: true, size: 1, unsealed: 0 });
  });

  it("catches up with the checkpoint outside that a crash kept from being written", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 2);
    await sealTenant(office, log);
    await writeEntries(log, 2);
    const lost = { ...office, checkpoints: { ...memoryCheckpoints(), read: office.checkpoints.read } };
    await sealTenant(lost, log);
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 4, anchored: 2 });
    expect(await sealTenant(office, log)).toEqual({ sealed: 0, size: 4 });
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 4, anchored: 4 });
  });
});

describe("a lost reply of COMMIT", () => {
  let proxy: BoltProxy;
  let graph: Graph;
  beforeAll(async () => {
    const database = inject("database");
    proxy = await startBoltProxy(database.uri);
    graph = openGraph({ ...database, uri: proxy.uri });
  });
  afterAll(async () => {
    await graph.close();
    await proxy.close();
  });

  it("makes the sealer try again, and nothing is sealed twice", async () => {
    const [office, log] = [testAuditOffice(graph), newLog()];
    await writeEntries(log, 5);
    const before = proxy.lost;
    proxy.loseNext(2);
    expect(await sealTenant(office, log)).toMatchObject({ size: 5 });
    expect(proxy.lost - before).toBe(2);
    expect(await verifyWith({ ...office, graph: testGraph() }, log)).toMatchObject({ ok: true, size: 5, anchored: 5 });
  });
});

describe("the sealer signs for nothing that it didn't seal", () => {
  const REWRITINGS: Record<string, string> = {
    "a tail that was cut": `MATCH (a:AuditEntry {tenantId: $log}) WHERE a.sequence >= 2 DETACH DELETE a
WITH count(*) AS gone MATCH (t:AuditTree {tenantId: $log}) MATCH (c:Checkpoint {tenantId: $log, size: 2})
SET t.size = 2, t.note = c.note, t.frontier = [$frontier2]`,
    "a tree that was begun anew": `MATCH (t:AuditTree {tenantId: $log}) SET t.size = 0, t.frontier = [], t.note = null`,
    "a tree that is gone": `MATCH (t:AuditTree {tenantId: $log}) DELETE t`,
    "another frontier": `MATCH (t:AuditTree {tenantId: $log}) SET t.frontier = [$frontier2]`,
    "a tree that somebody made larger": `MATCH (t:AuditTree {tenantId: $log}) SET t.size = 5, t.frontier = t.frontier + [$frontier2]`,
    "a sealed entry that is marked anew": `MATCH (a:AuditEntry {tenantId: $log, sequence: 1}) SET a:Unsealed`,
  };
  it.each(Object.entries(REWRITINGS))("not %s", async (_, cypher) => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 2);
    await sealTenant(office, log);
    const [tree] = await attacker.run(`MATCH (t:AuditTree {tenantId: $log}) RETURN t.frontier[0] AS root`, { log });
    await writeEntries(log, 2);
    await sealTenant(office, log);
    await attacker.run(cypher, { log, frontier2: tree!.root });
    await writeEntries(log, 1);
    const note = office.checkpoints.notes.get(log);
    await expect(sealTenant(office, log)).rejects.toThrow(AuditTampered);
    expect(office.checkpoints.notes.get(log)).toBe(note);
    expect(await verifyWith(office, log)).toMatchObject({ ok: false, firstBad: expect.any(Number) as number });
  });

  it("not when the checkpoint outside isn't ours", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 1);
    office.checkpoints.notes.set(log, `throughline/${log}\n0\n\n\n— nobody AAAA\n`);
    await expect(sealTenant(office, log)).rejects.toThrow(AuditTampered);
  });
});

describe("without a checkpoint from outside", () => {
  it("a log is never ok: it may have been rewritten as a whole", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 3);
    await sealTenant(office, log);
    office.checkpoints.notes.delete(log);
    const found = await verifyWith(office, log);
    expect(found).toMatchObject({ ok: false, size: 3, firstBad: null, anchored: null });
    expect(found.problem).toContain("not anchored");
  });

  it("an empty log isn't either", async () => {
    expect(await verifyWith(testAuditOffice(), newLog())).toMatchObject({ ok: false, size: 0, unsealed: 0 });
  });
});

describe("erasing texts", () => {
  const by = { operationId: "test/erasure", actor: "tester", actorName: "Tess", reason: "asked for", at: 1 };
  const erase = (tenantId: string, operationId = by.operationId) =>
    testGraph().write({ tenantId }, (tx) => eraseAuditTexts(tx, { ...by, operationId }));

  it("leaves a log that verifies, without a word of what people wrote", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    const records = await writeEntries(log, 4);
    await sealTenant(office, log);
    // One that waits is erased as well, and sealed without its texts.
    records.push(...(await writeEntries(log, 1)));
    expect((await erase(log)).value).toEqual({ erased: 5 });
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 4, unsealed: 2 });
    await sealTenant(office, log);
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 6, unsealed: 0 });
    const left = JSON.stringify((await recordsOf({ tenantId: log })).audit);
    for (const { actorName, reason } of records) {
      expect(left).not.toContain(JSON.stringify(actorName));
      expect(left).not.toContain(JSON.stringify(reason));
    }
    // A second time only what has come since.
    expect((await erase(log, "test/again")).value).toEqual({ erased: 1 });
    await sealTenant(office, log);
    expect(await verifyWith(office, log)).toMatchObject({ ok: true, size: 7 });
  });

  it("is found where the log tells of none", async () => {
    const [office, log] = [testAuditOffice(), newLog()];
    await writeEntries(log, 3);
    await sealTenant(office, log);
    await erase(log);
    await attacker.run(`MATCH (a:Unsealed {tenantId: $log}) DETACH DELETE a`, { log });
    expect(await verifyWith(office, log)).toMatchObject({ ok: false, firstBad: 0 });
  });
});

describe("the home", () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-audit-"));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it("keeps key and checkpoints, their owner's alone, and finds them again", async () => {
    const log = newLog();
    await writeEntries(log, 2);
    await sealTenant(await openAuditOffice({ graph: testGraph(), home }), log);
    const note = await readFile(join(home, "checkpoints", log), "utf8");
    const { signer } = await openAuditOffice({ graph: testGraph(), home });
    expect(openCheckpoint(note, log, signer.publicKey)).toMatchObject({ size: 2 });
    for (const file of [join("checkpoints", log), join("keys", "audit.jwk")])
      expect((await stat(join(home, file))).mode & 0o777, file).toBe(0o600);
  });

  it("sends checkpoints on to an address, and waits for nobody: the newest arrives when the address is there again", async () => {
    const got: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const isFirst = got.push(body) === 1;
        setTimeout(() => response.writeHead(isFirst ? 503 : 204).end(), isFirst ? 150 : 0);
      });
    }).listen(0, "127.0.0.1");
    try {
      await new Promise<void>((resolve) => server.once("listening", resolve));
      const failures: string[] = [];
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const store = publishedTo(homeCheckpoints(home), url, (tenantId) => failures.push(tenantId));
      for (const note of ["first", "second", "third"]) await store.write("published", note);
      expect(await store.read("published")).toMatchObject({ note: "third" });
      await vi.waitFor(() => expect(got).toEqual(["first", "third"]), 5_000);
      // Nothing is sent twice, and the first one's failure was told.
      expect(failures).toEqual(["published"]);
    } finally {
      server.close();
    }
  });
});

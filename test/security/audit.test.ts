import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eraseAuditTexts } from "../../server/audit/erase.js";
import { writeExport } from "../../server/audit/export.js";
import { LogCheck } from "../../server/audit/log-check.js";
import { openCheckpoint, verifierKey } from "../../server/audit/note.js";
import { keysOf, sealTenant } from "../../server/audit/sealer.js";
import { verifyEntries } from "../../server/audit/verify-export.mjs";
import { newLog, openAttacker, testAuditOffice, verifyWith, writeEntries, type TestAuditOffice } from "../kit/audit.js";
import { testGraph } from "../kit/graph.js";
import { inParallel } from "../kit/plan.js";
import { projectRoot } from "../kit/project-root.js";
import { seeded } from "../kit/random.js";
import { DATABASE_ATTACKS, restoreLog, saveLog } from "./audit.database.kit.js";
import { EXPORT_ATTACKS, type Entry, type Exported } from "./audit.kit.js";

/*
 * 10,000 random edits by attackers who can write everything in the database and in an export, and have neither the key nor the
 * checkpoint outside. Most are made on the files of an export, where one costs a millisecond, and each of those is shown to two
 * verifiers; the others by raw Cypher, with `audit verify` on the database after each.
 */
const ON_EXPORT = 9_600;
const BY_CYPHER = 400;
const SEED = 4_711;

interface Log {
  readonly office: TestAuditOffice;
  readonly tenantId: string;
  /** Checkpoints that were signed on the way. */
  readonly older: string[];
}

/** A log with everything in it that a log can have: several checkpoints, refusals, erased texts, entries behind the erasure. */
async function buildLog(): Promise<Log> {
  const [office, tenantId] = [testAuditOffice(), newLog()];
  const older: string[] = [];
  const seal = async () => {
    await sealTenant(office, tenantId);
    older.push(office.checkpoints.notes.get(tenantId)!);
  };
  for (const count of [5, 1, 6]) {
    await writeEntries(tenantId, count);
    await seal();
  }
  const by = { operationId: "test/erase/log", actor: "tess", actorName: "Tess", reason: "asked for", at: 1 };
  await testGraph().write({ tenantId }, (tx) => eraseAuditTexts(tx, by));
  for (const count of [3, 8]) {
    await writeEntries(tenantId, count);
    await seal();
  }
  return { office, tenantId, older: older.slice(0, -1) };
}

const noteOf = ({ office, tenantId }: Log): string => office.checkpoints.notes.get(tenantId)!;

describe("whoever has the export", () => {
  let log: Log;
  let exported: Exported;
  beforeAll(async () => {
    log = await buildLog();
    const folder = await mkdtemp(join(tmpdir(), "throughline-export-"));
    try {
      const keys = keysOf(log.office);
      const verifier = join(projectRoot, "server", "audit", "verify-export.mjs");
      await writeExport(testGraph(), log.tenantId, { keys, folder, verifier });
      const lines = (await readFile(join(folder, "entries.jsonl"), "utf8")).trimEnd().split("\n");
      exported = {
        entries: lines.map((line) => JSON.parse(line) as Entry),
        checkpoint: await readFile(join(folder, "checkpoint"), "utf8"),
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  const standalone = async ({ entries, checkpoint }: Exported, anchor: string | null = noteOf(log)) =>
    verifyEntries(entries, { key: verifierKey(log.tenantId, log.office.signer.publicKey), checkpoint, anchor });

  /** The server's own check of a log, held against the same checkpoints. */
  function serverFinds({ entries, checkpoint }: Exported): boolean {
    const [own, kept] = [checkpoint, noteOf(log)].map((note) =>
      openCheckpoint(note, log.tenantId, log.office.signer.publicKey),
    );
    const check = new LogCheck();
    for (const entry of entries) {
      check.add(entry);
      for (const signed of [own, kept]) if (signed?.size === check.size) check.meet(signed);
    }
    check.checkErasures([]);
    return check.flaw !== null || own?.size !== check.size || (kept?.size ?? 0) > check.size;
  }

  it("has one that verifies, by both verifiers, as long as nothing is changed", async () => {
    expect(exported.entries.length).toBe(24);
    expect(await standalone(exported)).toMatchObject({ ok: true, size: 24, firstBad: null, problem: null });
    expect(serverFinds(exported)).toBe(false);
    // An older checkpoint of somebody who kept one does as well.
    for (const anchor of log.older) expect(await standalone(exported, anchor)).toMatchObject({ ok: true, size: 24 });
    expect(await standalone(exported, null)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("not anchored"),
    });
  });

  it(`is found out at each of ${ON_EXPORT.toLocaleString("en")} random edits`, async () => {
    const random = seeded(SEED);
    const names = Object.keys(EXPORT_ATTACKS);
    const whole = JSON.stringify(exported);
    const tally = new Map<string, number>();
    const missed: string[] = [];
    for (let i = 0; i < ON_EXPORT;) {
      const name = names[i % names.length]!;
      const edited = await EXPORT_ATTACKS[name]!(exported, random, log.tenantId, log.older);
      // Two equal entries swapped, or the whole log kept, is no edit.
      if (JSON.stringify(edited) === whole) continue;
      i += 1;
      const found = await standalone(edited);
      if (found.ok || found.firstBad === null || !serverFinds(edited))
        missed.push(`${name}: ${JSON.stringify(edited)}`);
      else tally.set(name, (tally.get(name) ?? 0) + 1);
    }
    expect(missed).toEqual([]);
    console.info(
      `audit: ${ON_EXPORT} random edits of an export, ${ON_EXPORT - missed.length} found by each of two verifiers (${told(tally)})`,
    );
  }, 300_000);
});

describe("whoever has the database", () => {
  let attacker: ReturnType<typeof openAttacker>;
  beforeAll(() => {
    attacker = openAttacker();
  });
  afterAll(() => attacker.driver.close());

  it(`is found out at each of ${BY_CYPHER} random edits by raw Cypher`, async () => {
    const names = Object.keys(DATABASE_ATTACKS);
    const tally = new Map<string, number>();
    const missed: string[] = [];
    const WORKERS = 4;
    await inParallel(
      Array.from({ length: WORKERS }, (_, i) => i),
      WORKERS,
      async (worker) => {
        const random = seeded(SEED + worker);
        const log = await buildLog();
        await writeEntries(log.tenantId, 1);
        const saved = await saveLog(attacker, log.tenantId);
        const control = await verifyWith(log.office, log.tenantId);
        expect(control).toMatchObject({ ok: true, size: 24, unsealed: 1 });
        for (let i = worker; i < BY_CYPHER; i += WORKERS) {
          const name = names[i % names.length]!;
          const what = await DATABASE_ATTACKS[name]!(attacker, log.tenantId, random, log.older);
          const found = await verifyWith(log.office, log.tenantId);
          if (found.ok || found.firstBad === null) missed.push(`${name} ${what}: ${JSON.stringify(found)}`);
          else tally.set(name, (tally.get(name) ?? 0) + 1);
          await restoreLog(attacker, log.tenantId, saved);
        }
        // What was put back is whole again: it was the edits that were found.
        expect(await verifyWith(log.office, log.tenantId)).toEqual(control);
      },
    );
    expect(missed).toEqual([]);
    console.info(`audit: ${BY_CYPHER} random edits by raw Cypher, ${BY_CYPHER - missed.length} found (${told(tally)})`);
  }, 300_000);
});

const told = (tally: ReadonlyMap<string, number>): string =>
  [...tally].map(([name, count]) => `${name} ${count}`).join(", ");

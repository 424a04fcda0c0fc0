import { randomUUID } from "node:crypto";
import neo4j, { type Driver } from "neo4j-driver";
import { ulid } from "ulid";
import { inject } from "vitest";
import type { CheckpointStore } from "../../server/audit/checkpoints.js";
import type { AuditOffice } from "../../server/audit/sealer.js";
import { jwkSigner, newAuditJwk } from "../../server/audit/signer.js";
import { verifyTenant, type Verification } from "../../server/audit/verify.js";
import type { AuditRecord } from "../../server/commands/operation.query.js";
import type { Graph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { testGraph } from "./graph.js";

/** Checkpoints in this process, as outside of the database as files are. */
export function memoryCheckpoints(): CheckpointStore & { readonly notes: Map<string, string> } {
  const notes = new Map<string, string>();
  return {
    notes,
    read: async (tenantId) => {
      const note = notes.get(tenantId);
      return note === undefined ? null : { note, at: 0 };
    },
    write: async (tenantId, note) => void notes.set(tenantId, note),
    async setAside(tenantId) {
      const aside = `${tenantId}.aside`;
      notes.set(aside, notes.get(tenantId)!);
      notes.delete(tenantId);
      return aside;
    },
  };
}

export type TestAuditOffice = AuditOffice & { readonly checkpoints: ReturnType<typeof memoryCheckpoints> };

export const testAuditOffice = (graph: Graph = testGraph()): TestAuditOffice => ({
  graph,
  signer: jwkSigner(newAuditJwk()),
  checkpoints: memoryCheckpoints(),
});

/** What `audit verify` would say. */
export const verifyWith = (office: TestAuditOffice, tenantId: string): Promise<Verification> =>
  verifyTenant(office.graph, tenantId, {
    publicKey: office.signer.publicKey,
    note: office.checkpoints.notes.get(tenantId) ?? null,
  });

/** A tenant id of its own; the log needs no tenant node. */
export const newLog = (): string => `log-${ulid().slice(-12).toLowerCase()}`;

let counter = 0;
const hash = () => randomUUID().replaceAll("-", "").repeat(2);

/** An entry such as commands leave, every fourth of a refusal. */
const auditRecordOf = (): AuditRecord => ({
  id: ulid(),
  operationId: `test/${++counter}`,
  command: "createTopic",
  capability: "topic.write",
  actor: `person-${counter % 7}`,
  actorName: `Person ${counter % 7}`,
  onBehalfOf: counter % 5 === 0 ? "somebody" : null,
  reason: `because of ${counter}`,
  adr: counter % 3 === 0 ? "docs/adr/0004" : null,
  inputHash: hash(),
  outputHash: hash(),
  policy: "reference",
  at: 1_795_000_000_000 + counter,
  ...(counter % 4 === 0
    ? {
        outcome: "REFUSED",
        denied: ["role", "scope"],
        decisionInput: JSON.stringify({ subject: { actor: `person-${counter % 7}` }, capability: "topic.write" }),
        detail: JSON.stringify([{ code: "FORBIDDEN", path: "" }]),
      }
    : { outcome: "DONE", denied: [], decisionInput: null, detail: null }),
});

const writeEntry = defineQuery({
  name: "testAuditEntry",
  mode: "write",
  scope: "tenant",
  params: params<{ audit: AuditRecord }>(),
  cypher: `CREATE (a:AuditEntry:Unsealed {tenantId: $tenantId, id: $audit.id}) SET a += $audit`,
  row: noRow,
});

/** Entries as the write path leaves them, without the commands that they tell of. */
export async function writeEntries(tenantId: string, count: number): Promise<AuditRecord[]> {
  const records = Array.from({ length: count }, () => auditRecordOf());
  await testGraph().write({ tenantId }, async (tx) => {
    for (const audit of records) await tx.run(writeEntry, { audit });
  });
  return records;
}

/** Whoever has got hold of the database: any Cypher at all. */
export function openAttacker(): {
  run(cypher: string, params?: object): Promise<Record<string, unknown>[]>;
  driver: Driver;
} {
  const { uri, user, password } = inject("database");
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, String(password)), { disableLosslessIntegers: true });
  return {
    driver,
    run: async (cypher, params = {}) =>
      (await driver.executeQuery(cypher, params)).records.map((record) => record.toObject()),
  };
}

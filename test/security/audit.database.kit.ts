import { erasureOf, leafHashOf } from "../../server/audit/leaf.js";
import { append, rootOf } from "../../server/audit/tree.js";
import type { openAttacker } from "../kit/audit.js";
import type { Random } from "../kit/random.js";
import { flip, forgedCheckpoint, rehashed, type Entry } from "./audit.kit.js";

/*
 * The attacker of the database: any Cypher, any node of the log, the format known by heart; no key, and no reach to the checkpoint
 * outside.
 */

type Attacker = ReturnType<typeof openAttacker>;
type Attack = (attacker: Attacker, log: string, random: Random, older: readonly string[]) => Promise<string>;

const LOG = `MATCH (n {tenantId: $log}) WHERE n:AuditEntry OR n:AuditTree OR n:Checkpoint`;

export async function saveLog(attacker: Attacker, log: string): Promise<Record<string, unknown>[]> {
  return attacker.run(`${LOG} RETURN labels(n) AS labels, properties(n) AS properties`, { log });
}

export async function restoreLog(
  attacker: Attacker,
  log: string,
  saved: readonly Record<string, unknown>[],
): Promise<void> {
  await attacker.run(`${LOG} DETACH DELETE n`, { log });
  // Whole numbers come from the driver as floats when they are sent back.
  await attacker.run(
    `UNWIND $saved AS one CREATE (n:$(one.labels)) SET n = one.properties
SET n.at = toInteger(n.at), n.sequence = toInteger(n.sequence), n.size = toInteger(n.size)`,
    { saved },
  );
}

const sealed = async (attacker: Attacker, log: string): Promise<Entry[]> =>
  (
    await attacker.run(
      `MATCH (a:AuditEntry {tenantId: $log}) WHERE NOT a:Unsealed RETURN properties(a) AS entry ORDER BY a.sequence`,
      { log },
    )
  ).map(({ entry }) => entry as Entry);

/** Puts these in place of all sealed entries. */
async function replaceSealed(attacker: Attacker, log: string, entries: readonly Entry[]): Promise<void> {
  await attacker.run(`MATCH (a:AuditEntry {tenantId: $log}) WHERE NOT a:Unsealed DETACH DELETE a`, { log });
  await attacker.run(
    `UNWIND $entries AS entry CREATE (a:AuditEntry) SET a = entry, a.at = toInteger(a.at), a.sequence = toInteger(a.sequence)`,
    { entries },
  );
}

/** Sets the tree to these entries, under a note of the attacker's own. */
async function rewriteTree(attacker: Attacker, log: string, entries: readonly Entry[], note: string): Promise<void> {
  let frontier: Buffer[] = [];
  for (const [size, entry] of entries.entries())
    frontier = append(frontier, size, Buffer.from(String(entry.leafHash), "hex"));
  const params = {
    log,
    size: entries.length,
    frontier: frontier.map((root) => root.toString("hex")),
    note,
    root: rootOf(frontier).toString("base64"),
  };
  await attacker.run(
    `MATCH (t:AuditTree {tenantId: $log}) SET t.size = toInteger($size), t.frontier = $frontier, t.note = $note
WITH t OPTIONAL MATCH (c:Checkpoint {tenantId: $log}) WHERE c.size >= $size DETACH DELETE c`,
    params,
  );
}

const change = async (attacker: Attacker, cypher: string, params: object): Promise<string> => {
  await attacker.run(cypher, params);
  return `${cypher} ${JSON.stringify(params)}`;
};

export const DATABASE_ATTACKS: Readonly<Record<string, Attack>> = {
  async flip(attacker, log, random) {
    const before = await sealed(attacker, log);
    const after = flip(before, random);
    const at = before.findIndex((entry, i) => entry !== after[i]);
    const put = (entry: Entry) =>
      attacker.run(
        `MATCH (a:AuditEntry {tenantId: $log, id: $id}) SET a = $entry, a.at = toInteger(a.at), a.sequence = toInteger(a.sequence)`,
        { log, id: before[at]!.id, entry },
      );
    // A null takes a property away, perhaps one that wasn't there; and a place that is taken is refused by the database itself.
    const another = { ...before[at], command: "another" };
    await put(isSame(before[at]!, after[at]!) ? another : after[at]!).catch(() => put(another));
    return JSON.stringify(after[at]);
  },
  async delete(attacker, log, random) {
    const [first] = await attacker.run(`MATCH (t:AuditTree {tenantId: $log}) RETURN t.size AS size`, { log });
    const sequence = random.below(Number(first!.size));
    return change(attacker, `MATCH (a:AuditEntry {tenantId: $log, sequence: toInteger($sequence)}) DETACH DELETE a`, {
      log,
      sequence,
    });
  },
  async swap(attacker, log, random) {
    const entries = await sealed(attacker, log);
    const a = random.below(entries.length);
    const b = (a + 1 + random.below(entries.length - 1)) % entries.length;
    const swapped = entries.with(a, { ...entries[b], sequence: a }).with(b, { ...entries[a], sequence: b });
    await replaceSealed(attacker, log, swapped);
    return `${a} and ${b}`;
  },
  async "cut the tail"(attacker, log, random, older) {
    // To a size that a checkpoint really was signed for, with that checkpoint and its tree.
    const note = random.pick(older);
    const size = Number(note.split("\n")[1]);
    const kept = (await sealed(attacker, log)).slice(0, size);
    await replaceSealed(attacker, log, kept);
    await attacker.run(`MATCH (c:Checkpoint {tenantId: $log}) WHERE c.size > $size DETACH DELETE c`, { log, size });
    await rewriteTree(attacker, log, kept, note);
    return `to ${size}`;
  },
  async "re-hash everything"(attacker, log, random) {
    const before = await sealed(attacker, log);
    const at = random.below(before.length);
    const changed =
      random.below(2) === 0 ? before.with(at, { ...before[at], command: "another" }) : before.toSpliced(at, 1);
    const entries = rehashed(changed);
    await replaceSealed(attacker, log, entries);
    // With every checkpoint in the database gone or forged, nothing there tells of it.
    await attacker.run(`MATCH (c:Checkpoint {tenantId: $log}) DETACH DELETE c`, { log });
    await rewriteTree(attacker, log, entries, await forgedCheckpoint(log, entries));
    return `at ${at}`;
  },
  async add(attacker, log, random) {
    const entries = await sealed(attacker, log);
    const { leafHash: _, ...copy } = { ...random.pick(entries), id: `new${random.below(1e9)}` } as Entry;
    const sequence = random.pick([entries.length, entries.length + 3, -1, 0.5, null, "7"]);
    const entry = {
      ...copy,
      sequence,
      leafHash: leafHashOf(copy, { sequence: entries.length, salt: String(copy.salt) }).toString("hex"),
    };
    await attacker.run(
      `CREATE (a:AuditEntry) SET a = $entry, a.at = toInteger(a.at)
SET a.sequence = CASE WHEN $whole THEN toInteger(a.sequence) ELSE a.sequence END`,
      { entry, whole: Number.isInteger(sequence) },
    );
    return JSON.stringify(sequence);
  },
  async "un-seal"(attacker, log, random) {
    const sequence = random.below((await sealed(attacker, log)).length);
    const marks = random.pick([
      "SET a:Unsealed",
      "REMOVE a.sequence, a.leafHash, a.salt SET a:Unsealed",
      "REMOVE a.sequence",
    ]);
    return change(attacker, `MATCH (a:AuditEntry {tenantId: $log, sequence: toInteger($sequence)}) ${marks}`, {
      log,
      sequence,
    });
  },
  async "rewrite the tree"(attacker, log, random, older) {
    const set = random.pick([
      `SET t.size = t.size + ${random.pick(["1", "(-1)", "0.5"])}`,
      `SET t.frontier = [x IN t.frontier | reverse(x)]`,
      `SET t.frontier = []`,
      `SET t.note = $note`,
      `REMOVE t.note`,
      `SET t.size = "many"`,
      `DELETE t`,
    ]);
    return change(attacker, `MATCH (t:AuditTree {tenantId: $log}) ${set}`, { log, note: random.pick(older) });
  },
  async "rewrite a checkpoint"(attacker, log, random, older) {
    const set = random.pick([`SET c.note = "x"`, `REMOVE c.note`, `SET c.note = $note`, `SET c.id = c.id + "x"`]);
    // Its own note put back would be no edit.
    return change(
      attacker,
      `MATCH (c:Checkpoint {tenantId: $log}) WHERE c.note <> $note WITH c ORDER BY c.id SKIP toInteger($skip) LIMIT 1 ${set}`,
      { log, note: random.pick(older), skip: random.below(3) },
    );
  },
  async "pretend an erasure"(attacker, log, random) {
    const whole = (await sealed(attacker, log)).filter((entry) => typeof entry.salt === "string");
    const entry = random.pick(whole);
    return change(
      attacker,
      `MATCH (a:AuditEntry {tenantId: $log, id: $id})
REMOVE a.actor, a.actorName, a.onBehalfOf, a.reason, a.detail, a.decisionInput, a.salt
SET a.erased = $erased, a.erasedBy = $by`,
      { log, id: entry.id, erased: erasureOf(entry), by: random.pick(["test/erase/log", String(entry.operationId)]) },
    );
  },
};

const isSame = (a: Entry, b: Entry): boolean => {
  const told = (entry: Entry) =>
    JSON.stringify(
      Object.entries(entry)
        .filter(([, value]) => value !== null)
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return told(a) === told(b);
};

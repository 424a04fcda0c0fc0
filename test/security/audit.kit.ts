import { generateKeyPairSync, sign } from "node:crypto";
import { ERASABLE, erasureOf, leafHashOf } from "../../server/audit/leaf.js";
import { signCheckpoint } from "../../server/audit/note.js";
import { append, rootOf } from "../../server/audit/tree.js";
import type { Random } from "../kit/random.js";

/*
 * The attacker of an export: can write every file of it, knows the format and all that stands in it, and has no key of ours.
 */

export type Entry = Record<string, unknown>;

/** An export as its files say it. */
export interface Exported {
  readonly entries: readonly Entry[];
  readonly checkpoint: string;
}

const other = (value: unknown, random: Random): unknown => {
  if (typeof value === "number") return value + random.pick([-1, 1, 1_000]);
  if (Array.isArray(value)) return value.length === 0 || random.below(2) === 0 ? [...value, "x"] : value.slice(1);
  const text = String(value);
  if (text === "") return "x";
  const at = random.below(text.length);
  return `${text.slice(0, at)}${text[at] === "0" ? "1" : "0"}${text.slice(at + 1)}`;
};

/** One property of one entry changed, taken away, brought in, or moved to another's place. */
export function flip(entries: readonly Entry[], random: Random): Entry[] {
  const at = random.below(entries.length);
  const entry = entries[at]!;
  const name = random.pick(Object.keys(entry));
  const without = Object.fromEntries(Object.entries(entry).filter(([each]) => each !== name));
  const changed = random.pick<() => Entry>([
    () => ({ ...entry, [name]: other(entry[name], random) }),
    () => ({ ...entry, [name]: other(entry[name], random) }),
    () => without,
    () => ({ ...without, [`${name}2`]: entry[name] }),
    () => ({
      ...entry,
      [random.pick(["note", "digests", "entry", "erased", "erasedBy"])]: random.pick(["x", 1, null]),
    }),
    () => ({ ...entry, [name]: null }),
  ])();
  return entries.with(at, changed);
}

/** Leaf hashes and places as they would be, had this always been the log. */
export const rehashed = (entries: readonly Entry[]): Entry[] =>
  entries.map((entry, sequence) => ({
    ...entry,
    sequence,
    leafHash: leafHashOf(entry, { sequence, salt: typeof entry.salt === "string" ? entry.salt : "" }).toString("hex"),
  }));

/** A checkpoint over a log that somebody else signed, under our name. */
export async function forgedCheckpoint(tenantId: string, entries: readonly Entry[]): Promise<string> {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = Buffer.from(pair.publicKey.export({ format: "jwk" }).x!, "base64url");
  let frontier: Buffer[] = [];
  for (const [size, entry] of entries.entries())
    frontier = append(frontier, size, Buffer.from(String(entry.leafHash), "hex"));
  const signer = { publicKey, sign: (text: Uint8Array) => sign(null, text, pair.privateKey) };
  return signCheckpoint(signer, tenantId, { size: entries.length, root: rootOf(frontier) });
}

/** Everything that an attacker of an export does, one of each at a time. `older` are checkpoints that really were signed. */
export const EXPORT_ATTACKS: Readonly<
  Record<string, (log: Exported, random: Random, tenantId: string, older: readonly string[]) => Promise<Exported>>
> = {
  flip: async ({ entries, checkpoint }, random) => ({ entries: flip(entries, random), checkpoint }),
  delete: async ({ entries, checkpoint }, random) => ({
    entries: entries.toSpliced(random.below(entries.length), 1),
    checkpoint,
  }),
  swap: async ({ entries, checkpoint }, random) => {
    const [a, b] = two(entries, random);
    const places = random.below(2) === 0;
    const at = (entry: Entry, sequence: number) => (places ? { ...entry, sequence } : entry);
    return { entries: entries.with(a, at(entries[b]!, a)).with(b, at(entries[a]!, b)), checkpoint };
  },
  "cut the tail": async ({ entries, checkpoint }, random, _, older) => {
    const note = random.pick([checkpoint, ...older]);
    const size = Number(note.split("\n")[1]);
    return note === checkpoint
      ? { entries: entries.slice(0, random.below(entries.length)), checkpoint }
      : { entries: entries.slice(0, size), checkpoint: note };
  },
  "re-hash everything": async ({ entries, checkpoint }, random, tenantId) => {
    const changed = random.pick<() => Entry[]>([
      () => reworded(entries, random),
      () => entries.toSpliced(random.below(entries.length), 1),
      () =>
        entries.toSpliced(random.below(entries.length), 0, { ...random.pick(entries), id: `new${random.below(1e9)}` }),
      () => {
        const [a, b] = two(entries, random);
        return entries.with(a, entries[b]!).with(b, entries[a]!);
      },
    ])();
    const log = rehashed(changed);
    return { entries: log, checkpoint: random.below(2) === 0 ? checkpoint : await forgedCheckpoint(tenantId, log) };
  },
  add: async ({ entries, checkpoint }, random, tenantId) => {
    const more = rehashed([...entries, { ...random.pick(entries), id: `new${random.below(1e9)}` }]);
    return { entries: more, checkpoint: random.below(2) === 0 ? checkpoint : await forgedCheckpoint(tenantId, more) };
  },
  "pretend an erasure": async ({ entries, checkpoint }, random) => {
    const at = random.below(entries.length);
    const erasedBy = String(random.pick(entries).operationId);
    return { entries: entries.with(at, pretended(entries[at]!, erasedBy, random)), checkpoint };
  },
};

function two(entries: readonly Entry[], random: Random): [number, number] {
  const a = random.below(entries.length);
  return [a, (a + 1 + random.below(entries.length - 1)) % entries.length];
}

/** Somebody's words changed, and nothing else. */
function reworded(entries: readonly Entry[], random: Random): Entry[] {
  const worded = entries.flatMap((entry, i) => (typeof entry.reason === "string" ? [i] : []));
  const at = random.pick(worded);
  return entries.with(at, { ...entries[at], reason: `${String(entries[at]!.reason)}, they say` });
}

/** Texts taken out the way a real erasure does it, in the name of some operation of the log. */
function pretended(entry: Entry, erasedBy: string, random: Random): Entry {
  if (Array.isArray(entry.erased)) return { ...entry, erasedBy: `${erasedBy}x` };
  const texts = new Set<string>(ERASABLE);
  const rest = Object.fromEntries(Object.entries(entry).filter(([name]) => !texts.has(name) && name !== "salt"));
  const digests = erasureOf(entry);
  const kept = random.below(4) === 0 ? digests.slice(1) : digests;
  return { ...rest, erased: kept, erasedBy };
}

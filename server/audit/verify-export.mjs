#!/usr/bin/env node
/**
 * Verifies an export of Throughline's audit log, or the proof of one entry or of the log's growth. Needs nothing but Node: take this file, the public
 * key and a checkpoint from somewhere that whoever gave you the export can't write to.
 *
 *   node verify.mjs FOLDER     --key KEY --checkpoint FILE
 *   node verify.mjs PROOF.json --key KEY --checkpoint FILE
 *
 * KEY is the line of the file `key`, or a file that holds it. Without a key and a checkpoint of your own the answer is never "ok":
 * an export that was rewritten as a whole agrees with itself. Prints {ok, size, root, firstBad, problem}; exit 0 when ok, else 1.
 *
 * Written apart from the server's own code, so that a mistake in one is seen by the other. The tree is RFC 6962's, canonical JSON
 * RFC 8785's, checkpoints are C2SP tlog-checkpoint in signed notes.
 */
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { createReadStream, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ERASABLE = new Set(["actor", "actorName", "onBehalfOf", "reason", "detail", "decisionInput"]);
const NOT_IN_THE_LEAF = new Set(["sequence", "leafHash", "salt", "erased", "erasedBy"]);
const ERASURE = "eraseAuditTexts";
const UNTOLD = "its texts are gone, and the log tells of no erasure";

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const leafHash = (text) => sha256(Buffer.of(0), text);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** RFC 8785: names in order of their UTF-16 units; JSON.stringify writes texts and numbers as it wants them. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** What is wrong with an entry at its place, or the hash of its leaf. */
function judge(entry, sequence) {
  if (entry === null || typeof entry !== "object" || entry.sequence !== sequence)
    return { problem: `entry ${sequence} isn't there` };
  const digests = [];
  const erased = "erased" in entry || "erasedBy" in entry;
  if (erased) {
    if (!isWhollyErased(entry)) return { problem: `entry ${sequence} is half erased` };
    digests.push(...entry.erased.map((kept) => kept.split(":")));
  } else if (typeof entry.salt !== "string") return { problem: `entry ${sequence} has no salt` };
  const open = [];
  for (const [name, value] of Object.entries(entry)) {
    if (NOT_IN_THE_LEAF.has(name)) continue;
    if (ERASABLE.has(name)) digests.push([name, sha256(`${entry.salt}\n${name}\n${value}`).toString("hex")]);
    else open.push([name, value]);
  }
  const leaf = { sequence, entry: Object.fromEntries(open), digests: Object.fromEntries(digests) };
  const hash = leafHash(canonical(leaf));
  if (entry.leafHash !== hash.toString("hex")) return { problem: `entry ${sequence} isn't what was sealed` };
  return { hash, erased };
}

/** Texts and salt are gone, and the digests in their place are in order, each once. */
function isWhollyErased({ erased, erasedBy, ...rest }) {
  if (!Array.isArray(erased) || typeof erasedBy !== "string" || "salt" in rest) return false;
  const names = erased.map((kept) => /^([A-Za-z]+):[0-9a-f]{64}$/.exec(kept)?.[1]);
  const inOrder = erased.every((kept, i) => i === 0 || erased[i - 1] < kept);
  return (
    inOrder &&
    new Set(names).size === names.length &&
    names.every((name) => ERASABLE.has(name)) &&
    ![...ERASABLE].some((name) => name in rest)
  );
}

/** A signed note as {origin, size, root}, or null unless this key signed it. */
export function openNote(note, key) {
  const [, name, id, bytes] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(key.trim()) ?? [];
  const end = note.lastIndexOf("\n\n");
  const said = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n/.exec(note.slice(0, end + 1));
  if (name === undefined || end < 0 || said === null || said[1] !== name) return null;
  const raw = Buffer.from(bytes, "base64");
  if (raw.length !== 33 || raw[0] !== 1 || sha256(`${name}\n`, raw).subarray(0, 4).toString("hex") !== id) return null;
  const jwk = { kty: "OKP", crv: "Ed25519", x: raw.subarray(1).toString("base64url") };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  for (const line of note.slice(end + 2).split("\n")) {
    if (!line.startsWith(`— ${name} `)) continue;
    const signature = Buffer.from(line.slice(name.length + 3), "base64");
    const ours = signature.length === 68 && signature.subarray(0, 4).toString("hex") === id;
    if (ours && verifySignature(null, Buffer.from(note.slice(0, end + 1)), publicKey, signature.subarray(4)))
      return { origin: name, size: Number(said[2]), root: said[3] };
  }
  return null;
}

/**
 * Goes through entries in order. `checkpoint` is the export's own note; `anchor` one that was kept elsewhere, or null.
 * Entries may come from any iterable, synchronous or not.
 */
export async function verifyEntries(entries, { key, checkpoint, anchor }) {
  const own = openNote(checkpoint, key);
  const kept = anchor === null ? null : openNote(anchor, key);
  const stack = [];
  // Erased entries behind the last erasure: the next one must be the erasure that they name.
  const erased = new Map();
  let size = 0;
  let sure = 0;
  const root = () =>
    (stack.length === 0 ? sha256("") : stack.reduceRight((right, left) => nodeHash(left, right))).toString("base64");
  const answer = (firstBad, problem) => ({ ok: problem === null, size, root: root(), firstBad, problem });
  const meets = (signed) => signed === null || signed.size !== size || signed.root === root();

  if (anchor !== null && kept === null) return answer(0, "the checkpoint isn't signed with this key");
  if (own === null) return answer(0, "the export's checkpoint isn't signed with this key");
  for await (const entry of entries) {
    const { problem, hash, erased: gone } = judge(entry, size);
    if (problem !== undefined) return answer(size, problem);
    let node = hash;
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(stack.pop(), node);
    stack.push(node);
    size += 1;
    if (entry.command === ERASURE && entry.outcome === "DONE") {
      erased.delete(entry.operationId);
      for (const sequence of erased.values()) return answer(sequence, UNTOLD);
    }
    if (gone && !erased.has(entry.erasedBy)) erased.set(entry.erasedBy, size - 1);
    if (!meets(kept) || !meets(own)) return answer(sure, `the first ${size} entries aren't those that were signed`);
    if (kept?.size === size || own.size === size) sure = size;
  }
  if (kept !== null && kept.size > size)
    return answer(size, `the export has ${size} entries, and the checkpoint tells of ${kept.size}`);
  if (own.size !== size)
    return answer(Math.min(sure, size), `the export's own checkpoint tells of ${own.size} entries`);
  for (const sequence of erased.values()) return answer(sequence, UNTOLD);
  return answer(null, kept === null ? "not anchored: no checkpoint was given" : null);
}

/**
 * Whether a proof of one entry leads to the root that its checkpoint tells of; or a proof of growth from the root of the checkpoint
 * that was kept to that of its own. Only growth joins two checkpoints: an entry's proof must be for the tree that was kept.
 */
export function verifyProof(proof, { key, anchor }) {
  const signed = openNote(proof.checkpoint, key);
  const kept = anchor === null ? null : openNote(anchor, key);
  const answer = (problem) => ({
    ok: problem === null,
    size: proof.size,
    root: proof.root,
    firstBad: problem === null || problem.startsWith("not anchored") ? null : (proof.index ?? proof.older),
    problem,
  });
  if (signed === null) return answer("the proof's checkpoint isn't signed with this key");
  if (signed.size !== proof.size || signed.root !== proof.root) return answer("its checkpoint tells of another tree");
  if (proof.consistency !== undefined) {
    if (!isGrowth(proof)) return answer("the proof doesn't lead from one root to the other");
    if (kept === null) return answer("not anchored: no checkpoint was given");
    const joined = kept.size === proof.older && kept.root === proof.olderRoot;
    return answer(joined ? null : "the checkpoint tells of another tree than the proof begins with");
  }
  const { problem, hash } = judge(proof.entry, proof.index);
  if (problem !== undefined) return answer(problem);
  const led = rootByInclusion(hash, proof.index, proof.size, proof.inclusion);
  if (led !== proof.root) return answer("the proof doesn't lead to the root");
  if (kept === null) return answer("not anchored: no checkpoint was given");
  const same = kept.size === proof.size && kept.root === proof.root;
  return answer(same ? null : "the checkpoint is of another tree: ask for a proof of growth from one to the other");
}

/** RFC 9162, section 2.1.3.2. */
export function rootByInclusion(leaf, index, size, nodes) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const text of nodes) {
    const node = Buffer.from(text, "base64");
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(node, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, node);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash.toString("base64") : null;
}

/** RFC 9162, section 2.1.4.2. */
export function isGrowth({ older, olderRoot, size, root, consistency }) {
  const whole = Number.isSafeInteger(older) && Number.isSafeInteger(size) && older >= 1 && older <= size;
  if (!whole || !Array.isArray(consistency)) return false;
  if (older === size) return consistency.length === 0 && olderRoot === root;
  const nodes = consistency.map((text) => Buffer.from(text, "base64"));
  if (Number.isInteger(Math.log2(older))) nodes.unshift(Buffer.from(olderRoot, "base64"));
  let [at, last] = [older - 1, size - 1];
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)];
  const start = nodes.shift();
  if (start === undefined) return false;
  let [before, now] = [start, start];
  for (const node of nodes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [before, now] = [nodeHash(node, before), nodeHash(node, now)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else now = nodeHash(now, node);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && before.toString("base64") === olderRoot && now.toString("base64") === root;
}

async function* linesOf(path) {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line === "") continue;
    try {
      yield JSON.parse(line);
    } catch {
      yield null;
    }
  }
}

async function main([target, ...options]) {
  const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
  const textOf = (value) =>
    value.includes("+") && !value.includes("\n") && !exists(value) ? value : readFileSync(value, "utf8");
  if (target === undefined) {
    process.stderr.write("usage: node verify.mjs FOLDER|PROOF.json --key KEY --checkpoint FILE\n");
    return 2;
  }
  const folder = statSync(target).isDirectory();
  const given = option("--key");
  const anchorFile = option("--checkpoint");
  const proof = folder ? null : JSON.parse(readFileSync(target, "utf8"));
  const key = given !== undefined ? textOf(given) : folder ? readFileSync(join(target, "key"), "utf8") : proof.key;
  const anchor = anchorFile === undefined ? null : readFileSync(anchorFile, "utf8");
  const result = folder
    ? await verifyEntries(linesOf(join(target, "entries.jsonl")), {
        key,
        checkpoint: readFileSync(join(target, "checkpoint"), "utf8"),
        anchor,
      })
    : verifyProof(proof, { key, anchor });
  // A key that comes with the export proves nothing about whoever made it.
  const trusted = given !== undefined;
  const problem = result.problem ?? (trusted ? null : "not anchored: no key was given");
  process.stdout.write(`${JSON.stringify({ ...result, ok: result.ok && trusted, problem })}\n`);
  return result.ok && trusted ? 0 : 1;
}

function exists(path) {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));

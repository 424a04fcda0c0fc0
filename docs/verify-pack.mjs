#!/usr/bin/env node
/**
 * Verifies an evidence pack of Throughline: what an episode was published on. Needs nothing but Node: take this file and the
 * public key from somewhere that whoever gave you the pack can't write to.
 *
 *   node verify-pack.mjs FILE --key PUB
 *
 * PUB is the 32 bytes of the Ed25519 public key in base64, as `./throughline audit key` prints it, or a file that holds it.
 * Prints {ok, items, erased, subjectId, sha256, firstBad, problem} as JSON. `firstBad` is {line, id} of the first line that isn't what was
 * signed. Exit 0 when ok, 1 when anything was changed or it is another key's, 2 when it is called wrongly.
 *
 * Written apart from the server's own code, so that a mistake in one is seen by the other. docs/evidence-pack.md has the format.
 */
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FORMAT = 1;
const HEX = /^[0-9a-f]{64}$/;
const SALT = /^[0-9a-f]{32}$/;
const NEWLINE = 0x0a;

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** RFC 8785: names in order of their UTF-16 units; JSON.stringify writes texts and numbers as it wants them. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** Lines without their ends; null for bytes behind the last end. */
function linesOf(bytes) {
  const lines = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(null);
  return lines;
}

/** What a line says, if it is canonical JSON to the byte; else undefined. */
function read(line) {
  if (line === null) return undefined;
  try {
    // A byte order mark is a changed byte too.
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line));
    return isObject(value) && Buffer.from(canonical(value)).equals(line) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const hasOnly = (value, ...names) => Object.keys(value).sort().join() === names.toSorted().join();
const isListed = (one) =>
  isObject(one) && hasOnly(one, "hash", "id") && HEX.test(one.hash) && typeof one.id === "string";

/** The 32 bytes of a key in base64, exactly as base64 writes them; null for anything else. */
function bytesOf(text, length) {
  const bytes = Buffer.from(String(text), "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : null;
}

/** What is wrong with the last line; null when this key signed it. */
function faultOfEnd(end, key) {
  if (end === undefined || end.type !== "end") return "the signed end is missing or was changed";
  if (!hasOnly(end, "type", "sha256", "items", "key", "signature")) return "the end has other fields than it may have";
  if (!Array.isArray(end.items) || end.items.length === 0 || !end.items.every(isListed) || !HEX.test(end.sha256))
    return "the end's list of hashes was changed";
  if (end.key !== key) return "it is signed with another key";
  const signature = bytesOf(end.signature, 64);
  const x = bytesOf(key, 32);
  if (signature === null || x === null) return "the signature was changed";
  const publicKey = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: x.toString("base64url") },
    format: "jwk",
  });
  const text = `throughline-pack v${FORMAT}\n${end.sha256}\n${hashOf(canonical(end.items))}\n`;
  return verifySignature(null, Buffer.from(text), publicKey, signature)
    ? null
    : "the signature isn't that of what the end says";
}

/** What is wrong with a line that should be the one of this hash; null for nothing. */
function faultOfLine(line, hash, index) {
  const value = read(line);
  if (index > 0 && value !== undefined && value.type === "erased")
    return hasOnly(value, "type", "hash") && value.hash === hash ? null : "another item was taken out here";
  if (line === null || hashOf(line) !== hash) return "it isn't what was signed";
  if (value === undefined) return "it is no canonical JSON";
  return null;
}

/** Verifies the bytes of a pack with a public key, base64. */
export function verifyPack(bytes, key) {
  const lines = linesOf(bytes);
  const end = read(lines.at(-1) ?? null);
  const answer = { ok: false, items: 0, erased: 0, subjectId: null, sha256: null, firstBad: null, problem: null };
  const bad = (line, id, problem) => ({
    ...answer,
    firstBad: { line, id },
    problem: `line ${line} (${id}): ${problem}`,
  });

  const fault = faultOfEnd(end, key);
  if (fault !== null) return bad(Math.max(1, lines.length), "end", fault);
  const listed = end.items;
  const values = [];
  for (const [i, { id, hash }] of listed.entries()) {
    if (i >= lines.length - 1) return bad(lines.length, id, "it is missing");
    const wrong = faultOfLine(lines[i], hash, i);
    if (wrong !== null) return bad(i + 1, id, wrong);
    values.push(read(lines[i]));
  }
  if (lines.length - 1 > listed.length) return bad(listed.length + 1, "unknown", "nobody signed it");

  const [head, ...rest] = values;
  if (head.type !== "pack" || head.format !== FORMAT)
    return bad(1, "pack", `it is no pack of format ${FORMAT}, which this verifier reads`);
  if (head.items !== rest.length)
    return bad(1, "pack", `it tells of ${head.items} items, and there are ${rest.length}`);
  for (const [i, value] of rest.entries()) {
    if (value.type === "erased") continue;
    const { id } = listed[i + 1];
    if (value.type !== "item" || !SALT.test(value.salt) || value.item?.id !== id)
      return bad(i + 2, id, "it is no item of this name");
  }
  const erased = rest.filter(({ type }) => type === "erased").length;
  const items = rest.flatMap(({ type, item }) => (type === "item" ? [item] : []));
  const told = { ...answer, items: rest.length, erased, subjectId: head.subjectId, sha256: end.sha256 };
  const wrong = faultOfWhole(lines, head, items, erased, end.sha256);
  if (wrong !== null) return { ...told, firstBad: { line: wrong.line, id: wrong.id }, problem: wrong.problem };
  return { ...told, ok: true };
}

/** What the signed lines say against each other; null for nothing. */
function faultOfWhole(lines, head, items, erased, sha256) {
  for (const item of items)
    if (item.kind === "approval" && item.verdict === "APPROVED" && item.contentHash !== head.contentHash)
      return { line: 1, id: item.id, problem: `${item.id} is an approval of another content` };
  if (erased > 0) return null;
  const whole = createHash("sha256");
  for (const line of lines.slice(0, -1)) whole.update(line).update("\n");
  if (whole.digest("hex") !== sha256)
    return { line: 1, id: "pack", problem: "the lines together aren't those that were frozen" };
  const nodes = items
    .filter(({ kind }) => kind === "node")
    .map(({ kind: _kind, ...node }) => node)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { action, subjectId, arguments: args } = head;
  const content = hashOf(canonical({ action, subjectId, arguments: args, items: nodes }));
  if (content !== head.contentHash)
    return { line: 1, id: "pack", problem: "its items aren't the content that was approved" };
  return null;
}

function main(args) {
  const at = args.indexOf("--key");
  const given = at === -1 ? undefined : args[at + 1];
  const [file, ...more] = args.filter((_, i) => at === -1 || (i !== at && i !== at + 1));
  if (file === undefined || more.length > 0 || given === undefined) {
    process.stderr.write("usage: node verify-pack.mjs FILE --key PUB\n");
    return 2;
  }
  let bytes;
  let key;
  try {
    bytes = readFileSync(file);
    key = (existsSync(given) ? readFileSync(given, "utf8") : given).trim();
  } catch (error) {
    process.stderr.write(`verify-pack: ${error.message}\n`);
    return 2;
  }
  if (bytesOf(key, 32) === null) {
    process.stderr.write("verify-pack: --key isn't an Ed25519 public key: 32 bytes in base64, or a file with them\n");
    return 2;
  }
  const result = verifyPack(bytes, key);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!result.ok) process.stderr.write(`NOT OK: ${result.problem}\n`);
  return result.ok ? 0 : 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));

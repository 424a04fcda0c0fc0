import { describe, expect, it } from "vitest";
import { verifyPack } from "../../../docs/verify-pack.mjs";
import { jwkSigner, newAuditJwk } from "../../audit/signer.js";
import { sealContent, type FrozenItem } from "./content.js";
import { freezeLines, packFile, PackAltered, readPack, type PackItem } from "./pack.js";

const signer = jwkSigner(newAuditJwk());
const key = signer.publicKey.toString("base64");
let salts = 0;
const salt = (): string => (++salts).toString(16).padStart(32, "0");

const node = (id: string, title: string, ...to: string[]): FrozenItem => ({
  id,
  title,
  version: 1,
  properties: { note: "naïve “quotes” \u2028 and \\", value: 0.1, missing: null },
  edges: to.map((end) => ({ type: "STATES", to: end, basis: null })),
});
const NODES = [node("Scene:2", "Two", "Claim:1"), node("Claim:1", "Ü"), node("Episode:1", "One")];
const content = { action: "publishEpisode", subjectId: "Episode:1", arguments: { publishedAt: 5 } };
const { hash: contentHash } = sealContent({ ...content, items: NODES });
const head = { ...content, tenantId: "demo", proposalId: "Proposal:1", contentHash, frozenAt: 7 };
const approval = (id: string, approvedHash = contentHash): PackItem => ({
  ...{ kind: "approval", id, verdict: "APPROVED", approver: "ann", approverName: "Ann" },
  ...{ contentHash: approvedHash, reason: "read it", givenAt: 6 },
});
const ITEMS: readonly PackItem[] = [
  ...NODES.map((one) => ({ kind: "node", ...one }) as const),
  approval("Approval:1"),
  {
    ...{ kind: "proposal", id: "Proposal:1", proposer: "ed", proposerName: "Ed", onBehalfOf: null },
    ...{ reason: "it is Friday", proposedAt: 4 },
  },
  {
    ...{ kind: "decision", id: "policy", capability: "episode.publish", policy: "0".repeat(64) },
    ...{ approvers: ["ann"], gate: [], decision: { allow: true, denied: [], approvals: 1 } },
  },
];
const frozen = (items: readonly PackItem[] = ITEMS) => {
  const { text, hash } = freezeLines(head, items, salt);
  return { text, sha256: hash };
};
const file = async (without: readonly string[] = [], items = ITEMS) =>
  Buffer.from(await packFile(frozen(items), signer, without));

describe("an evidence pack", () => {
  it("is read back as it was frozen, by kind and id", () => {
    const { text, sha256 } = frozen();
    const read = readPack(text, sha256);
    expect(read.head).toEqual({ ...head, items: 6 });
    expect(read.items.map(({ id }) => id)).toEqual([
      ...["Proposal:1", "Approval:1", "policy"],
      ...["Claim:1", "Episode:1", "Scene:2"],
    ]);
    expect(read.items.find(({ id }) => id === "Claim:1")).toEqual({ kind: "node", ...NODES[1] });
  });

  it("that was changed where it is kept is neither read nor signed", async () => {
    const { text, sha256 } = frozen();
    const altered = text.replace("it is Friday", "it was Monday");
    expect(() => readPack(altered, sha256)).toThrow(PackAltered);
    await expect(packFile({ text: altered, sha256 }, signer)).rejects.toThrow(PackAltered);
  });

  it("verifies with the key that signed it, and with no other", async () => {
    const bytes = await file();
    expect(verifyPack(bytes, key)).toMatchObject({
      ok: true,
      items: 6,
      erased: 0,
      subjectId: "Episode:1",
      problem: null,
    });
    const other = jwkSigner(newAuditJwk()).publicKey.toString("base64");
    expect(verifyPack(bytes, other)).toMatchObject({ ok: false, firstBad: { id: "end" } });
  });

  it("verifies no more once any of its bytes is another, and names the line", { timeout: 60_000 }, async () => {
    const bytes = await file();
    const wrong: string[] = [];
    let line = 1;
    const last = 8;
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x20, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= flip;
        const { ok, firstBad } = verifyPack(changed, key);
        // A line end that went before the last line leaves no end.
        const named = firstBad?.line === line || (firstBad?.id === "end" && line >= last - 1);
        if (ok || !named) wrong.push(`byte ${at} of line ${line}, ${flip}: ${JSON.stringify({ ok, firstBad })}`);
      }
      if (bytes[at] === 0x0a) line += 1;
    }
    expect([line, wrong]).toEqual([last + 1, []]);
  });

  it("verifies no more once a byte is added, taken away, or a line moved", async () => {
    const bytes = await file();
    const lines = bytes.toString().split("\n").slice(0, -1);
    const bad = (text: string | Buffer) => verifyPack(Buffer.from(text), key);
    expect(bad(Buffer.concat([bytes, Buffer.from("\n")])).ok).toBe(false);
    expect(bad(bytes.subarray(0, -1)).ok).toBe(false);
    expect(bad("").ok).toBe(false);
    expect(bad(`\uFEFF${bytes.toString()}`)).toMatchObject({ ok: false, firstBad: { line: 1, id: "pack" } });
    expect(bad(bytes.toString().replaceAll("\n", "\r\n")).ok).toBe(false);
    const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)].map((line) => `${line}\n`).join("");
    expect(bad(swapped)).toMatchObject({ ok: false, firstBad: { line: 2, id: "Proposal:1" } });
    const cut = [...lines.slice(0, 4), ...lines.slice(5)].map((line) => `${line}\n`).join("");
    expect(bad(cut)).toMatchObject({ ok: false, firstBad: { line: 5, id: "Claim:1" } });
    const more = [...lines.slice(0, -1), lines[1], lines.at(-1)].map((line) => `${line}\n`).join("");
    expect(bad(more)).toMatchObject({ ok: false, firstBad: { line: 8 } });
  });

  it("verifies with an item taken out, whose hash stays", async () => {
    const bytes = await file(["Approval:1", "Claim:1"]);
    expect(bytes.toString()).not.toContain("read it");
    expect(verifyPack(bytes, key)).toMatchObject({ ok: true, items: 6, erased: 2 });
    await expect(file(["Claim:2"])).rejects.toThrow("no item Claim:2");
    const forged = bytes.toString().replace(/("hash":")[0-9a-f]{4}/, "$10000");
    expect(verifyPack(Buffer.from(forged), key)).toMatchObject({ ok: false, firstBad: { id: "Approval:1" } });
  });

  it("salts equal items apart, so that nobody guesses one by its hash", () => {
    const [a, b] = [frozen(), frozen()];
    expect(a.sha256).not.toBe(b.sha256);
  });

  it("tells where what was signed isn't what was approved", async () => {
    const foreign = await file([], [...ITEMS, approval("Approval:2", "f".repeat(64))]);
    expect(verifyPack(foreign, key)).toMatchObject({ ok: false, firstBad: { id: "Approval:2" } });
    const fewer = await file([], ITEMS.slice(1));
    expect(verifyPack(fewer, key)).toMatchObject({
      ok: false,
      problem: "its items aren't the content that was approved",
    });
  });
});

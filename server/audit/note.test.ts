import { describe, expect, it } from "vitest";
import { openCheckpoint, signCheckpoint, verifierKey } from "./note.js";
import { jwkSigner, newAuditJwk } from "./signer.js";
import { hashLeaf } from "./tree.js";
import { openNote } from "./verify-export.mjs";

const signer = jwkSigner(newAuditJwk());
const checkpoint = { size: 1_234, root: hashLeaf("root") };
const signed = () => signCheckpoint(signer, "demo", checkpoint);
const open = (note: string, tenant = "demo", key = signer.publicKey) => openCheckpoint(note, tenant, key);

describe("a checkpoint", () => {
  it("is a signed note: origin, size, root, an empty line and the signature", async () => {
    const lines = (await signed()).split("\n");
    expect(lines.slice(0, 4)).toEqual(["throughline/demo", "1234", checkpoint.root.toString("base64"), ""]);
    expect(lines[4]).toMatch(/^— throughline\/demo [A-Za-z0-9+/]{91}=$/);
    expect(lines.slice(5)).toEqual([""]);
  });

  it("is read back as it was signed, here and by the verifier that exports bring", async () => {
    expect(open(await signed())).toEqual(checkpoint);
    expect(openNote(await signed(), verifierKey("demo", signer.publicKey))).toEqual({
      origin: "throughline/demo",
      size: 1_234,
      root: checkpoint.root.toString("base64"),
    });
  });

  it("bears other signatures beside ours", async () => {
    const other = await signCheckpoint(jwkSigner(newAuditJwk()), "demo", checkpoint);
    const line = other.split("\n")[4]!;
    const [head, tail] = (await signed()).split("\n\n");
    expect(open(`${head}\n\n${line}\n— witness.example AAAA\n${tail}`)).toEqual(checkpoint);
    expect(open(`${head}\n\n${line}\n`)).toBeNull();
  });

  it("is worth nothing once any character of it is another", async () => {
    const note = await signed();
    for (let i = 0; i < note.length; i++) {
      // A base64 text may end in bits that nobody reads, and the last line end isn't signed.
      if (i >= note.length - 3) continue;
      const changed = `${note.slice(0, i)}${note[i] === "A" ? "B" : "A"}${note.slice(i + 1)}`;
      expect(open(changed), `character ${i}`).toBeNull();
    }
  });

  it("is worth nothing for another tenant, or by another key", async () => {
    const note = await signed();
    expect(open(note, "other")).toBeNull();
    expect(open(note.replaceAll("throughline/demo", "throughline/other"), "other")).toBeNull();
    expect(open(note, "demo", jwkSigner(newAuditJwk()).publicKey)).toBeNull();
    expect(openNote(note, verifierKey("other", signer.publicKey))).toBeNull();
  });

  it.each(["", "\n\n", "throughline/demo", "throughline/demo\n1\n", "x".repeat(10_000)])("isn't %j", (text) => {
    expect(open(text)).toBeNull();
    expect(openNote(text, verifierKey("demo", signer.publicKey))).toBeNull();
  });
});

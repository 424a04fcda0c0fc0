import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { EXPORT_FILES, proveEntry, proveGrowth, writeExport } from "../../server/audit/export.js";
import { verifierKey } from "../../server/audit/note.js";
import { keysOf, sealTenant } from "../../server/audit/sealer.js";
import { hashLeaf, MerkleTree } from "../../server/audit/tree.js";
import { verifyProof } from "../../server/audit/verify-export.mjs";
import { newLog, testAuditOffice, writeEntries } from "../kit/audit.js";
import { testGraph } from "../kit/graph.js";
import { projectRoot } from "../kit/project-root.js";

const run = promisify(execFile);

/*
 * The proofs, judged by somebody else's code in another language: transparency-dev/merkle, on which certificate transparency's own
 * tools stand, and the notes by Go's own checksum database client.
 */
const PROGRAM = `package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

type inclusion struct{ Index, Size uint64; Leaf, Root string; Proof []string }
type consistency struct{ Older, Size uint64; OlderRoot, Root string; Proof []string }
type cases struct {
	Inclusion []inclusion
	Consistency []consistency
	Key string
	Notes []string
}

func bytes(text string) []byte { b, err := base64.StdEncoding.DecodeString(text); if err != nil { panic(err) }; return b }
func list(texts []string) [][]byte { out := [][]byte{}; for _, t := range texts { out = append(out, bytes(t)) }; return out }
func other(hash []byte) []byte { b := append([]byte{}, hash...); b[0] ^= 1; return b }

func main() {
	var c cases
	text, err := os.ReadFile(os.Args[1])
	if err != nil { panic(err) }
	if err := json.Unmarshal(text, &c); err != nil { panic(err) }
	agreed, refused := 0, 0
	h := rfc6962.DefaultHasher
	for _, p := range c.Inclusion {
		if proof.VerifyInclusion(h, p.Index, p.Size, bytes(p.Leaf), list(p.Proof), bytes(p.Root)) == nil { agreed++ }
		if proof.VerifyInclusion(h, p.Index, p.Size, other(bytes(p.Leaf)), list(p.Proof), bytes(p.Root)) != nil { refused++ }
	}
	for _, p := range c.Consistency {
		if proof.VerifyConsistency(h, p.Older, p.Size, list(p.Proof), bytes(p.OlderRoot), bytes(p.Root)) == nil { agreed++ }
		if proof.VerifyConsistency(h, p.Older, p.Size, list(p.Proof), bytes(p.OlderRoot), other(bytes(p.Root))) != nil { refused++ }
	}
	notes := 0
	verifier, err := note.NewVerifier(c.Key)
	if err != nil { panic(err) }
	for _, n := range c.Notes {
		if _, err := note.Open([]byte(n), note.VerifierList(verifier)); err == nil { notes++ }
	}
	fmt.Printf("{\\"agreed\\":%d,\\"refused\\":%d,\\"notes\\":%d}\\n", agreed, refused, notes)
}
`;
const MODULE = `module throughline.example/proofs

go 1.22

require (
	github.com/transparency-dev/merkle v0.0.2
	golang.org/x/mod v0.20.0
)
`;

const base64 = (hash: Buffer): string => hash.toString("base64");

/** Every proof of every tree of up to this many leaves. */
const SIZES = 64;

function proofsOfSmallTrees() {
  const leaves = Array.from({ length: SIZES }, (_, i) => hashLeaf(`leaf ${i}`));
  const tree = new MerkleTree(leaves);
  const sizes = Array.from({ length: SIZES }, (_, i) => i + 1);
  return {
    inclusion: sizes.flatMap((size) =>
      leaves.slice(0, size).map((leaf, index) => ({
        index,
        size,
        leaf: base64(leaf),
        root: base64(tree.root(size)),
        proof: tree.inclusion(index, size).map(base64),
      })),
    ),
    consistency: sizes.flatMap((size) =>
      sizes.slice(0, size).map((older) => ({
        older,
        size,
        olderRoot: base64(tree.root(older)),
        root: base64(tree.root(size)),
        proof: tree.consistency(older, size).map(base64),
      })),
    ),
  };
}

/** A log in the database that grows, with what `audit prove` says of its entries and of its growth. */
async function provenLog() {
  const [office, tenantId] = [testAuditOffice(), newLog()];
  const { publicKey } = office.signer;
  const entries = [];
  const notes: string[] = [];
  for (const count of [7, 1, 20, 9]) {
    entries.push(...(await writeEntries(tenantId, count)));
    await sealTenant(office, tenantId);
    notes.push(office.checkpoints.notes.get(tenantId)!);
  }
  const ofEntries = await Promise.all(entries.map(({ id }) => proveEntry(testGraph(), tenantId, id, [publicKey])));
  const sizes = notes.map((note) => Number(note.split("\n")[1]));
  const ofGrowth = await Promise.all(sizes.map((size) => proveGrowth(testGraph(), tenantId, size, [publicKey])));
  return { ofEntries, ofGrowth, notes, key: verifierKey(tenantId, publicKey) };
}

/** Null where there is no Go, or it can't get its modules; then why. */
async function goAgrees(cases: object): Promise<{ agreed: number; refused: number; notes: number } | string> {
  const folder = await mkdtemp(join(tmpdir(), "throughline-go-"));
  try {
    await run("go", ["version"]);
    await writeFile(join(folder, "go.mod"), MODULE);
    await writeFile(join(folder, "main.go"), PROGRAM);
    await writeFile(join(folder, "cases.json"), JSON.stringify(cases));
    const options = { cwd: folder, maxBuffer: 1 << 24 };
    const fetched = await run("go", ["mod", "tidy"], options).catch((error: unknown) => error as Error);
    if (fetched instanceof Error) return `Go can't get its modules: ${fetched.message}`;
    await run("go", ["build", "-o", "proofs", "."], options);
    return JSON.parse((await run(join(folder, "proofs"), [join(folder, "cases.json")], options)).stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "there is no Go here";
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("a proof", () => {
  it("leads from an entry to the checkpoint, and from a checkpoint to a later one", async () => {
    const { ofEntries, ofGrowth, notes, key } = await provenLog();
    const anchor = notes.at(-1)!;
    for (const proof of ofEntries) {
      expect(verifyProof(proof, { key, anchor })).toMatchObject({ ok: true, size: 37 });
      expect(verifyProof({ ...proof, entry: { ...proof.entry, reason: "another" } }, { key, anchor }).ok).toBe(false);
      expect(verifyProof({ ...proof, inclusion: proof.inclusion.slice(1) }, { key, anchor }).ok).toBe(false);
      expect(verifyProof(proof, { key, anchor: null }).problem).toContain("not anchored");
    }
    for (const [i, proof] of ofGrowth.entries()) {
      expect(verifyProof(proof, { key, anchor: notes[i]! })).toMatchObject({ ok: true });
      expect(verifyProof(proof, { key, anchor: notes[(i + 1) % notes.length]! }).ok).toBe(false);
      expect(verifyProof({ ...proof, older: proof.older - 1 }, { key, anchor: notes[i]! }).ok).toBe(false);
    }
  });

  it("names the key that signed: of a log from elsewhere that home's, where it is trusted, until this one seals", async () => {
    const [theirs, tenantId] = [testAuditOffice(), newLog()];
    const ours = { ...testAuditOffice(), trusted: [theirs.signer.publicKey] };
    const [entry] = await writeEntries(tenantId, 5);
    await sealTenant(theirs, tenantId);
    const anchor = theirs.checkpoints.notes.get(tenantId)!;
    const keyOf = (office: typeof theirs) => verifierKey(tenantId, office.signer.publicKey);
    const both = async (office: typeof theirs) => [
      await proveEntry(testGraph(), tenantId, entry!.id, keysOf(office)),
      await proveGrowth(testGraph(), tenantId, 3, keysOf(office)),
    ];
    for (const proof of await both(ours))
      expect(proof).toMatchObject({ size: 5, key: keyOf(theirs), checkpoint: anchor });
    const proof = await proveEntry(testGraph(), tenantId, entry!.id, keysOf(ours));
    expect(verifyProof(proof, { key: keyOf(theirs), anchor })).toMatchObject({ ok: true, size: 5 });
    expect(verifyProof(proof, { key: keyOf(ours), anchor }).ok).toBe(false);
    const folder = await mkdtemp(join(tmpdir(), "throughline-export-"));
    try {
      const verifier = join(projectRoot, "server", "audit", "verify-export.mjs");
      await writeExport(testGraph(), tenantId, { keys: keysOf(ours), folder, verifier });
      expect((await readFile(join(folder, EXPORT_FILES.key), "utf8")).trim()).toBe(keyOf(theirs));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    // Nobody's whom this home doesn't trust.
    await expect(both(testAuditOffice())).rejects.toThrow("isn't as it was sealed");
    await writeEntries(tenantId, 1);
    await sealTenant(ours, tenantId);
    for (const later of await both(ours)) expect(later).toMatchObject({ size: 6, key: keyOf(ours) });
  });

  it("is one for Go's transparency-dev/merkle too, each of them", async (context) => {
    const small = proofsOfSmallTrees();
    const { ofEntries, ofGrowth, notes, key } = await provenLog();
    const inclusion = ofEntries.map(({ index, size, entry, root, inclusion: proof }) => ({
      index,
      size,
      leaf: base64(Buffer.from(String(entry.leafHash), "hex")),
      root,
      proof,
    }));
    const consistency = ofGrowth.map(({ older, size, olderRoot, root, consistency: proof }) => ({
      older,
      size,
      olderRoot,
      root,
      proof,
    }));
    const cases = {
      inclusion: [...small.inclusion, ...inclusion],
      consistency: [...small.consistency, ...consistency],
      key,
      notes,
    };
    const said = await goAgrees(cases);
    if (typeof said === "string") {
      console.warn(`audit: proofs not judged by Go: ${said}`);
      return context.skip(said);
    }
    const all = cases.inclusion.length + cases.consistency.length;
    expect(said).toEqual({ agreed: all, refused: all, notes: notes.length });
    console.info(
      `audit: Go agrees on ${said.agreed} of ${all} proofs and ${said.notes} of ${notes.length} notes, and refuses ${said.refused} of ${all} false ones`,
    );
  }, 240_000);
});

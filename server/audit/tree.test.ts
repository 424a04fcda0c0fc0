import { describe, expect, it } from "vitest";
import { append, frontierLength, hashLeaf, hashNodes, MerkleTree, rootOf } from "./tree.js";
import { isGrowth, rootByInclusion } from "./verify-export.mjs";

/** The leaves and roots that implementations of RFC 6962 have always tested with. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const hashes = LEAVES.map((hex) => hashLeaf(Buffer.from(hex, "hex")));
const many = Array.from({ length: 70 }, (_, i) => hashLeaf(String(i)));

describe("the tree", () => {
  it("has the roots that are known for the leaves that are known", () => {
    const tree = new MerkleTree(hashes);
    expect(ROOTS.map((_, i) => tree.root(i + 1).toString("hex"))).toEqual(ROOTS);
  });

  it("of nothing has the root of nothing", () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect([rootOf([]), new MerkleTree([]).root()].map((root) => root.toString("hex"))).toEqual([empty, empty]);
  });

  it("grows by its frontier to the same roots, and the frontier has a root for each bit of the size", () => {
    const tree = new MerkleTree(many);
    let frontier: Buffer[] = [];
    for (const [size, leaf] of many.entries()) {
      frontier = append(frontier, size, leaf);
      expect(rootOf(frontier)).toEqual(tree.root(size + 1));
      expect(frontier).toHaveLength(frontierLength(size + 1));
    }
  });

  it("tells leaves from nodes", () => {
    const [a, b] = [hashLeaf("a"), hashLeaf("b")];
    expect(hashLeaf(Buffer.concat([a, b]))).not.toEqual(hashNodes(a, b));
  });

  it("proves each leaf of each size, and no other leaf by that", () => {
    const tree = new MerkleTree(many);
    for (let size = 1; size <= many.length; size++) {
      const root = tree.root(size).toString("base64");
      for (let index = 0; index < size; index++) {
        const proof = tree.inclusion(index, size).map((node) => node.toString("base64"));
        expect(rootByInclusion(many[index]!, index, size, proof)).toBe(root);
        if (size === 1) continue;
        expect(rootByInclusion(many[(index + 1) % size]!, index, size, proof)).not.toBe(root);
        expect(rootByInclusion(many[index]!, (index + 1) % size, size, proof)).not.toBe(root);
      }
    }
  });

  it("proves that each size grew out of each smaller one, and out of no other tree", () => {
    const tree = new MerkleTree(many);
    const text = (hash: Buffer) => hash.toString("base64");
    for (let size = 1; size <= many.length; size++) {
      for (let older = 1; older <= size; older++) {
        const proof = {
          older,
          olderRoot: text(tree.root(older)),
          size,
          root: text(tree.root(size)),
          consistency: tree.consistency(older, size).map(text),
        };
        expect(isGrowth(proof), `${older} to ${size}`).toBe(true);
        expect(isGrowth({ ...proof, olderRoot: text(hashLeaf("another")) })).toBe(false);
        expect(isGrowth({ ...proof, root: text(hashLeaf("another")) })).toBe(false);
        expect(isGrowth({ ...proof, older: older + 1 })).toBe(false);
      }
    }
  });

  it("refuses what it hasn't got", () => {
    const tree = new MerkleTree(hashes);
    expect(() => tree.inclusion(8)).toThrow(RangeError);
    expect(() => tree.inclusion(0, 9)).toThrow(RangeError);
    expect(() => tree.consistency(5, 4)).toThrow(RangeError);
  });
});

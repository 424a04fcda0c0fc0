import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MAX_SNAPSHOT_BYTES, snapshotKey, snapshotText, snapshotTitle } from "./snapshot-text.js";

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

describe("snapshotText", () => {
  it("keeps a text that fits, to the last byte", () => {
    const whole = "é".repeat(MAX_SNAPSHOT_BYTES / 2);
    expect(snapshotText(whole)).toEqual({ text: whole, sha256: sha256(whole), bytes: MAX_SNAPSHOT_BYTES, cut: false });
  });

  it("cuts what is longer, and says so", () => {
    const { text, bytes, cut, sha256: hash } = snapshotText("a".repeat(MAX_SNAPSHOT_BYTES + 1));
    expect(cut).toBe(true);
    expect(bytes).toBe(MAX_SNAPSHOT_BYTES);
    expect(text).toHaveLength(MAX_SNAPSHOT_BYTES);
    expect(hash).toBe(sha256(text));
  });

  it.each([
    ["é", 2],
    ["€", 3],
    ["😀", 4],
  ])("never cuts through %s", (character, width) => {
    for (let shift = 1; shift <= width; shift++) {
      const given = "a".repeat(MAX_SNAPSHOT_BYTES - shift) + character.repeat(2);
      const { text, bytes } = snapshotText(given);
      expect(given.startsWith(text)).toBe(true);
      expect(bytes).toBe(Buffer.byteLength(text));
      expect(bytes).toBeGreaterThan(MAX_SNAPSHOT_BYTES - width);
      expect(text).not.toContain("\ufffd");
    }
  });
});

describe("a snapshot's key and title", () => {
  it("differ by source, revision and text", () => {
    const keys = [
      snapshotKey("u", null, "h"),
      snapshotKey("u", "1", "h"),
      snapshotKey("u", "1", "i"),
      snapshotKey("v", "1", "h"),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it("name the revision where there is one", () => {
    expect(snapshotTitle("Page", null)).toBe("Page");
    expect(snapshotTitle("Page", "7")).toBe("Page, revision 7");
  });
});

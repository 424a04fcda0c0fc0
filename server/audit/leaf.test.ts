import { describe, expect, it } from "vitest";
import { ERASABLE, erasureOf, leafData, newSalt } from "./leaf.js";
import { canonical } from "./verify-export.mjs";

const entry = {
  tenantId: "demo",
  id: "01JD3Z5X9QW8R7T6Y5V4N3M2K1",
  command: "createTopic",
  outcome: "DONE",
  denied: ["role", "scope"],
  at: 1_795_000_000_000,
  actor: "ana",
  actorName: "Ana Ángel",
  reason: "because \u{1F600}",
};
const salt = newSalt();
const place = { sequence: 7, salt };
const without = (name: string) => Object.fromEntries(Object.entries(entry).filter(([each]) => each !== name));

describe("a leaf", () => {
  it("is canonical JSON that shows no erasable text", () => {
    const data = leafData(entry, place);
    expect(canonical(JSON.parse(data))).toBe(data);
    for (const name of ["actor", "actorName", "reason"] as const) expect(data).not.toContain(entry[name]);
    expect(Object.keys(JSON.parse(data).digests)).toEqual(["actor", "actorName", "reason"]);
  });

  it("is another one when anything of the entry is: a value, a missing one, a new one, its place, its salt", () => {
    const data = leafData(entry, place);
    const others = [
      ...Object.keys(entry).map((name) => ({ ...entry, [name]: "another" })),
      ...Object.keys(entry).map(without),
      { ...entry, unheardOf: 1 },
      { ...entry, digests: "x" },
      { ...entry, denied: ["scope", "role"] },
      { ...entry, detail: "" },
    ].map((other) => leafData(other, place));
    others.push(leafData(entry, { ...place, sequence: 8 }), leafData(entry, { ...place, salt: newSalt() }));
    expect(new Set([data, ...others]).size).toBe(others.length + 1);
  });

  it("doesn't mix up texts of one field with those of another", () => {
    const swapped = { ...entry, actor: entry.reason, reason: entry.actor };
    expect(leafData(swapped, place)).not.toBe(leafData(entry, place));
  });

  it("stays what it is when texts and salt are erased", () => {
    const erased = erasureOf({ ...entry, salt });
    const rest = Object.fromEntries(
      Object.entries(entry).filter(([name]) => !(ERASABLE as readonly string[]).includes(name)),
    );
    expect(leafData({ ...rest, erased, erasedBy: "op" }, { sequence: 7, salt: "" })).toBe(leafData(entry, place));
    expect(erased.join()).not.toContain("because");
  });
});

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { differenceOf, itemsOf, sealContent, type FrozenItem } from "./content.js";

const item = (id: string, more: Partial<FrozenItem> = {}): FrozenItem => ({
  id,
  title: `Title of ${id}`,
  version: 1,
  properties: { status: "STATED" },
  edges: [],
  ...more,
});
const seal = (items: FrozenItem[], more: object = {}) =>
  sealContent({ action: "publishEpisode", subjectId: "Episode:1", arguments: {}, items, ...more });
const edge = { type: "SUPPORTED_BY", to: "Fact:1", basis: "PERSON" };

describe("a sealed content", () => {
  it("is canonical JSON under its own SHA-256, in whatever order its items came", () => {
    const { text, hash } = seal([item("Claim:2"), item("Claim:1")]);
    expect(seal([item("Claim:1"), item("Claim:2")])).toEqual({ text, hash });
    expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
    expect(itemsOf(text).map(({ id }) => id)).toEqual(["Claim:1", "Claim:2"]);
    expect(text.startsWith('{"action":"publishEpisode","arguments":{},"items":[{"edges":[],"id":"Claim:1"')).toBe(true);
  });

  it("is another one with anything that differs", () => {
    const hashes = [
      seal([item("Claim:1")]),
      seal([]),
      seal([item("Claim:1"), item("Claim:2")]),
      seal([item("Claim:1", { title: "Another" })]),
      seal([item("Claim:1", { version: 2 })]),
      seal([item("Claim:1", { properties: { status: "WRONG" } })]),
      seal([item("Claim:1", { edges: [edge] })]),
      seal([item("Claim:1", { edges: [{ ...edge, basis: "FILE" }] })]),
      seal([item("Claim:1")], { action: "retractEpisode" }),
      seal([item("Claim:1")], { subjectId: "Episode:2" }),
      seal([item("Claim:1")], { arguments: { publishedAt: 1 } }),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe("a difference", () => {
  it("is what came, what went, and what isn't as it was, line by line", () => {
    const before = [item("Claim:1"), item("Claim:2"), item("Claim:3")];
    const after = [
      item("Claim:1"),
      item("Claim:2", { version: 2, properties: { status: "WRONG" }, edges: [edge] }),
      item("Claim:4"),
    ];
    expect(differenceOf(before, after)).toEqual({
      added: [{ id: "Claim:4", title: "Title of Claim:4" }],
      removed: [{ id: "Claim:3", title: "Title of Claim:3" }],
      changed: [
        {
          id: "Claim:2",
          title: "Title of Claim:2",
          before: "version: 1\nstatus: STATED\nSUPPORTED_BY: ",
          after: "version: 2\nstatus: WRONG\nSUPPORTED_BY: Fact:1 (PERSON)",
        },
      ],
    });
  });

  it("is empty between equals", () => {
    expect(differenceOf([item("Claim:1", { edges: [edge] })], [item("Claim:1", { edges: [edge] })])).toEqual({
      added: [],
      removed: [],
      changed: [],
    });
  });
});

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { GovernedClaim, GovernedSource } from "./governance.query.js";
import { dueOf, groupsUnder, isAnsweredFor, snapshotsToCompare, statedOf } from "./stated.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
type Support = GovernedClaim["supports"][number];
const support = (
  source: string,
  more: { exact?: string; basis?: Support[2]; by?: string; text?: string } = {},
): Support => [
  `f-${source}`,
  more.exact ?? "Basel has 7 bridges.",
  more.basis ?? "PERSON",
  more.by ?? "ui/1",
  `n-${source}`,
  sha256(more.text ?? source),
  source,
];
const claim = (supports: Support[], more: Partial<GovernedClaim> = {}): GovernedClaim => ({
  ...{ id: "c1", title: "Basel has 7 bridges.", kind: "OTHER", status: "STATED", recheckBy: null },
  ...{ supports, under: supports.map((one) => one[6]), opposed: [], conflicts: [] },
  ...more,
});
const sources = (...ids: string[]): Map<string, GovernedSource> =>
  new Map(
    ids.map((id) => [id, { id, title: `Page ${id}`, tier: 3, status: "ACTIVE", independenceGroup: `${id}.example` }]),
  );
const stated = (one: GovernedClaim, from = sources("a", "b")) => statedOf(one, from, new Map(), 1_000);

describe("what an episode states", () => {
  it("is answered for by a person who linked it, by no file, carried quote or run", () => {
    expect(isAnsweredFor("PERSON", "ui/1")).toBe(true);
    expect(isAnsweredFor("PERSON", "run/01J/scenes/1/link")).toBe(false);
    expect(isAnsweredFor("FILE", "import/1")).toBe(false);
    expect(isAnsweredFor("QUOTE", "import/1")).toBe(false);
  });

  it("is held against its quotes where nobody answers for one", () => {
    const other = { exact: "Basel has 9 bridges.", basis: "FILE" as const };
    expect(stated(claim([support("a", other)])).supports[0]!.mismatch).toEqual(
      expect.arrayContaining(["NUMBER_DIFFERS"]),
    );
    expect(stated(claim([support("a", { basis: "FILE" })])).supports[0]!.mismatch).toEqual([]);
    const both = stated(claim([support("a", other), support("b")]));
    expect(both.supports.map(({ mismatch }) => mismatch)).toEqual([expect.arrayContaining(["NUMBER_DIFFERS"]), null]);
  });

  it("compares texts only where they decide: on Tier 3 alone, and enough groups by name", () => {
    const three = claim([support("a"), support("b"), support("c")]);
    const from = sources("a", "b", "c");
    expect(snapshotsToCompare(three, from, { furtherGroups: 2 })).toEqual(["n-a", "n-b", "n-c"]);
    expect(snapshotsToCompare(three, from, { furtherGroups: 3 })).toEqual([]);
    expect(snapshotsToCompare(claim([support("a")]), from, { furtherGroups: 0 })).toEqual([]);
    from.set("b", { ...from.get("b")!, tier: 2 });
    expect(snapshotsToCompare(three, from, { furtherGroups: 2 })).toEqual([]);
  });

  it("counts sources of one text as one group", () => {
    const wire = Array.from({ length: 60 }, (_, i) => `word${i}`).join(" ");
    const own = "Somebody else wrote another text of Basel, and has counted its seven bridges by foot.";
    const texts = new Map([
      ["n-a", wire],
      ["n-b", `${wire} and a line of its own`],
      ["n-c", own],
    ]);
    const one = claim([...texts].map(([snapshot, text]) => support(snapshot.slice(2), { text })));
    const from = sources("a", "b", "c");
    expect([...new Set(groupsUnder(one, from, texts, 0.9).values())]).toEqual(["a.example", "c.example"]);
    expect(new Set(groupsUnder(one, from, new Map(), 0.9).values()).size).toBe(3);
  });

  it("is due once its day has come, or where somebody said so", () => {
    const day = Date.UTC(2026, 7, 1);
    expect(dueOf({ status: "STATED", recheckBy: day }, day - 1)).toBeNull();
    expect(dueOf({ status: "STATED", recheckBy: day }, day)).toBe("is past its shelf life since 2026-08-01");
    expect(dueOf({ status: "NEEDS_RECHECK", recheckBy: null }, day)).toBe("needs a recheck");
    expect(dueOf({ status: "STATED", recheckBy: null }, day)).toBeNull();
  });

  it("names what speaks against it, and long words only as far as they fit", () => {
    const { name, against } = stated(
      claim([support("a")], {
        title: "x".repeat(300),
        conflicts: [["c2", "Basel has 9 bridges."]],
        opposed: [["f9", "There are nine."]],
      }),
    );
    expect(name.length).toBeLessThan(220);
    expect(against.map(({ ids }) => ids)).toEqual([
      ["Claim:c1", "Claim:c2"],
      ["Claim:c1", "Fact:f9"],
    ]);
    expect(against[0]!.said).toContain("“Basel has 9 bridges.”");
  });
});

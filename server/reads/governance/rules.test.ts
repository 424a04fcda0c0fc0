import { describe, expect, it } from "vitest";
import { RISK_FLAGS } from "../../../graph-schema/documents/research.js";
import { findingsOf, GOVERNANCE_RULES, tellFinding, type Ground, type Stated, type Support } from "./rules.js";

const grounds = (...given: (Partial<Ground> & { id: string })[]): Map<string, Ground> =>
  new Map(given.map((one) => [one.id, { name: `“${one.id}”`, tier: 2, status: "ACTIVE", ...one }]));
const support = (sourceId: string, more: Partial<Support> = {}): Support => ({
  sourceId,
  group: `${sourceId}.example`,
  mismatch: null,
  ...more,
});
const stated = (supports: readonly Support[], more: Partial<Stated> = {}): Stated => ({
  ids: ["c1"],
  name: "the claim “Basel has 7 bridges.”",
  supports,
  under: supports.map(({ sourceId }) => sourceId),
  due: null,
  against: [],
  ...more,
});
const find = (one: Stated | readonly Stated[], from: ReadonlyMap<string, Ground>, furtherGroups = 2) =>
  findingsOf([one].flat() as Stated[], from, { furtherGroups });
const codes = (...given: Parameters<typeof find>) => find(...given).map(({ code, ids }) => `${code} ${ids.join(" ")}`);

describe("the rules of governance", () => {
  it("are those that a research may warn of, each with what it checks and what mends it", () => {
    expect(Object.keys(GOVERNANCE_RULES)).toEqual([...RISK_FLAGS]);
    for (const { checks, remedy } of Object.values(GOVERNANCE_RULES)) {
      expect(checks).toMatch(/\.$/);
      expect(remedy).toMatch(/[a-z2]$/);
    }
  });

  it("find nothing against a claim on an active source of tier 1 or 2", () => {
    for (const tier of [1, 2]) expect(find(stated([support("a")]), grounds({ id: "a", tier }))).toEqual([]);
  });

  it("name each fallen source once, with all that stands on it", () => {
    const from = grounds({ id: "a", status: "RETRACTED" }, { id: "b", status: "DEAD" }, { id: "c", status: "STALE" });
    const two = [
      stated([support("a"), support("b")]),
      stated([support("a"), support("c")], { ids: ["c2"], name: "the claim “Another.”" }),
    ];
    expect(find(two, from).map(({ code, ids, on }) => [code, ids, on])).toEqual([
      ["SOURCE_STALE", ["c"], ["c2"]],
      ["SOURCE_RETRACTED", ["a"], ["c1", "c2"]],
      ["SOURCE_DEAD", ["b"], ["c1"]],
    ]);
    expect(tellFinding(find(two, from)[2]!)).toBe(
      "The source “b” is DEAD: find where it moved to, or quote another source.",
    );
  });

  it("see a fallen source under a fact that was computed from another, and none that nothing stands on", () => {
    const from = grounds({ id: "a" }, { id: "deep", status: "RETRACTED" }, { id: "beside", status: "DEAD" });
    expect(codes(stated([support("a")], { under: ["a", "deep"] }), from)).toEqual(["SOURCE_RETRACTED deep"]);
  });

  it("want two further groups for what stands on Tier 3 alone, or one source of a better tier", () => {
    const from = grounds(...["a", "b", "c"].map((id) => ({ id, tier: 3 })), { id: "good", tier: 2 });
    const on = (...ids: string[]) => codes(stated(ids.map((id) => support(id))), from);
    expect(on("a")).toEqual(["TIER3_UNCORROBORATED c1"]);
    expect(on("a", "b")).toEqual(["TIER3_UNCORROBORATED c1"]);
    expect(on("a", "b", "c")).toEqual([]);
    expect(on("a", "good")).toEqual([]);
  });

  it("count one group once, however many sources it has, and a retracted source not at all", () => {
    const from = grounds(
      ...["a", "b", "c"].map((id) => ({ id, tier: 3 })),
      { id: "gone", tier: 3, status: "RETRACTED" as const },
      { id: "fallen", tier: 1, status: "RETRACTED" as const },
    );
    const wire = ["a", "b", "c"].map((id) => support(id, { group: "wire.example" }));
    const [one] = find(stated(wire), from);
    expect(tellFinding(one!)).toBe(
      "The claim “Basel has 7 bridges.” stands on Tier 3 alone, in 1 independent group: find it in 2 further, or once in a source of tier 1 or 2, or rate the source.",
    );
    const withGone = stated([support("a"), support("b"), support("gone"), support("fallen")]);
    expect(codes(withGone, from)).toContain("TIER3_UNCORROBORATED c1");
  });

  it("want as many further groups as the studio has set", () => {
    const from = grounds({ id: "a", tier: 3 }, { id: "b", tier: 3 });
    expect(codes(stated([support("a"), support("b")]), from, 1)).toEqual([]);
    expect(codes(stated([support("a")]), from, 1)).toEqual(["TIER3_UNCORROBORATED c1"]);
    expect(codes(stated([support("a")]), from, 0)).toEqual([]);
  });

  it("tell of a claim that nothing quoted supports, and then of no other want of its support", () => {
    expect(codes(stated([]), grounds())).toEqual(["CLAIM_UNQUOTED c1"]);
  });

  it("tell of a claim that is due", () => {
    const [one] = find(
      stated([support("a")], { due: "is past its shelf life since 2026-08-01" }),
      grounds({ id: "a" }),
    );
    expect(one).toMatchObject({ code: "SOURCE_STALE", ids: ["c1"] });
    expect(tellFinding(one!)).toMatch(/^The claim .* is past its shelf life since 2026-08-01: check it, /);
  });

  it("tell of each contradiction that nobody decided", () => {
    const against = [
      { ids: ["c1", "c9"], said: "They conflict" },
      { ids: ["c1", "f9"], said: "A fact speaks against it" },
    ];
    expect(codes(stated([support("a")], { against }), grounds({ id: "a" }))).toEqual([
      "CLAIM_CONTRADICTED_UNDECIDED c1 c9",
      "CLAIM_CONTRADICTED_UNDECIDED c1 f9",
    ]);
  });

  it("tell of words that no quote bears, unless one does or a person answers for one", () => {
    const from = grounds({ id: "a" }, { id: "b" });
    const on = (...mismatches: (string[] | null)[]) =>
      codes(stated(mismatches.map((mismatch, i) => support(i === 0 ? "a" : "b", { mismatch }))), from);
    expect(on(["NUMBER_DIFFERS"])).toEqual(["TRACE_MISMATCH c1"]);
    expect(on(["NUMBER_DIFFERS"], ["NEGATION"])).toEqual(["TRACE_MISMATCH c1"]);
    expect(on(["NUMBER_DIFFERS"], [])).toEqual([]);
    expect(on(["NUMBER_DIFFERS"], null)).toEqual([]);
    const [one] = find(stated([support("a", { mismatch: ["NEGATION", "NUMBER_DIFFERS"] })]), from);
    expect(one!.said).toBe("No quote bears the claim “Basel has 7 bridges.” (NEGATION, NUMBER_DIFFERS)");
  });
});

import { describe, expect, it } from "vitest";
import { FOREVER } from "../../../graph-schema/time.js";
import {
  bitOf,
  detailOf,
  independentGroups,
  kindsOf,
  maskOf,
  RISK_KINDS,
  sinceWhen,
  soundGroups,
  standingAt,
  type Chain,
  type Past,
  type RiskKind,
} from "./risk.js";

const NOW = 1_000;
const open = (from: number, by = `op-${from}`) => [from, FOREVER, by, null] as const;
const closed = (from: number, to: number) => [from, to, `op-${from}`, `op-${to}`] as const;
const support = (fact: string, source: string | null, ...links: Chain[4]): Chain => [
  "SUPPORTED_BY",
  fact,
  source,
  0,
  links,
];
const source = (group: string, ...versions: [number, string][]) =>
  versions.map(([at, status]) => [at, `op-${at}`, status, group] as const);

/** Stated at 10, supported by two independent sources. */
const SOUND: Past = {
  versions: [[10, "op-10", "STATED", null]],
  chains: [support("f1", "s1", open(20), open(5)), support("f2", "s2", open(30), open(5))],
  conflicts: [],
  sources: new Map([
    ["s1", source("a.example", [1, "ACTIVE"])],
    ["s2", source("b.example", [1, "ACTIVE"])],
  ]),
};
const kindsAt = (past: Past, at = NOW): RiskKind[] => kindsOf(maskOf(standingAt(past, at), at));
const since = (past: Past, kind: RiskKind, at = NOW) => sinceWhen(past, kindsAt(past, at), at).get(kind);
const withSource = (id: string, versions: ReturnType<typeof source>): Past => ({
  ...SOUND,
  sources: new Map([...SOUND.sources, [id, versions]]),
});

describe("the kinds of risk", () => {
  it("compare as one number: a graver kind outweighs all the others together", () => {
    for (const [i, kind] of RISK_KINDS.entries()) {
      const lighter = RISK_KINDS.slice(i + 1).reduce((sum, other) => sum + bitOf(other), 0);
      expect(bitOf(kind)).toBeGreaterThan(lighter);
    }
    expect(kindsOf(bitOf("STALE") + bitOf("UNQUOTED"))).toEqual(["STALE", "UNQUOTED"]);
  });

  it("aren't found in a claim that two independent groups support", () => {
    expect(kindsAt(SOUND)).toEqual([]);
    expect(independentGroups(standingAt(SOUND, NOW))).toEqual(["a.example", "b.example"]);
  });

  it("count a group once however many sources it has, and a retracted source not at all", () => {
    const one = withSource("s2", source("a.example", [1, "ACTIVE"]));
    expect(kindsAt(one)).toEqual(["SINGLE_SOURCE"]);
    expect(detailOf("SINGLE_SOURCE", standingAt(one, NOW), NOW)).toBe(
      "2 sources of one independence group support it: a.example.",
    );
    const gone = withSource("s2", source("b.example", [1, "ACTIVE"], [50, "RETRACTED"]));
    expect(kindsAt(gone)).toEqual(["RETRACTED", "SINGLE_SOURCE"]);
    expect(kindsAt(gone, 49)).toEqual([]);
    expect(detailOf("RETRACTED", standingAt(gone, NOW), NOW)).toBe("1 of 2 sources under it is retracted.");
  });

  it("keep what is stale apart from what is sound", () => {
    const stale = withSource("s2", source("b.example", [1, "ACTIVE"], [50, "DEAD"]));
    expect(kindsAt(stale)).toEqual(["STALE"]);
    expect(independentGroups(standingAt(stale, NOW))).toHaveLength(2);
    expect(soundGroups(standingAt(stale, NOW))).toEqual(["a.example"]);
  });

  it("see the source under a fact that a supporting fact was computed from, but count no group of it", () => {
    const far: Chain = ["SUPPORTED_BY", "f1", "s3", 1, [open(20), open(6), open(5), open(5)]];
    const past: Past = { ...withSource("s3", source("c.example", [1, "RETRACTED"])), chains: [...SOUND.chains, far] };
    expect(kindsAt(past)).toEqual(["RETRACTED"]);
    expect(independentGroups(standingAt(past, NOW))).toEqual(["a.example", "b.example"]);
  });

  it("are told when nothing supports it, and when what does is quoted from nowhere", () => {
    const nothing: Past = { ...SOUND, chains: [] };
    expect(kindsAt(nothing)).toEqual(["SINGLE_SOURCE", "UNQUOTED"]);
    expect(detailOf("UNQUOTED", standingAt(nothing, NOW), NOW)).toBe("No fact supports it.");
    const unquoted: Past = { ...SOUND, chains: [support("f1", null, open(20))] };
    expect(kindsAt(unquoted)).toEqual(["SINGLE_SOURCE", "UNQUOTED"]);
    expect(detailOf("UNQUOTED", standingAt(unquoted, NOW), NOW)).toBe(
      "None of the 1 fact for it is quoted from a source.",
    );
  });

  it("take a conflict as settled while a decision holds to the claim", () => {
    const disputed: Past = { ...SOUND, conflicts: [["other", open(40), []]] };
    expect(kindsAt(disputed)).toEqual(["CONTRADICTED"]);
    const picked: Past = { ...SOUND, conflicts: [["other", open(40), [closed(60, 80)]]] };
    expect(kindsAt(picked, 59)).toEqual(["CONTRADICTED"]);
    expect(kindsAt(picked, 60)).toEqual([]);
    expect(kindsAt(picked, 80)).toEqual(["CONTRADICTED"]);
    expect(since(picked, "CONTRADICTED")).toEqual({ at: 80, operationId: "op-80" });
  });
});

describe("since when", () => {
  it("is when the second independent source fell away, not when the claim was stated", () => {
    const unlinked: Past = {
      ...SOUND,
      chains: [SOUND.chains[0]!, support("f2", "s2", closed(30, 70), open(5))],
    };
    expect(kindsAt(unlinked, 69)).toEqual([]);
    expect(since(unlinked, "SINGLE_SOURCE")).toEqual({ at: 70, operationId: "op-70" });
    expect(since(unlinked, "SINGLE_SOURCE", 25)).toEqual({ at: 10, operationId: "op-10" });
  });

  it("begins anew after a break", () => {
    const twice = withSource("s1", source("a.example", [1, "STALE"], [40, "ACTIVE"], [90, "STALE"]));
    expect(since(twice, "STALE")).toEqual({ at: 90, operationId: "op-90" });
    expect(since(twice, "STALE", 39)).toEqual({ at: 20, operationId: "op-20" });
    expect(kindsAt(twice, 60)).toEqual([]);
  });

  it("is the day of the check where time alone made it so", () => {
    const due: Past = { ...SOUND, versions: [[10, "op-10", "STATED", 500]] };
    expect(kindsAt(due, 499)).toEqual([]);
    expect(since(due, "STALE")).toEqual({ at: 500, operationId: null });
    expect(detailOf("STALE", standingAt(due, NOW), NOW)).toBe("The day by which it was to be checked has passed.");
  });

  it("names whoever set a day that had passed already", () => {
    const late: Past = { ...SOUND, versions: [[10, "op-10", "STATED", 5]] };
    expect(since(late, "STALE")).toEqual({ at: 10, operationId: "op-10" });
  });

  it("is when a retracted source was linked, where it was retracted before", () => {
    const past = withSource("s1", source("a.example", [1, "RETRACTED"]));
    expect(since(past, "RETRACTED")).toEqual({ at: 20, operationId: "op-20" });
  });
});

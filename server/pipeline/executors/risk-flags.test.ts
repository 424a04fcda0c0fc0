import { describe, expect, it } from "vitest";
import { sha256 } from "../../../test/kit/episode.js";
import { riskFlags, type FlaggedSource } from "./risk-flags.js";

const source = (ref: string, more: Partial<FlaggedSource> = {}): FlaggedSource => {
  const text = more.text ?? `A text of ${ref} about something that nobody else has written of, in so many words.`;
  return { ref, tier: 2, status: "ACTIVE", independenceGroup: `${ref}.example`, text, sha256: sha256(text), ...more };
};
const fact = (ref: string, sourceRef: string, statement = "Basel has 7 bridges.") => ({
  ref,
  sourceRef,
  statement,
  exact: statement,
});
const codes = (facts: Parameters<typeof riskFlags>[0], sources: FlaggedSource[]) =>
  riskFlags(facts, sources).map(({ code, refs }) => `${code} ${refs.join(" ")}`);

describe("risk flags", () => {
  it("don't stand against a fact of a source of tier 1 or 2", () => {
    expect(codes([fact("f1", "s1")], [source("s1")])).toEqual([]);
  });

  it("tell of sources that fell, where something is quoted from them", () => {
    const fallen = ["STALE", "DEAD", "RETRACTED"].map((status, i) => source(`s${i}`, { status: status as "STALE" }));
    expect(codes([fact("f1", "s0"), fact("f2", "s1")], fallen)).toEqual(["SOURCE_STALE s0", "SOURCE_DEAD s1"]);
  });

  it("tell of what stands on Tier 3 alone, until two further groups say it, or one source of a better tier", () => {
    const tier3 = (...refs: string[]) => refs.map((ref) => source(ref, { tier: 3 }));
    const said = (...refs: string[]) => refs.map((ref, i) => fact(`f${i}`, ref));
    expect(codes(said("a"), tier3("a"))).toEqual(["TIER3_UNCORROBORATED f0"]);
    expect(codes(said("a", "b"), tier3("a", "b"))).toEqual(["TIER3_UNCORROBORATED f0 f1"]);
    expect(codes(said("a", "b", "c"), tier3("a", "b", "c"))).toEqual([]);
    expect(codes(said("a", "b"), [...tier3("a"), source("b")])).toEqual([]);
  });

  it("count owners and copies once", () => {
    const wire = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
    const sources = [
      source("a", { tier: 3 }),
      source("b", { tier: 3, text: wire }),
      source("c", { tier: 3, text: `${wire} and more` }),
    ];
    const facts = [fact("f0", "a"), fact("f1", "b"), fact("f2", "c")];
    expect(codes(facts, sources)).toEqual(["TIER3_UNCORROBORATED f0 f1 f2"]);
    const owned = ["a", "b", "c"].map((ref) => source(ref, { tier: 3, independenceGroup: "one.example" }));
    expect(riskFlags(facts, owned)[0]!.message).toContain("in 1 independent group: find it in 2 further");
  });

  it("tell of two sources that say otherwise of the same, and not of one that says more", () => {
    const of = (one: string, other: string) =>
      codes([fact("f1", "a", one), fact("f2", "b", other)], [source("a"), source("b")]);
    const said = "The bridge of Basel was opened in 1932.";
    expect(of(said, "The bridge of Basel was opened in 1935.")).toEqual(["CLAIM_CONTRADICTED_UNDECIDED f1 f2"]);
    expect(of(said, "Anna Berg counts 7 bridges across the Rhine.")).toEqual([]);
    expect(of(said, said)).toEqual([]);
  });
});

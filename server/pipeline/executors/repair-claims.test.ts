import { describe, expect, it } from "vitest";
import { episode as episodeDocument, type EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import { BRIDGE, cited, episodeOf, PLAN, research, RIVER, source } from "../../../test/kit/episode.js";
import { checkEpisode } from "./check-episode.js";
import { judge } from "./qa.js";
import { mendScenes } from "./scenes.js";
import { scriptOf } from "./script.js";
import { plainTemplate } from "./template.js";

const TWIN = `Boats go by. The Wettstein bridge cost 2,400,000 francs.`;
const SOURCES = [source("city", BRIDGE), source("river", RIVER), source("twin", TWIN)];
const RESEARCH = research(SOURCES);
const GOOD = episodeOf(RESEARCH).episode;
const BRIDGE_COST = "The Wettstein bridge cost 2,400,000 francs.";

type Scene = EpisodeDocument["scenes"][number];

/** The episode with its claim of these words changed, in the narration too. */
function changed(words: string, change: (claim: Scene["claims"][number]) => Scene["claims"][number]): EpisodeDocument {
  const scenes = GOOD.scenes.map((scene) => {
    const claims = scene.claims.map((claim) => (claim.text === words ? change(claim) : claim));
    const narration = scene.claims.reduce(
      (text, claim, i) => text.replace(claim.text, claims[i]!.text),
      scene.narration,
    );
    return { ...scene, claims, narration };
  });
  return { ...GOOD, scenes };
}

const qaOf = (episode: EpisodeDocument, given: Research = RESEARCH, sources = SOURCES) => {
  const parts = episode.scenes.map(({ ordinal, narration }) => ({ scene: ordinal, text: narration }));
  return judge(
    { episode, research: given, script: scriptOf(episode.title, parts, undefined) },
    cited(sources),
    plainTemplate(),
  );
};

function mended(before: EpisodeDocument, repair = qaOf(before)): EpisodeDocument {
  expect(repair.verdict).toBe("REPAIR");
  const after = mendScenes({ plan: PLAN, research: RESEARCH, repair, before }, plainTemplate(), 2);
  expect(after).not.toBeNull();
  expect(episodeDocument.parse(after)).toEqual(after);
  expect(checkEpisode(after!, RESEARCH)).toEqual([]);
  expect(qaOf(after!).verdict).toBe("PASS");
  return after!;
}

const claims = ({ scenes }: EpisodeDocument) => scenes.flatMap((scene) => scene.claims);
const how = ({ repairs = [] }: EpisodeDocument) =>
  repairs.map((one) => [one.how, one.tries.map((each) => `${each.how} ${each.worked}`)]);

describe("a claim that a check found wrong", () => {
  it("stands on a better quote where another source says it", () => {
    const refs = RESEARCH.key_facts.filter(({ statement }) => statement === BRIDGE_COST).map(({ ref }) => ref);
    expect(refs).toHaveLength(2);
    const wrong = RESEARCH.key_facts.find(({ statement }) => statement.startsWith("Basel counts"))!;
    const before = changed(BRIDGE_COST, (claim) => ({
      ...claim,
      evidence: [wrong.ref],
      ...{ source_refs: [wrong.source_ref], evidence_sources: [wrong.source_ref] },
    }));
    const after = mended(before);
    expect(how(after)).toEqual([["BETTER_QUOTE", ["BETTER_QUOTE true"]]]);
    expect(claims(after).find(({ text }) => text === BRIDGE_COST)!.evidence).toEqual(refs);
    expect(after.repairs![0]).toMatchObject({
      round: 2,
      codes: ["TRACE_MISMATCH"],
      before: BRIDGE_COST,
      after: BRIDGE_COST,
    });
  });

  it("is narrowed to what its quote says where no other bears it", () => {
    const before = changed("Basel has 7 bridges across the Rhine.", (claim) => ({
      ...claim,
      text: "Basel has 9 bridges across the Rhine.",
    }));
    const after = mended(before);
    expect(how(after)).toEqual([["NARROWED", ["BETTER_QUOTE false", "NARROWED true"]]]);
    expect(claims(after).map(({ text }) => text)).toContain("Basel has 7 bridges across the Rhine.");
    expect(JSON.stringify(after.scenes)).not.toContain("9 bridges");
  });

  it("is dropped where neither can be, and what its scene says of it too", () => {
    const texts = claims(GOOD).map(({ text }) => text);
    const taken = texts.find((text) => text.startsWith("Basel has 7"))!;
    // Its own quote is said by another claim already, and nothing has these words.
    const before = changed(taken, (claim) => ({
      ...claim,
      text: "Zurich burned down in 1847.",
      evidence: [...claims(GOOD)[0]!.evidence],
      source_refs: [...claims(GOOD)[0]!.source_refs],
      evidence_sources: [...claims(GOOD)[0]!.evidence_sources],
    }));
    const after = mended(before);
    expect(how(after)).toEqual([["DROPPED", ["BETTER_QUOTE false", "NARROWED false", "DROPPED true"]]]);
    expect(JSON.stringify(after.scenes)).not.toContain("Zurich");
    expect(claims(after)).toHaveLength(texts.length - 1);
    expect(after.scenes.map(({ ordinal }) => ordinal)).toEqual(after.scenes.map((_, i) => i + 1));
  });

  it("names the sources of its evidence, and is said, where only that was wrong", () => {
    const named = changed(BRIDGE_COST, (claim) => ({ ...claim, source_refs: ["s2"], evidence_sources: ["s2"] }));
    expect(how(mended(named))).toEqual([["SOURCES_NAMED", ["SOURCES_NAMED true"]]]);
    const unsaid = structuredClone(GOOD);
    unsaid.scenes[0]!.narration = "Nothing of it.";
    const after = mended(unsaid);
    expect(how(after)).toEqual([["SAID", ["SAID true"]]]);
    expect(after.scenes[0]!.narration).toBe(GOOD.scenes[0]!.claims.map(({ text }) => text).join(" "));
  });

  it("keeps the repairs of earlier rounds", () => {
    const nine = changed("Basel has 7 bridges across the Rhine.", (claim) => ({
      ...claim,
      text: "Basel has 9 bridges across the Rhine.",
    }));
    const first = mended(nine);
    const again = { ...first, scenes: structuredClone(first.scenes) };
    again.scenes[0]!.narration = "Nothing of it.";
    expect(how(mended(again)).map(([one]) => one)).toEqual(["NARROWED", "SAID"]);
  });

  it("leaves a finding that names no scene to whoever makes them anew", () => {
    const repair = {
      verdict: "REPAIR" as const,
      findings: [{ code: "NOTHING_CLAIMED", at: "episode", message: "m", remedy: "r" }],
    };
    expect(mendScenes({ plan: PLAN, research: RESEARCH, repair, before: GOOD }, plainTemplate(), 2)).toBeNull();
  });
});

import { expect, it } from "vitest";
import { NO_RULES } from "../../domains/spec/qa-rules.js";
import { brokenRules, judgedByChannel } from "./channel-rules.js";

const claim = (text: string, source = "s1") => ({
  text,
  kind: "OTHER" as const,
  evidence: ["f1", "f2"],
  source_refs: [source],
  evidence_sources: [source],
});
const scene = (ordinal: number, duration_s: number, ...claims: ReturnType<typeof claim>[]) => ({
  ...{ ordinal, title: `Scene ${ordinal}`, pacing: "STEADY" as const, duration_s, claims },
  narration: ["As told.", ...claims.map(({ text }) => text)].join(" "),
});
const made = (...scenes: ReturnType<typeof scene>[]) => ({
  episode: { title: "T", channel_id: "Channel:X", topic_id: "Topic:X", scenes } as never,
  script: {
    title: "T",
    parts: scenes.map(({ ordinal, narration }) => ({ scene: ordinal, text: narration })),
    words: 40,
  },
});
const codes = (broken: ReturnType<typeof brokenRules>) => broken.map(({ code, at }) => `${code} ${at}`);

it("without rules nothing is broken", () => {
  expect(brokenRules(made(scene(1, 900, claim("War and peace."))), NO_RULES)).toEqual([]);
});

it("a phrase is found as whole words, whatever its case, and named where a repair leaves it out", () => {
  const one = made(scene(1, 10, claim("A WAR  crime, they say."), claim("It was warm.")));
  expect(codes(brokenRules(one, { ...NO_RULES, banned: ["war crime"] }))).toEqual([
    "CHANNEL_BANNED_WORDS scene 1, claim 1: f1 f2",
  ]);
  expect(brokenRules(one, { ...NO_RULES, banned: ["wa", "crim", "a.w"] })).toEqual([]);
});

it("a phrase of the template isn't mended by leaving claims out", () => {
  const broken = brokenRules(made(scene(1, 10, claim("It was so."))), { ...NO_RULES, banned: ["as told"] });
  expect(codes(broken)).toEqual(["CHANNEL_WORDS_OF_TEMPLATE scene 1"]);
  expect(judgedByChannel({ verdict: "PASS", findings: [] }, broken).verdict).toBe("BLOCK");
});

it("what is too long names the claim that goes first, and what is too little blocks", () => {
  const one = made(scene(1, 91, claim("A."), claim("B.")), scene(2, 90, claim("C.", "s2")));
  const rules = { ...NO_RULES, mostSceneSeconds: 90, mostWords: 39, leastScenes: 3, leastSources: 3 };
  expect(codes(brokenRules(one, rules))).toEqual([
    "CHANNEL_SCENE_TOO_LONG scene 1, claim 2: f1 f2",
    "CHANNEL_SCENES_TOO_FEW episode",
    "CHANNEL_SOURCES_TOO_FEW episode",
    "CHANNEL_SCRIPT_TOO_LONG scene 2, claim 1: f1 f2",
  ]);
  expect(brokenRules(one, { ...rules, mostSceneSeconds: 91, mostWords: 40, leastScenes: 2, leastSources: 2 })).toEqual(
    [],
  );
});

it("never makes a verdict milder", () => {
  const repair = brokenRules(made(scene(1, 91, claim("A."))), { ...NO_RULES, mostSceneSeconds: 90 });
  const judged = (verdict: "PASS" | "REPAIR" | "BLOCK") => judgedByChannel({ verdict, findings: [] }, repair).verdict;
  expect([judged("PASS"), judged("REPAIR"), judged("BLOCK")]).toEqual(["REPAIR", "REPAIR", "BLOCK"]);
});

import { describe, expect, it } from "vitest";
import { episode as episodeDocument } from "../../../graph-schema/documents/episode.js";
import { research as researchDocument, type Research } from "../../../graph-schema/documents/research.js";
import { BRIDGE, cited, embedded, episodeOf, PLAN, research, RIVER, source } from "../../../test/kit/episode.js";
import { StageFailure } from "../executor.js";
import { DOCUMENTS_OF_STAGES } from "../tasks.js";
import { checkEpisode } from "./check-episode.js";
import { checkScript } from "./check-script.js";
import { judge } from "./qa.js";
import { makeScenes } from "./scenes.js";
import { plainTemplate, templateText } from "./template.js";

const SOURCES = [source("city", BRIDGE), source("river", RIVER)];
const RESEARCH = research(SOURCES);
const GOOD = episodeOf(RESEARCH);
const copy = <T>(value: T): T => structuredClone(value);
const codesOf = (findings: readonly { code: string }[]) => findings.map(({ code }) => code);
const judged = (given: ReturnType<typeof episodeOf>, sources = SOURCES) =>
  judge(given, cited(sources), plainTemplate());
const refusal = async (promise: Promise<unknown>): Promise<StageFailure> => {
  const error = await promise.catch((one: unknown) => one);
  if (!(error instanceof StageFailure)) throw new Error(`no refusal: ${String(error)}`);
  return error;
};

describe("scenes", () => {
  it("say nothing but quotes and what the template fills in", () => {
    expect(researchDocument.parse(RESEARCH)).toEqual(RESEARCH);
    expect(episodeDocument.parse(GOOD.episode)).toEqual(GOOD.episode);
    const quotes = RESEARCH.key_facts.map(({ quote }) => quote.exact);
    const leads = [
      "The bridge of Basel, as told by city house and river house.",
      "From city house, “The city”.",
      "From river house, “The river”.",
      "So much of The bridge of Basel, from city house and river house.",
    ];
    for (const { narration, claims } of GOOD.episode.scenes) {
      let rest = narration;
      for (const said of [...claims.map(({ text }) => text), ...leads]) rest = rest.replace(said, "");
      expect(rest.trim()).toBe("");
      for (const { text } of claims) expect(quotes).toContain(text);
    }
  });

  it("are paced by the template, and as long as their words take to say", () => {
    const [opening] = GOOD.episode.scenes;
    const closing = GOOD.episode.scenes.at(-1)!;
    expect([opening!.pacing, GOOD.episode.scenes[1]!.pacing, closing.pacing]).toEqual(["FAST", "STEADY", "SLOW"]);
    const words = closing.narration.split(/\s+/).length;
    expect(closing.duration_s).toBeCloseTo((words / 120) * 60, 1);
    expect(GOOD.script.metadata!.chapters[1]!.at_s).toBe(opening!.duration_s);
  });

  it("are as many as there is time for, and each source has its part", () => {
    const brief = makeScenes({ plan: { ...PLAN, duration_s: 10 }, research: RESEARCH, repair: null }, plainTemplate());
    expect(brief.scenes).toHaveLength(4);
    expect(new Set(brief.scenes.flatMap(({ claims }) => claims.flatMap((one) => one.source_refs)))).toEqual(
      new Set(["s1", "s2"]),
    );
    expect(GOOD.episode.scenes.flatMap(({ claims }) => claims)).toHaveLength(RESEARCH.key_facts.length);
  });

  it("leave out what a flag stands against, unless nothing else is left", () => {
    const flagged: Research = {
      ...RESEARCH,
      risk_flags: [{ code: "SOURCE_STALE", refs: ["s1"], message: "It is stale." }],
    };
    const refs = (given: Research) =>
      new Set(
        makeScenes({ plan: PLAN, research: given, repair: null }, plainTemplate()).scenes.flatMap(({ claims }) =>
          claims.flatMap((one) => one.source_refs),
        ),
      );
    expect(refs(flagged)).toEqual(new Set(["s2"]));
    const both = {
      ...flagged,
      risk_flags: [...flagged.risk_flags, { code: "SOURCE_DEAD" as const, refs: ["s2"], message: "It is dead." }],
    };
    expect(refs(both)).toEqual(new Set(["s1", "s2"]));
  });

  it("leave out what a repair names; when too little is left, the run is told why", async () => {
    const finding = (...refs: string[]) => ({
      code: "TRACE_MISMATCH",
      at: `scene 1, claim 1: ${refs.join(" ")}`,
      message: "m",
      remedy: "r",
    });
    const repair = { verdict: "REPAIR" as const, findings: [finding("f1", "f3")] };
    const used = episodeOf(RESEARCH, repair).episode.scenes.flatMap(({ claims }) =>
      claims.flatMap(({ evidence }) => evidence),
    );
    expect(used).toHaveLength(RESEARCH.key_facts.length - 2);
    expect(used).not.toContain("f1");
    const all = { verdict: "REPAIR" as const, findings: [finding(...RESEARCH.key_facts.map(({ ref }) => ref))] };
    const failed = await refusal(embedded("scenes").run({} as never, { plan: PLAN, research: RESEARCH, repair: all }));
    expect([failed.code, failed.message]).toEqual([
      "TOO_LITTLE_EVIDENCE",
      expect.stringContaining("0 facts that can be told, without the"),
    ]);
  });
});

describe("the check of scenes", () => {
  const change = (
    edit: (
      claim: (typeof GOOD.episode.scenes)[number]["claims"][number],
      scene: (typeof GOOD.episode.scenes)[number],
    ) => void,
  ) => {
    const episode = copy(GOOD.episode);
    edit(episode.scenes[0]!.claims[0]!, episode.scenes[0]!);
    return codesOf(checkEpisode(episode, RESEARCH));
  };

  it("finds nothing wrong with what is quoted", () => {
    expect(checkEpisode(GOOD.episode, RESEARCH)).toEqual([]);
  });

  it.each([
    ["another number", (text: string) => text.replace("1932", "1923"), "TRACE_MISMATCH"],
    ["another name", (text: string) => text.replace("Anna Berg", "Carl Graf"), "TRACE_MISMATCH"],
    ["a denial", (text: string) => text.replace("was opened", "was not opened"), "TRACE_MISMATCH"],
    ["something else", () => "Zurich is the largest city of Switzerland.", "TRACE_MISMATCH"],
    ["no words", () => "1932 …", "CLAIM_WITHOUT_WORDS"],
  ])("finds a claim with %s", (_, edit, code) => {
    expect(
      change((claim, scene) => {
        const before = claim.text;
        claim.text = edit("The bridge of Basel was opened on 4 May 1932 by Anna Berg.");
        claim.evidence = ["f1"];
        scene.narration = scene.narration.replace(before, claim.text);
      }),
    ).toEqual([code]);
  });

  it("finds a claim that isn't said, or names what isn't there, or another source", () => {
    expect(change((_, scene) => void (scene.narration = "Nothing of it."))).toEqual(["CLAIM_NOT_SAID"]);
    expect(change((claim) => void (claim.evidence = ["f99"]))).toEqual(["CLAIM_UNQUOTED"]);
    expect(change((claim) => void ([claim.source_refs, claim.evidence_sources] = [["s2"], ["s2"]]))).toEqual([
      "TRACE_MISMATCH",
    ]);
  });

  it("finds a claim that is said within a denial, and one that is a part of what was denied", () => {
    expect(change((claim, scene) => void (scene.narration = `It is false that ${claim.text}`))).toEqual([
      "CLAIM_NOT_SAID",
    ]);
    const denied = source("city", "Basel says it is not true that Anna Berg opened the bridge of Basel in 1932.");
    const given = research([denied, SOURCES[1]!]);
    const { episode } = episodeOf(given);
    const claim = episode.scenes.flatMap(({ claims }) => claims).find(({ evidence }) => evidence.includes("f1"))!;
    const scene = episode.scenes.find(({ claims }) => claims.includes(claim))!;
    scene.narration = scene.narration.replace(claim.text, "Anna Berg opened the bridge of Basel in 1932.");
    claim.text = "Anna Berg opened the bridge of Basel in 1932.";
    expect(codesOf(checkEpisode(episode, given))).toEqual(["TRACE_MISMATCH"]);
  });

  it("takes other words for the same", () => {
    expect(
      change((claim, scene) => {
        claim.evidence = ["f1"];
        claim.text = "Anna Berg opened the bridge of Basel in May 1932.";
        scene.narration = claim.text;
      }),
    ).toEqual([]);
  });

  it("finds an episode about something else, or without a claim", () => {
    const other = { ...GOOD.episode, topic_id: "Topic:01JQ0000000000000000000001" };
    const silent = { ...GOOD.episode, scenes: GOOD.episode.scenes.map((scene) => ({ ...scene, claims: [] })) };
    expect([codesOf(checkEpisode(other, RESEARCH)), codesOf(checkEpisode(silent, RESEARCH))]).toEqual([
      ["TOPIC_DIFFERS"],
      ["NOTHING_CLAIMED"],
    ]);
  });
});

describe("the script", () => {
  const run = (episode: unknown) => embedded("script").run({} as never, { episode, research: RESEARCH });

  it("is the scenes' words, with what a platform is told", async () => {
    const { output } = await run(GOOD.episode);
    expect(DOCUMENTS_OF_STAGES.script.parse(output)).toEqual(GOOD.script);
    expect(GOOD.script.metadata).toMatchObject({
      title: PLAN.title,
      sources: [
        "The city, city house: https://city.example/page",
        "The river, river house: https://river.example/page",
      ],
    });
    expect(GOOD.script.metadata!.tags).toContain("Basel");
  });

  it("isn't written of scenes that are none, or that say what their evidence doesn't", async () => {
    const broken = copy(GOOD.episode);
    broken.scenes[1]!.ordinal = 7;
    (broken.scenes[0] as { pacing: string }).pacing = "HASTY";
    const failed = await refusal(run(broken));
    expect([failed.code, failed.options.retryable ?? false]).toEqual(["SCENES_REFUSED", false]);
    expect(failed.message).toContain("scenes.0.pacing");
    const wrong = copy(GOOD.episode);
    wrong.scenes[0]!.claims[0]!.evidence = ["f99"];
    expect((await refusal(run(wrong))).message).toContain(
      "scene 1, claim 1: f99: The research has no f99. (CLAIM_UNQUOTED)",
    );
  });

  it.each([
    ["a part too few", (script: typeof GOOD.script) => void script.parts.pop(), "SCENES_DIFFER"],
    ["parts in another order", (script: typeof GOOD.script) => void script.parts.reverse(), "SCENES_DIFFER"],
    [
      "a claim left out",
      (script: typeof GOOD.script) => void (script.parts[0]!.text = "On the bridge of Basel."),
      "CLAIM_NOT_SAID",
    ],
    [
      "a number that nobody quoted",
      (script: typeof GOOD.script) => void (script.parts[0]!.text += " About 9,999 people came."),
      "SENTENCE_UNTRACED",
    ],
    [
      "a name that nobody quoted",
      (script: typeof GOOD.script) => void (script.parts[0]!.text += " They thanked Carl Graf for it."),
      "SENTENCE_UNTRACED",
    ],
    [
      "a claim within a denial",
      (script: typeof GOOD.script) =>
        void (script.parts[0]!.text = `It is false that ${GOOD.episode.scenes[0]!.claims[0]!.text}`),
      "CLAIM_NOT_SAID",
    ],
    ["a wrong count", (script: typeof GOOD.script) => void (script.words += 1), "WORDS_MISCOUNTED"],
  ])("with %s is found out", (_, edit, code) => {
    const script = copy(GOOD.script);
    edit(script);
    expect(codesOf(checkScript(script, GOOD.episode, RESEARCH, templateText(plainTemplate())))).toContain(code);
  });

  it("is written whatever the topic, the sources and their publishers are called", async () => {
    const names = [
      "p240.html",
      "",
      "Dr. No & Sons Inc.",
      "What now? – 3 of 9",
      "“Quoted” 2030!",
      `${"Ångström ".repeat(40)}end`,
    ];
    const sources = names.map((name, i) => {
      const text = `The harbour of ${"ABCDEF"[i]}ville was opened by Anna Berg. Its ferry carries ${(i + 1) * 1_111} people a year.`;
      return source(`host${i}99`, text, { title: name || "Untitled", publisher: name || null });
    });
    for (const title of [...names.filter(Boolean), "Harbours in 2077"]) {
      const given = research(sources);
      const { episode } = episodeOf({ ...given, topic: { ...given.topic, title } });
      expect(episode.scenes[0]!.narration).toContain("others");
      const { output } = await embedded("script").run({} as never, {
        episode,
        research: { ...given, topic: { ...given.topic, title } },
      });
      expect(DOCUMENTS_OF_STAGES.script.parse(output)).toBeTruthy();
    }
  });

  it("may lead from one claim to the next in its own words", () => {
    const script = copy(GOOD.script);
    script.parts[1]!.text += " And that is only the beginning.";
    script.words += 6;
    expect(checkScript(script, GOOD.episode, RESEARCH, templateText(plainTemplate()))).toEqual([]);
  });
});

describe("QA", () => {
  it("passes what it finds nothing against", () => {
    expect(judged(GOOD)).toEqual({ verdict: "PASS", findings: [] });
  });

  it("asks for a repair where a quote doesn't stand in the snapshot that the studio holds", () => {
    const forged = copy(RESEARCH);
    forged.key_facts[0]!.quote.exact = forged.key_facts[0]!.statement =
      "The bridge of Basel was opened on 5 May 1932 by Anna Berg.";
    const { verdict, findings } = judged(episodeOf(forged));
    expect([verdict, codesOf(findings)]).toEqual(["REPAIR", ["CLAIM_UNQUOTED"]]);
    expect(findings[0]!.at).toMatch(/: f1$/);
    // And the repair leaves it out.
    expect(judged(episodeOf(forged, { verdict, findings })).verdict).toBe("PASS");
  });

  it("asks for a repair where the text was never held", () => {
    const elsewhere = copy(RESEARCH);
    elsewhere.sources[0]!.snapshot_sha256 = "0".repeat(64);
    const held = cited(SOURCES);
    held.set("s1", { ...held.get("s1")!, text: null });
    expect(new Set(codesOf(judge(episodeOf(elsewhere), held, plainTemplate()).findings))).toEqual(
      new Set(["CLAIM_UNQUOTED"]),
    );
  });

  it("blocks what only people can mend, whatever the research says of its sources", () => {
    for (const [more, code] of [
      [{ tier: 3 }, "TIER3_UNCORROBORATED"],
      [{ status: "RETRACTED" }, "SOURCE_RETRACTED"],
      [{ status: "STALE" }, "SOURCE_STALE"],
    ] as const) {
      const { verdict, findings } = judged(GOOD, [source("city", BRIDGE, more), SOURCES[1]!]);
      expect([verdict, new Set(codesOf(findings))]).toEqual(["BLOCK", new Set([code])]);
      for (const { message, remedy } of findings)
        expect([message.length > 10, remedy.length > 10]).toEqual([true, true]);
    }
  });

  it("asks for a repair before it blocks", () => {
    const script = { ...copy(GOOD.script), words: 1 };
    expect(judged({ ...GOOD, script }, [source("city", BRIDGE, { tier: 3 }), SOURCES[1]!]).verdict).toBe("REPAIR");
  });

  it("tells where no claim has a word of the topic, and holds nothing up for it", () => {
    const given = episodeOf({ ...RESEARCH, topic: { ...RESEARCH.topic, title: "Locomotives" } });
    expect(judged(given)).toMatchObject({ verdict: "PASS", findings: [{ code: "TOPIC_NOT_NAMED" }] });
  });
});

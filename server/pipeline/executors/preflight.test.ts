import { describe, expect, it } from "vitest";
import { BRIDGE, cited, episodeOf, PLAN, research, RIVER, source } from "../../../test/kit/episode.js";
import type { CitedSource, EpisodeOfRun } from "./evidence.query.js";
import { lackOfDocuments, type Handed } from "./preflight.js";
import { DEFAULT_SETTINGS } from "../../reads/governance/settings.js";
import { plainTemplate } from "./template.js";
import { isDraftOf } from "./write-episode.js";

const SOURCES = [source("city", BRIDGE), source("river", RIVER)];
const SCORING = {
  ...{ score: 1, formula_version: "evidence-held/1", sample_size: 2 },
  candidates: [{ topic_id: PLAN.topic_id, score: 1 }],
};
const RESEARCH = { ...research(SOURCES), scoring: SCORING };
const { episode, script } = episodeOf(RESEARCH);
const READY: Handed = {
  ...{ episode, script, research: RESEARCH },
  qa: { verdict: "PASS", findings: [] },
  topicId: PLAN.topic_id,
  channelId: PLAN.channel_id,
  cited: cited(SOURCES),
  template: plainTemplate(),
  settings: DEFAULT_SETTINGS,
};
const codes = (more: Partial<Handed>) => [...new Set(lackOfDocuments({ ...READY, ...more }).map(({ code }) => code))];
const without = (name: "tier" | "status", value: unknown): Map<string, CitedSource> =>
  new Map([...READY.cited].map(([ref, one]) => [ref, { ...one, [name]: value } as CitedSource]));

describe("an episode is ready to be proposed", () => {
  it("when its documents are of the run, scored, and pass QA as the sources are now", () => {
    expect(lackOfDocuments(READY)).toEqual([]);
  });

  it("and not when it is of another topic or channel than the run", () => {
    expect(codes({ topicId: "Topic:01JQ0000000000000000000001" })).toEqual(["TOPIC_DIFFERS"]);
    expect(codes({ channelId: null })).toEqual(["TOPIC_DIFFERS"]);
  });

  it("and not without the scores that its topic was selected by", () => {
    const { scoring: _scoring, ...bare } = RESEARCH;
    expect(codes({ research: bare })).toEqual(["NO_SCORING_CONTEXT"]);
    const others = { ...SCORING, candidates: [{ topic_id: "Topic:01JQ0000000000000000000001", score: 1 }] };
    expect(codes({ research: { ...RESEARCH, scoring: others } })).toEqual(["NO_SCORING_CONTEXT"]);
  });

  it("and not when QA let it through and wouldn't any more, nor the other way round", () => {
    expect(codes({ cited: without("status", "RETRACTED") })).toEqual(["SOURCE_RETRACTED"]);
    expect(codes({ cited: without("tier", 3) })).toEqual(["TIER3_UNCORROBORATED"]);
    expect(codes({ cited: new Map() })).toContain("CLAIM_UNQUOTED");
    expect(codes({ qa: { verdict: "REPAIR", findings: [] } })).toEqual(["QA_NOT_PASSED"]);
  });

  it("and each finding says what mends it", () => {
    for (const { message, remedy } of lackOfDocuments({ ...READY, topicId: null, cited: new Map() }))
      expect([message.length > 10, remedy.length > 10]).toEqual([true, true]);
  });
});

describe("a draft that an earlier try began", () => {
  const scenes = (most: number): EpisodeOfRun["scenes"] =>
    episode.scenes.slice(0, most).map(({ ordinal, title, narration }) => [ordinal, title, narration, `s${ordinal}`]);
  const draft = (more: Partial<EpisodeOfRun> = {}): EpisodeOfRun => ({
    ...{ id: "e", title: episode.title, status: "DRAFT", scenes: scenes(2) },
    ...more,
  });

  it("is gone on with as far as it is of these scenes", () => {
    expect(
      [draft(), draft({ scenes: [] }), draft({ status: "IN_REVIEW" })].map((one) => isDraftOf(one, episode)),
    ).toEqual([true, true, true]);
  });

  it("is left alone when it says anything else, or went out", () => {
    const [first] = scenes(1);
    const other: EpisodeOfRun["scenes"] = [[first![0], first![1], "Something else.", first![3]]];
    const beyond: EpisodeOfRun["scenes"] = [[400, "More", "More", "s400"]];
    for (const one of [{ scenes: other }, { scenes: beyond }, { status: "PUBLISHED" as const }, { title: "Another" }])
      expect(isDraftOf(draft(one), episode)).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { FIRST_WEIGHTS } from "../../domains/channel/topic-weights.js";
import { DOCUMENTS_OF_STAGES } from "../tasks.js";
import type { MeasuredEpisode } from "./kpi-signals.js";
import { scoreOf } from "./topic-scoring.js";

const held = { facts: 3, sources: 1, found: 0.5, words: 2 };
const episode = (title: string, views: number): MeasuredEpisode => ({
  ...{ id: title, title, topic: null, views, viewDays: 1, clicks: 0, clickImpressions: 0 },
  ...{ watchedSeconds: 0, watchedViews: 0, earned: 0, earnedViews: 0 },
});
const five = [
  ...["bridges", "harbours", "tunnels", "canals"].map((title) => episode(title, 100)),
  episode("Volcanoes", 400),
];
const sum = ({ inputs }: ReturnType<typeof scoreOf>) =>
  inputs.reduce((total, { value, weight }) => total + value * weight, 0);

describe("the score of a topic", () => {
  it("is what is held while the channel has too few figures, and says so", () => {
    const scored = scoreOf(held, "Volcanoes", five.slice(1), FIRST_WEIGHTS);
    // log2(1 + 3) + 2 log2(1 + 1) + 3 / 2
    expect(scored).toMatchObject({ score: 5.5, formula_version: "evidence-held/1", sample_size: 4 });
    expect(scored.inputs).toHaveLength(3);
    expect(scored.note).toContain("4 episodes");
  });

  it("counts the figures of alike episodes once there are enough, each input with its own sample", () => {
    const scored = scoreOf(held, "Volcanoes", five, FIRST_WEIGHTS);
    expect(scored).toMatchObject({ formula_version: "evidence-and-kpis/1", sample_size: 9 });
    expect(scored.inputs.map(({ sample_size }) => sample_size)).toEqual([3, 1, 2, 1, 0, 0, 0]);
    expect(scored.score).toBeCloseTo(5.5 + 2 / 3, 3);
    expect(scored.score).toBeCloseTo(sum(scored), 3);
    expect(scoreOf(held, "Glaciers", five, FIRST_WEIGHTS).score).toBe(5.5);
  });

  it("goes by the channel's weights", () => {
    const weighed = scoreOf(held, "Volcanoes", five, { ...FIRST_WEIGHTS, VIEWS: 3, FACTS_HELD: 0 });
    expect(weighed.score).toBeCloseTo(3.5 + 2, 3);
  });

  it("is a document that the stage may answer with", () => {
    const topic_id = "Topic:01JD3Z5X9QW8R7T6Y5V4N3M2K1";
    const scored = scoreOf(held, "Volcanoes", five, FIRST_WEIGHTS);
    const document = { topic_id, ...scored, weights_version: 2, candidates: [{ topic_id, score: scored.score }] };
    expect(DOCUMENTS_OF_STAGES.scoring.safeParse(document).error).toBeUndefined();
  });
});

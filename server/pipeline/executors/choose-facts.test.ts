import { describe, expect, it } from "vitest";
import { BRIDGE, RIVER, source } from "../../../test/kit/episode.js";
import { areNearlySame, chooseStatements } from "./choose-facts.js";
import { stemsOf } from "./statements.js";

const choose = (topic: string, most: number, ...sources: ReturnType<typeof source>[]) =>
  chooseStatements(sources, stemsOf(topic), new Map(sources.map(({ id, title }) => [id, stemsOf(title)])), most);
const texts = (chosen: ReturnType<typeof choose>) => chosen.map(({ statement }) => statement.text);

describe("the statements that are chosen", () => {
  it("have the topic's words, the rare ones above all, and then tell most", () => {
    expect(texts(choose("The ferry of Basel", 2, source("city", BRIDGE), source("river", RIVER)))[0]).toBe(
      "The ferry of Basel carries 120,000 people a year.",
    );
  });

  it("are the same for the same pages in any order, and others for another topic", () => {
    const [a, b] = [source("city", BRIDGE), source("river", RIVER)];
    expect(texts(choose("Rhine", 4, a, b))).toEqual(texts(choose("Rhine", 4, b, a)));
    expect(texts(choose("Rhine", 1, a, b))).not.toEqual(texts(choose("Wettstein", 1, a, b)));
  });

  it("come from better sources first, and from stale ones last", () => {
    const same = "Basel counts 173,000 people.";
    const other = "Basel counts 174,000 people.";
    const first = (one: object, two: object) =>
      texts(choose("Basel", 1, source("a", same, one), source("b", other, two)))[0];
    expect(first({ tier: 3 }, { tier: 1 })).toBe(other);
    expect(first({ tier: 1, status: "STALE" }, { tier: 3 })).toBe(other);
    expect(first({ tier: 1 }, { tier: 2 })).toBe(same);
  });

  it("don't say nearly the same twice, but tell two numbers apart", () => {
    const as = (text: string) => ({ stems: stemsOf(text), same: text });
    expect(
      areNearlySame(as("Basel has long had 7 bridges across the Rhine."), as("Basel has 7 bridges across the Rhine.")),
    ).toBe(true);
    expect(
      areNearlySame(as("Basel has 7 bridges across the Rhine."), as("Basel has 8 bridges across the Rhine.")),
    ).toBe(false);
  });

  it("leave room for each source", () => {
    const many = Array.from(
      { length: 30 },
      (_, i) => `Bridge ${i} of Basel was built in ${1500 + i} by Anna Berg.`,
    ).join(" ");
    const chosen = choose("bridges of Basel", 6, source("many", many), source("river", RIVER), source("city", BRIDGE));
    expect(new Set(chosen.map(({ source: { id } }) => id))).toEqual(new Set(["many", "river", "city"]));
  });

  it("are all that there is where nothing has a word of the topic", () => {
    expect(choose("Locomotives", 9, source("city", BRIDGE))).toHaveLength(5);
  });
});

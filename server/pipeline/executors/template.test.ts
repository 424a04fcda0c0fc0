import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../config.js";
import { givenSecrets } from "../../secrets/secrets.js";
import { embeddedExecutors } from "./embedded.js";
import { createExecutors, openExecutors, readExecutorSettings } from "./settings.js";
import { fill, listed, plainTemplate, publishersTold, readTemplate, short } from "./template.js";

const problemsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("it was read");
};

describe("a line of a template", () => {
  it("is filled in once, in one line, with whatever stands in what is filled in", () => {
    expect(fill("{topic}:  from {publisher}.", { topic: "{url}\n$&", publisher: "Berg Inc." })).toBe(
      "{url} $&: from Berg Inc.",
    );
    expect(fill("{topic}", { topic: "x".repeat(600) })).toHaveLength(500);
    expect(short("a😀b", 3)).toBe("a…");
    expect(listed(["A", "B", "C", "D", "E"])).toBe("A, B and 3 more");
    expect(publishersTold(["A", "A", "B", "C", "D"])).toBe("A, B and others");
    expect([listed(["A"]), listed(["A", "B"])]).toEqual(["A", "A and B"]);
  });
});

describe("a template", () => {
  it("that comes with this version fills something in wherever it speaks", () => {
    expect(plainTemplate()).toMatchObject({ template: "plain", language: "en" });
  });

  it.each([
    [
      "a slot that isn't there",
      { opening: { title: "{topic}", pacing: "FAST", says: "{headline}!" } },
      /scenes.opening.says: there is no \{headline\} here/,
    ],
    [
      "a line that is the same in every episode",
      { opening: { title: "{topic}", pacing: "FAST", says: "Welcome back." } },
      /must fill something in/,
    ],
    [
      "a lead that isn't a sentence",
      { opening: { title: "{topic}", pacing: "FAST", says: "Nobody says of {topic} that" } },
      /scenes.opening.says: must end like a sentence/,
    ],
    ["no pacing", { opening: { title: "{topic}", says: "" } }, /scenes.opening.pacing/],
    ["too few scenes", { most: 1 }, /scenes.most/],
  ])("with %s is refused by place", (_, change, said) => {
    const plain = plainTemplate();
    const text = stringify({ ...plain, scenes: { ...plain.scenes, ...change } });
    expect(problemsOf(() => readTemplate(text, "t.yaml"))).toEqual([expect.stringMatching(said)]);
  });

  it("that is no YAML is refused", () => {
    expect(problemsOf(() => readTemplate("a: [", "t.yaml"))).toEqual([expect.stringMatching(/^t.yaml: /)]);
  });
});

describe("the settings of the executors", () => {
  const own = { ...plainTemplate(), template: "own", language: "de" };
  const channel = "Channel:01JQ0000000000000000000000";

  it("may be empty, and then everything is embedded", () => {
    const executors = createExecutors(readExecutorSettings("", "e.yaml"), givenSecrets({}));
    expect(executors.map(({ name }) => name)).toEqual(embeddedExecutors(plainTemplate).map(({ name }) => name));
    expect(executors.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["planner", "qa", "ops", "topic-ranking"]),
    );
    expect(openExecutors(null, givenSecrets({}))).toBeNull();
  });

  it("put a model in place of the stages that they name, under another version", () => {
    const models = {
      stages: ["script"],
      providers: [{ name: "a", url: "https://models.example/v1", model: "m" }],
      budget: { tokens: 1_000, cost_usd: 1 },
    };
    const of = (given: object) => createExecutors(readExecutorSettings(stringify(given), "e.yaml"), givenSecrets({}));
    const versions = (given: object) => of(given).map(({ name, version }) => `${name} ${version.length > 5}`);
    expect(versions({ models }).filter((one) => one.endsWith("true"))).toEqual(["script true"]);
    const version = (given: object) => of(given).find(({ name }) => name === "script")!.version;
    const other = { ...models, providers: [{ ...models.providers[0]!, model: "n" }] };
    expect(version({ models })).not.toBe(version({ models: other }));
  });

  it("are refused whole, by place", () => {
    const wrong = stringify({ templates: { own }, channels: { [channel]: "nowhere" }, models: { stages: [] } });
    const problems = problemsOf(() => readExecutorSettings(wrong, "e.yaml"));
    expect(problems.join("\n")).toMatch(/e.yaml: models.stages/);
    expect(problems.join("\n")).toMatch(/e.yaml: models.budget/);
    const unknown = stringify({ templates: { own }, channels: { [channel]: "nowhere" } });
    expect(problemsOf(() => readExecutorSettings(unknown, "e.yaml"))).toEqual([
      `e.yaml: channels.${channel}: there is no template nowhere`,
    ]);
    expect(problemsOf(() => openExecutors("/nowhere/e.yaml", givenSecrets({})))).toEqual([
      "THROUGHLINE_EXECUTORS: /nowhere/e.yaml can't be read (ENOENT)",
    ]);
  });
});

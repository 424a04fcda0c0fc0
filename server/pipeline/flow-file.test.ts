import { describe, expect, it } from "vitest";
import { readFlow } from "./flow-file.js";
import { loadFlows } from "./flows.js";
import { TASKS } from "./tasks.js";

const GOOD = `flow: two-steps
version: 1.0.0
title: Two steps
stages:
  - name: spec
    run: feature-spec
    input: { feature: run.input.feature }
    output: change
  - name: build
    run: feature-build
    needs: [spec]
    input: { spec: spec }
    output: change
`;

describe("a flow's file", () => {
  it("is read with what it leaves out", () => {
    const read = readFlow(GOOD, TASKS);
    expect(read).toMatchObject({
      ok: true,
      flow: {
        flow: "two-steps",
        requires: [],
        stages: [
          { needs: [], retries: 0, timeout: "5m", backoff: { first: "1s", factor: 2, most: "5m", jitter: 0.5 } },
          { needs: ["spec"] },
        ],
      },
    });
  });

  it.each<[what: string, change: (text: string) => string, line: number, path: string, said: RegExp]>([
    ["broken YAML", (t) => t.replace("version: 1.0.0", "version: [1.0.0"), 3, "", /./],
    ["a key that is there twice", (t) => t.replace("title: Two steps", "title: Two\ntitle: Steps"), 4, "", /unique/i],
    ["a tab for indentation", (t) => t.replace("    run: feature-spec", "\trun: feature-spec"), 6, "", /tab/i],
    [
      "an alias",
      (t) => t.replace("title: Two steps", "title: &t Two").replace("needs: [spec]", "needs: [*t]"),
      1,
      "",
      /alias/i,
    ],
    ["nothing at all", () => "", 1, "", /object/],
    ["a list", () => "- a\n- b\n", 1, "", /object/],
    ["an unknown key", (t) => `${t}owner: nobody\n`, 14, "owner", /no such key: owner/],
    [
      "an unknown key of a stage",
      (t) => t.replace("    needs: [spec]", "    need: [spec]"),
      11,
      "stages.1.need",
      /no such key: need/,
    ],
    ["a stage without an executor", (t) => t.replace("    run: feature-build\n", ""), 9, "stages.1.run", /string/],
    [
      "an unknown executor",
      (t) => t.replace("run: feature-build", "run: feature-bild"),
      10,
      "stages.1.run",
      /no executor feature-bild; known are planner/,
    ],
    [
      "another document",
      (t) => t.replace(/output: change\n$/, "output: qa\n"),
      13,
      "stages.1.output",
      /feature-build answers with change, not qa/,
    ],
    ["an unknown stage", (t) => t.replace("needs: [spec]", "needs: [spek]"), 11, "stages.1.needs.0", /no stage spek/],
    [
      "a need that is named twice",
      (t) => t.replace("needs: [spec]", "needs: [spec, spec]"),
      11,
      "stages.1.needs.1",
      /twice/,
    ],
    [
      "a stage that needs itself",
      (t) => t.replace("needs: [spec]", "needs: [spec, build]"),
      11,
      "stages.1.needs.1",
      /cycle/,
    ],
    [
      "a cycle",
      (t) => t.replace("    run: feature-spec", "    run: feature-spec\n    needs: [build]"),
      7,
      "stages.0.needs.0",
      /a cycle: spec needs build, which needs spec/,
    ],
    ["two stages of one name", (t) => t.replace("name: build", "name: spec"), 9, "stages.1.name", /two stages/],
    [
      "a reserved name",
      (t) => t.replaceAll("spec:", "spec:").replace("name: build", "name: run"),
      9,
      "stages.1.name",
      /reserved/,
    ],
    [
      "a reference to no stage",
      (t) => t.replace("{ spec: spec }", "{ spec: sepc }"),
      12,
      "stages.1.input.spec",
      /no stage sepc/,
    ],
    [
      "a reference to what comes later",
      (t) => t.replace("feature: run.input.feature", "feature: build.title"),
      7,
      "stages.0.input.feature",
      /build doesn't come before spec/,
    ],
    [
      "a field that runs don't have",
      (t) => t.replace("run.input.feature", "run.owner"),
      7,
      "stages.0.input.feature",
      /run.topic_id/,
    ],
    ["a time without a unit", (t) => `${t}    timeout: 30\n`, 14, "stages.1.timeout", /string/],
    ["a time of no unit we know", (t) => `${t}    timeout: 30w\n`, 14, "stages.1.timeout", /unit/],
    ["too many retries", (t) => `${t}    retries: 21\n`, 14, "stages.1.retries", /20/],
    [
      "a condition without an operator",
      (t) => `${t}    when: { value: spec.accepted }\n`,
      14,
      "stages.1.when",
      /exactly one/,
    ],
    [
      "a condition with two",
      (t) => `${t}    when: { value: spec.n, at_least: 1, at_most: 2 }\n`,
      14,
      "stages.1.when",
      /exactly one/,
    ],
    ["a wait for what nobody sends", (t) => `${t}    wait: pigeon\n`, 14, "stages.1.wait", /callback/],
    [
      "a cache of what waits",
      (t) => `${t}    wait: callback\n    cache: { by: [spec] }\n`,
      15,
      "stages.1.cache",
      /callback/,
    ],
    [
      "a repair that leads forward",
      (t) =>
        t
          .replace("    needs: [spec]\n", "    needs: [spec]\n")
          .replace(
            "    output: change\n  - name: build",
            "    output: change\n    repair: { to: build, when: { value: spec.accepted, equals: false }, rounds: 1 }\n  - name: build",
          ),
      9,
      "stages.0.repair.to",
      /leads back/,
    ],
    [
      "a block that goes by what isn't there yet",
      (t) =>
        t.replace(
          "    output: change\n",
          "    output: change\n    block: { when: { value: spec.accepted, equals: false }, because: build.summary }\n",
        ),
      9,
      "stages.0.block.because",
      /build doesn't come before spec/,
    ],
    [
      "a repair without bound",
      (t) => `${t}    repair: { to: spec, when: { value: build.accepted, equals: false } }\n`,
      14,
      "stages.1.repair.rounds",
      /number/,
    ],
    ["a version that is none", (t) => t.replace("1.0.0", "latest"), 2, "version", /semantic/],
  ])("with %s is refused, with line and reason", (_, change, line, path, said) => {
    const text = change(GOOD);
    expect(text).not.toBe(GOOD);
    const read = readFlow(text, TASKS);
    if (read.ok) throw new Error("it was read");
    expect(read.problems).toContainEqual({ line, path, message: expect.stringMatching(said) });
  });

  it("tells of everything that is wrong, not of the first thing alone", () => {
    const read = readFlow(
      GOOD.replace("needs: [spec]", "needs: [spek]").replace("{ spec: spec }", "{ spec: sepc }"),
      TASKS,
    );
    expect(read.ok ? [] : read.problems.map(({ line }) => line)).toEqual([11, 12]);
  });
});

describe("the flows of this version", () => {
  it("are whole", () => {
    expect([...loadFlows().keys()].sort()).toEqual([
      "FLOW_FEATURE_LIFECYCLE",
      "correction",
      "episode",
      "weekly-topics",
    ]);
  });

  it("give each executor the fields that its task takes", () => {
    const wrong = [...loadFlows().values()].flatMap(({ flow, stages }) =>
      stages.flatMap(({ name, run, input }) => {
        const wanted = Object.keys((TASKS[run]!.input as unknown as { shape: object }).shape).sort();
        return JSON.stringify(Object.keys(input).sort()) === JSON.stringify(wanted) ? [] : [`${flow}.${name}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

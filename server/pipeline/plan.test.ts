import { describe, expect, it } from "vitest";
import { flow as flowDocument, type FlowDocument } from "../../graph-schema/documents/flow.js";
import { seeded } from "../../test/kit/random.js";
import type { StageRun } from "../domains/run/record.service.js";
import { liveOf, planRun, tryOf, type Action, type Plan } from "./plan.js";

const flowOf = (...stages: object[]): FlowDocument =>
  flowDocument.parse({
    flow: "test",
    version: "1.0.0",
    title: "A test",
    stages: stages.map((stage) => ({ run: "a", output: "thing", ...stage })),
  });

const tried = (stage: string, attempt: number, properties: Partial<StageRun> = {}): StageRun =>
  ({
    stage,
    attempt,
    status: "DONE",
    outcome: "OK",
    starts: 1,
    superseded: false,
    retryable: false,
    retryAt: null,
    approvedBy: null,
    deadline: null,
    waitingFor: null,
    problem: null,
    ...properties,
  }) as StageRun;

const NOW = 1_000_000;
const plan = (flow: FlowDocument, stages: StageRun[], more: { values?: object; underWay?: string[] } = {}): Plan =>
  planRun({
    flow,
    stages,
    values: { ...more.values },
    now: NOW,
    underWay: new Set(more.underWay),
    maxStarts: 25,
  });

const said = ({ actions }: Plan): string[] =>
  actions.map((action) => {
    if (action.do === "end") return `end ${action.status} ${action.outcome}`;
    if (action.do === "repair") return `repair ${action.stages.join(" ")}`;
    return `${action.do} ${action.stage.name}/${action.do === "give-up" ? action.of.attempt : action.attempt}`;
  });

const CHAIN = flowOf({ name: "one", retries: 1 }, { name: "two", needs: ["one"] });

describe("what is next for a run", () => {
  it.each<[what: string, stages: StageRun[], underWay: string[], next: string[]]>([
    ["that has just begun is its first stage", [], [], ["begin one/1"]],
    ["whose first stage is under way is nothing", [tried("one", 1, { status: "RUNNING" })], ["one/1"], []],
    ["whose process was lost is the same try again", [tried("one", 1, { status: "RUNNING" })], [], ["begin one/1"]],
    [
      "that lost it too often is to give the try up",
      [tried("one", 1, { status: "RUNNING", starts: 25 })],
      [],
      ["give-up one/1"],
    ],
    [
      "that gave a lost try up is its end, whatever retries the stage has",
      [tried("one", 1, { status: "FAILED", outcome: "PROCESS_LOST", starts: 25 })],
      [],
      ["end FAILED PROCESS_LOST"],
    ],
    ["whose first stage is done is the second", [tried("one", 1)], [], ["begin two/1"]],
    ["whose first stage was left out is the second", [tried("one", 1, { status: "SKIPPED" })], [], ["begin two/1"]],
    ["whose stages are done is its end", [tried("one", 1), tried("two", 1)], [], ["end DONE null"]],
    [
      "whose stage failed for good is its end",
      [tried("one", 1, { status: "FAILED", outcome: "E" })],
      [],
      ["end FAILED E"],
    ],
    [
      "whose stage may be tried again is another try",
      [tried("one", 1, { status: "FAILED", retryable: true, retryAt: NOW })],
      [],
      ["begin one/2"],
    ],
    [
      "whose next try isn't due is nothing",
      [tried("one", 1, { status: "FAILED", retryable: true, retryAt: NOW + 1 })],
      [],
      [],
    ],
    [
      "whose tries are used up is its end",
      [1, 2].map((n) => tried("one", n, { status: "FAILED", outcome: "E", retryable: true, retryAt: 0 })),
      [],
      ["end FAILED E"],
    ],
    [
      "that was resumed is a further try, of its own number",
      [tried("one", 1, { status: "FAILED", superseded: true })],
      [],
      ["begin one/2"],
    ],
    [
      "whose callback is late is to give it up",
      [tried("one", 1, { status: "WAITING", waitingFor: "CALLBACK", deadline: NOW })],
      [],
      ["give-up one/1"],
    ],
    [
      "that waits is nothing",
      [tried("one", 1, { status: "WAITING", waitingFor: "CALLBACK", deadline: NOW + 9 })],
      [],
      [],
    ],
  ])("%s", (_, stages, underWay, next) => {
    expect(said(plan(CHAIN, stages, { underWay }))).toEqual(next);
  });

  it("is at the earliest time that anything is due, and rests till then", () => {
    const { wakeAt, idle } = plan(CHAIN, [tried("one", 1, { status: "FAILED", retryable: true, retryAt: NOW + 70 })]);
    expect([wakeAt, idle]).toEqual([NOW + 70, true]);
    expect(plan(CHAIN, [tried("one", 1, { status: "RUNNING" })], { underWay: ["one/1"] }).idle).toBe(false);
  });

  it("waits for what is under way before a run ends that failed", () => {
    const flow = flowOf({ name: "one" }, { name: "two" }, { name: "three" });
    const stages = [tried("one", 1, { status: "FAILED", outcome: "E" }), tried("two", 1, { status: "RUNNING" })];
    expect(said(plan(flow, stages, { underWay: ["two/1"] }))).toEqual([]);
  });

  it("asks before a stage that wants approval, once", () => {
    const flow = flowOf({ name: "one", approval: { question: "Shall we?" }, retries: 1 });
    expect(said(plan(flow, []))).toEqual(["ask one/1"]);
    expect(said(plan(flow, [tried("one", 1, { status: "READY", approvedBy: "ann" })]))).toEqual(["begin one/1"]);
    const failed = tried("one", 1, { status: "FAILED", retryable: true, retryAt: 0, approvedBy: "ann" });
    expect(plan(flow, [failed]).actions).toMatchObject([{ do: "begin", attempt: 2, approvedBy: "ann" }]);
  });

  it("is a repair of everything from its stage on, as often as the flow says", () => {
    const repair = { to: "two", when: { value: "three.again", equals: true }, rounds: 1 };
    const flow = flowOf(
      { name: "one" },
      { name: "two", needs: ["one"] },
      { name: "three", needs: ["two"], repair },
      { name: "four", needs: ["three"] },
    );
    const values = { three: { again: true } };
    const first = [tried("one", 1), tried("two", 1), tried("three", 1)];
    expect(said(plan(flow, first, { values }))).toEqual(["repair two three four"]);
    const had = { superseded: true };
    const second = [
      tried("one", 1),
      tried("two", 1, had),
      tried("three", 1, { ...had, outcome: "REPAIR" }),
      tried("two", 2),
      tried("three", 2),
    ];
    expect(said(plan(flow, second, { values }))).toEqual(["end FAILED REPAIR_EXHAUSTED"]);
    const resumed = [
      ...second.slice(0, 4),
      tried("three", 2, { ...had, outcome: "REPAIR_EXHAUSTED" }),
      tried("three", 3),
    ];
    expect(said(plan(flow, resumed, { values }))).toEqual(["repair two three four"]);
  });
});

describe("a stage that blocks its run", () => {
  const block = { when: { value: "check.verdict", equals: "BLOCK" }, because: "check.findings" };
  const FLOW = flowOf({ name: "check", block }, { name: "beside" }, { name: "last", needs: ["check"] });
  const findings = Array.from({ length: 7 }, (_, i) => ({
    code: "SOURCE_DEAD",
    at: `s${i}`,
    message: "It is gone.",
    remedy: "Find where it moved to.",
  }));
  const done = [tried("check", 1), tried("beside", 1)];
  const ends = (flow: FlowDocument, check: object, more: { underWay?: string[]; stages?: StageRun[] } = {}) =>
    plan(flow, more.stages ?? done, { values: { check }, ...more });

  it("ends it before anything behind the stage begins, with what was found and what mends it", () => {
    const { actions } = ends(FLOW, { verdict: "BLOCK", findings });
    expect(actions).toMatchObject([{ do: "end", status: "BLOCKED", outcome: "BLOCKED", by: "check" }]);
    const { problem } = actions[0] as Extract<Action, { do: "end" }>;
    expect(problem).toMatch(/^check: SOURCE_DEAD at s0: It is gone. Find where it moved to.; SOURCE_DEAD at s1: /);
    expect(problem).toMatch(/s4: It is gone. Find where it moved to.; and 2 more$/);
  });

  it("waits for what is under way, and does nothing where the condition doesn't hold", () => {
    const stages = [tried("check", 1), tried("beside", 1, { status: "RUNNING" })];
    expect(said(ends(FLOW, { verdict: "BLOCK", findings }, { underWay: ["beside/1"], stages }))).toEqual([]);
    expect(said(ends(FLOW, { verdict: "PASS", findings }))).toEqual(["begin last/1"]);
  });

  it("says the value where the flow names nothing that says why, and keeps within what a record holds", () => {
    const bare = flowOf({ name: "check", block: { when: block.when } }, { name: "last", needs: ["check"] });
    const [end] = ends(bare, { verdict: "BLOCK" }).actions;
    expect(end).toMatchObject({ problem: "check: it says that check.verdict is BLOCK." });
    const long = findings.map((one) => ({ ...one, message: "x".repeat(2_000) }));
    for (const told of [long, "x".repeat(9_000), long.map(({ message }) => message)]) {
      const [action] = ends(FLOW, { verdict: "BLOCK", findings: told }).actions;
      expect((action as Extract<Action, { do: "end" }>).problem!.length).toBeLessThan(2_500);
    }
  });

  it("has the stage look again once the run is resumed", () => {
    const had = { superseded: true, outcome: "BLOCKED" };
    expect(said(ends(FLOW, {}, { stages: [tried("check", 1, had), tried("beside", 1)] }))).toEqual(["begin check/2"]);
  });
});

/** Applies an action to a record, with a fate of chance for what is begun. */
function apply(stages: StageRun[], action: Action, fate: (stage: string) => Partial<StageRun>): void {
  switch (action.do) {
    case "begin": {
      const name = action.stage.name;
      const known = stages.findIndex((one) => one.stage === name && one.attempt === action.attempt);
      const one = tried(name, action.attempt, {
        ...fate(name),
        starts: (stages[known]?.starts ?? 0) + 1,
        approvedBy: action.approvedBy,
      });
      if (known < 0) stages.push(one);
      else stages[known] = one;
      break;
    }
    case "ask":
      stages.push(tried(action.stage.name, action.attempt, { status: "READY", approvedBy: "ann", starts: 0 }));
      break;
    case "skip":
      stages.push(tried(action.stage.name, action.attempt, { status: "SKIPPED", starts: 0 }));
      break;
    case "give-up": {
      const i = stages.indexOf(action.of);
      const { outcome, retryable } = action;
      stages[i] = { ...action.of, status: "FAILED", outcome, retryable, retryAt: 0 };
      break;
    }
    case "repair":
      for (const [i, one] of stages.entries())
        if (action.stages.includes(one.stage) && !one.superseded)
          stages[i] = {
            ...one,
            superseded: true,
            outcome: one.stage === action.stage.name && one.status === "DONE" ? "REPAIR" : one.outcome,
          };
      break;
    case "end":
      break;
  }
}

it("ends any run, never begins a stage before what it needs, and never has two tries of one under way", () => {
  const random = seeded(20_261_121);
  const early: string[] = [];
  let ended = { DONE: 0, FAILED: 0 };
  for (let n = 0; n < 400; n++) {
    const count = 1 + random.below(6);
    const names = Array.from({ length: count }, (_, i) => `s${i}`);
    const flow = flowOf(
      ...names.map((name, i) => {
        const needs = names.slice(0, i).filter(() => random.below(2) === 0);
        const back = needs.length > 0 && random.below(3) === 0;
        return {
          name,
          needs,
          retries: random.below(3),
          ...(random.below(5) === 0 ? { approval: { question: "?" } } : {}),
          ...(back
            ? { repair: { to: needs[0], when: { value: `${name}.again`, equals: true }, rounds: 1 + random.below(3) } }
            : {}),
        };
      }),
    );
    const stages: StageRun[] = [];
    let end: string | null = null;
    for (let step = 0; end === null; step++) {
      if (step > 2_000) throw new Error(`run ${n} doesn't end`);
      // Some tries lose their process, others are told to be under way until they are settled.
      const values = Object.fromEntries(names.map((name) => [name, { again: random.below(3) === 0 }]));
      const { actions, idle } = plan(flow, stages, { values });
      expect(idle).toBe(false);
      for (const action of actions) {
        if (action.do === "end") end = action.status;
        if (action.do === "begin") {
          const done = action.stage.needs.map((need) => liveOf(stages, need).at(-1)?.status);
          if (!done.every((status) => status === "DONE" || status === "SKIPPED")) early.push(action.stage.name);
        }
        apply(stages, action, () => {
          const die = random.below(10);
          if (die === 0) return { status: "RUNNING" };
          if (die < 3) return { status: "FAILED", outcome: "E", retryable: die === 1, retryAt: 0 };
          return {};
        });
      }
      const live = stages
        .filter(({ superseded, status }) => !superseded && status === "RUNNING")
        .map(({ stage }) => tryOf(stage, 0));
      expect(new Set(live).size).toBe(live.length);
    }
    ended = { ...ended, [end]: ended[end as "DONE"] + 1 };
  }
  expect(early).toEqual([]);
  expect(ended.DONE).toBeGreaterThan(50);
  expect(ended.FAILED).toBeGreaterThan(50);
});

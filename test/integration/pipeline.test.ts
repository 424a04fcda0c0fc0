import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { cancelRun, resumeRun } from "../../server/domains/run/run.service.js";
import { decideStage } from "../../server/domains/run/signal.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { liftKillSwitch, setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { StageFailure } from "../../server/pipeline/executor.js";
import { act, codesOf, done } from "../kit/approvals.js";
import { buildTopic } from "../kit/build.js";
import {
  drive,
  installation,
  pipelineServices,
  recordOf,
  stageOf,
  start,
  triesOf,
  tryToStart,
  until,
  type Work,
} from "../kit/pipeline.js";
import { recordsOf } from "../kit/records.js";
import { newTenant } from "../kit/tenant.js";

/*
 * Runs of the pipeline on a real database: the flows and the executors are the test's own, everything else is what runs.
 */

const CHAIN = `
  - { name: one, run: a, output: thing, input: { topic: run.topic_id, word: run.input.word } }
  - { name: two, run: b, output: thing, needs: [one], input: { before: one, n: one.n } }
  - { name: three, run: c, output: thing, needs: [one, two], input: { n: two.n } }
`;

describe("a run", () => {
  it("goes through its stages in order, each with the outputs of those before", async () => {
    const t = await newTenant();
    const given: unknown[] = [];
    const work: Work = (_, input) => {
      given.push(input);
      return { output: { n: given.length }, provider: "test", tokens: 10, costUsd: 0.5 };
    };
    const services = pipelineServices(installation(CHAIN, { a: work, b: work, c: work }));
    const topicId = await buildTopic(t);
    const runId = await start(t, services, { topicId, channelId: t.channelId, input: `{"word":"tea"}` });
    expect(await drive(t, services)).toBe(3);
    expect(given).toEqual([{ topic: topicId, word: "tea" }, { before: { n: 1 }, n: 1 }, { n: 2 }]);
    const { run, stages, channelId } = await recordOf(t, runId);
    expect(run).toMatchObject({
      status: "DONE",
      flow: "test",
      flowVersion: "1.0.0",
      startedBy: "tester",
      round: 1,
      outcome: null,
    });
    expect(run.finishedAt).toBeGreaterThanOrEqual(run.startedAt);
    expect(channelId).toBe(t.channelId);
    for (const stage of stages) {
      expect(stage).toMatchObject({
        status: "DONE",
        attempt: 1,
        starts: 1,
        provider: "test",
        tokens: 10,
        costUsd: 0.5,
        cacheHit: false,
      });
      expect([stage.inputHash, stage.outputHash]).toEqual([
        expect.stringMatching(/^[0-9a-f]{64}$/),
        expect.stringMatching(/^[0-9a-f]{64}$/),
      ]);
      expect(stage.latencyMs).toBeGreaterThanOrEqual(0);
    }
    // The work is done: driving on finds nothing.
    expect(await drive(t, services)).toBe(0);
  });

  it("runs stages side by side where the flow lets it", async () => {
    const t = await newTenant();
    let together = 0;
    // None ends before all have begun.
    const work: Work = async ({ signal }) => {
      together++;
      while (together < 3 && !signal.aborted) await sleep(20);
      return { output: {} };
    };
    const stages = ["one", "two", "three"]
      .map((name) => `  - { name: ${name}, run: a, output: thing, timeout: 20s }\n`)
      .join("");
    const services = pipelineServices(installation(stages, { a: work }));
    const runId = await start(t, services);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 DONE OK", "two/1 DONE OK", "three/1 DONE OK"]);
  });

  it("keeps to the flow that it was started with", async () => {
    const t = await newTenant();
    const work: Work = () => ({ output: {} });
    const before = pipelineServices(installation(CHAIN, { a: work, b: work, c: work }));
    const runId = await start(t, before);
    const after = pipelineServices(
      installation("  - { name: other, run: a, output: thing }\n", { a: work, b: work, c: work }),
    );
    await drive(t, after);
    expect(await triesOf(t, runId)).toEqual(["one/1 DONE OK", "two/1 DONE OK", "three/1 DONE OK"]);
  });

  it("is refused for a flow that isn't there, for missing executors, and without what the flow requires", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(CHAIN, { b: () => ({ output: {} }) }));
    const missing = await tryToStart(t, services);
    expect(missing).toMatchObject({
      ok: false,
      problems: [{ code: "CONFLICT", path: "flow", message: expect.stringContaining("a, c") }],
    });
    expect(codesOf(await tryToStart(t, services, { flow: "nowhere", resolved: null }))).toEqual(["NOT_FOUND"]);
    const whole = pipelineServices(
      installation(CHAIN, { a: () => ({ output: {} }), b: () => ({ output: {} }), c: () => ({ output: {} }) }),
    );
    const resolved = { ...whole.pipeline.resolve("test").resolved!, requires: ["topic"] };
    expect(await tryToStart(t, whole, { resolved })).toMatchObject({
      ok: false,
      problems: [{ code: "BAD_INPUT", path: "topicId" }],
    });
    expect(await tryToStart(t, whole, { input: "[1]" })).toMatchObject({
      ok: false,
      problems: [{ code: "BAD_INPUT", path: "input" }],
    });
    expect(codesOf(await tryToStart(t, whole, {}, t.caller("analyst")))).toEqual(["FORBIDDEN"]);
    const refused = (await recordsOf(t.scope)).audit.filter(
      ({ command, outcome }) => command === "startRun" && outcome === "REFUSED",
    );
    expect(refused).toHaveLength(4);
  });
});

const ONE = (more: string) => `  - { name: one, run: a, output: thing, ${more} }\n`;

describe("a try that fails", () => {
  it("is tried again after a pause that grows, until its retries are used up", async () => {
    const t = await newTenant();
    const at: number[] = [];
    const work: Work = () => {
      at.push(Date.now());
      throw new StageFailure("BUSY", "Come back later.", { retryable: true, spent: { tokens: 3 } });
    };
    const stage = ONE("retries: 2, backoff: { first: 300ms, factor: 3, jitter: 0 }");
    const services = pipelineServices(installation(stage, { a: work }));
    const runId = await start(t, services);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED BUSY", "one/2 FAILED BUSY", "one/3 FAILED BUSY"]);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(300);
    expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(900);
    const { run } = await recordOf(t, runId);
    expect(run).toMatchObject({
      status: "FAILED",
      outcome: "BUSY",
      problem: expect.stringContaining("Come back later."),
    });
    expect((await stageOf(t, runId, "one")).tokens).toBe(3);
  });

  it("ends well when a later try does", async () => {
    const t = await newTenant();
    const work: Work = ({ attempt }) => {
      if (attempt < 3) throw new Error("the network is down at /secret/place");
      return { output: {} };
    };
    const services = pipelineServices(installation(ONE("retries: 2, backoff: { first: 10ms }"), { a: work }));
    const runId = await start(t, services);
    const troubles: unknown[] = [];
    await drive(t, services, { troubles });
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED ERROR", "one/2 FAILED ERROR", "one/3 DONE OK"]);
    // What isn't ours to tell stands in the log alone.
    expect(troubles).toHaveLength(2);
    expect(JSON.stringify((await recordOf(t, runId)).stages)).not.toContain("/secret/place");
  });

  it.each<[what: string, outcome: string, work: Work, said: RegExp]>([
    ["an answer against its schema", "BAD_OUTPUT", () => ({ output: { n: "many" } }), /n: .*number/],
    [
      "an answer with a field that nobody defined",
      "BAD_OUTPUT",
      () => ({ output: { n: 1, more: "x".repeat(10) } }),
      /more/,
    ],
    [
      "a reason of its own",
      "BUDGET_SPENT",
      () => Promise.reject(new StageFailure("BUDGET_SPENT", "All 5 USD are gone.")),
      /5 USD/,
    ],
    [
      "a refusal of the studio's policy",
      "REFUSED",
      async (c) => ({ output: await c.execute("topic", createTopic, { title: "" }) }),
      /title/,
    ],
  ])("for %s says so, and the run ends there", async (_, outcome, work, said) => {
    const t = await newTenant();
    const stages = `  - { name: one, run: strict, output: thing }\n  - { name: two, run: a, output: thing, needs: [one] }\n`;
    const services = pipelineServices(installation(stages, { strict: work, a: () => ({ output: {} }) }));
    const runId = await start(t, services);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual([`one/1 FAILED ${outcome}`]);
    const { run } = await recordOf(t, runId);
    expect(run).toMatchObject({ status: "FAILED", outcome, problem: expect.stringMatching(said) });
  });

  it("is stopped when its time is over", async () => {
    const t = await newTenant();
    let stopped = false;
    const work: Work = ({ signal }) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve({ output: {} }), 20_000);
        signal.addEventListener("abort", () => ((stopped = true), clearTimeout(timer)));
      });
    const services = pipelineServices(installation(ONE("timeout: 200ms"), { a: work }));
    const runId = await start(t, services);
    await drive(t, services);
    expect([await triesOf(t, runId), stopped]).toEqual([["one/1 FAILED TIMEOUT"], true]);
  });
});

describe("what a stage writes", () => {
  it("is written in the name of the run's starter, once for each try, and leads back to the run", async () => {
    const t = await newTenant();
    const work: Work = async (c) => {
      const write = () => c.execute("topic", createTopic, { title: "Made by a stage" });
      const [{ topicId }, again] = [await write(), await write()];
      return { output: { same: topicId === again.topicId }, produced: [topicId] };
    };
    const services = pipelineServices(installation(ONE("retries: 0"), { a: work }));
    const runId = await start(t, services);
    await drive(t, services);
    expect((await recordOf(t, runId)).run.status).toBe("DONE");
    const { audit } = await recordsOf(t.scope);
    const made = audit.filter(({ command }) => command === "createTopic");
    const ulid = runId.split(":")[1];
    expect(made).toMatchObject([{ actor: "tester", operationId: `run/${ulid}/one/1/topic`, outcome: "DONE" }]);
    expect(
      audit.some(({ operationId, command }) => operationId === `run/${ulid}/one/1` && command === "settleStage"),
    ).toBe(true);
  });

  it("is refused where the starter may not", async () => {
    const t = await newTenant();
    const work: Work = async (c) => ({ output: await c.execute("topic", createTopic, { title: "Not theirs" }) });
    const services = pipelineServices(installation(ONE("retries: 3"), { a: work }));
    const executed = await tryToStart(t, services, {}, t.caller("operator"));
    await drive(t, services);
    if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
    expect(await triesOf(t, executed.result.runId)).toEqual(["one/1 FAILED REFUSED"]);
  });
});

describe("a condition", () => {
  it.each([
    [{ n: 5 }, "one.n, at_least: 5", "DONE"],
    [{ n: 4 }, "one.n, at_least: 5", "SKIPPED"],
    [{ n: "5" }, "one.n, at_least: 5", "SKIPPED"],
    [{ v: "PASS" }, "one.v, equals: PASS", "DONE"],
    [{}, "one.v, equals: PASS", "SKIPPED"],
    [{}, "one.v, exists: false", "DONE"],
  ])("on %j, %s: %s", async (output, when, status) => {
    const t = await newTenant();
    const given: unknown[] = [];
    const stages = `${ONE("retries: 0")}  - { name: two, run: b, output: thing, needs: [one], when: { value: ${when} } }
  - { name: three, run: c, output: thing, needs: [two], input: { before: two } }\n`;
    const c: Work = (_, input) => (given.push(input), { output: {} });
    const services = pipelineServices(
      installation(stages, { a: () => ({ output }), b: () => ({ output: { ran: true } }), c }),
    );
    const runId = await start(t, services);
    await drive(t, services);
    const two = await stageOf(t, runId, "two");
    expect([two.status, (await recordOf(t, runId)).run.status]).toEqual([status, "DONE"]);
    const why = /^one\.[nv] is .+: for this stage it must be /;
    expect(why.test(two.problem ?? "")).toBe(status === "SKIPPED");
    expect(given).toEqual([{ before: status === "DONE" ? { ran: true } : null }]);
  });
});

describe("an approval", () => {
  const stages = ONE(`approval: { question: "Shall we?" }, retries: 1, backoff: { first: 10ms }`);
  const failOnce: Work = ({ attempt }) => {
    if (attempt === 1) throw new StageFailure("BUSY", "Not yet.", { retryable: true });
    return { output: {} };
  };

  it("is waited for, is nobody's who started the run, and holds for further tries", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(stages, { a: failOnce }));
    const runId = await start(t, services);
    await drive(t, services);
    expect(await stageOf(t, runId, "one")).toMatchObject({
      status: "WAITING",
      waitingFor: "APPROVAL",
      problem: "Shall we?",
      starts: 0,
    });
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "WAITING", wakeAt: null });
    const asked = { runId, stage: "one", approve: true };
    expect(codesOf(await act(decideStage, t.caller("tenant-admin"), asked))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await act(decideStage, t.person("ed", "editor"), asked))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await act(decideStage, t.person("ann", "approver"), { ...asked, stage: "two" }))).toEqual([
      "CONFLICT",
    ]);
    await done(decideStage, t.person("ann", "approver"), asked);
    expect(codesOf(await act(decideStage, t.person("ann", "approver"), asked))).toEqual(["CONFLICT"]);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED BUSY", "one/2 DONE OK"]);
    expect(await stageOf(t, runId, "one")).toMatchObject({ approvedBy: "ann" });
  });

  it("that is denied ends the run, in the approver's words", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(stages, { a: failOnce }));
    const runId = await start(t, services);
    await drive(t, services);
    await done(decideStage, t.person("ann", "approver"), { runId, stage: "one", approve: false, reason: "Too early." });
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({
      status: "FAILED",
      outcome: "REJECTED",
      problem: expect.stringContaining("Too early."),
    });
  });
});

describe("a repair", () => {
  const stages = (rounds: number) => `
  - { name: plan, run: a, output: thing }
  - { name: make, run: b, output: thing, needs: [plan], input: { repair: repair, was: repair.because } }
  - { name: check, run: c, output: thing, needs: [make], repair: { to: make, when: { value: check.verdict, equals: REPAIR }, rounds: ${rounds} } }
  - { name: last, run: d, output: thing, needs: [check] }
`;
  const world = (rounds: number, until: number) => {
    const given: unknown[] = [];
    const works = {
      a: () => ({ output: {} }),
      b: ((_, input) => (given.push(input["was"]), { output: { round: given.length } })) as Work,
      c: (({ round }) => ({
        output: { verdict: round < until ? "REPAIR" : "PASS", because: `round ${round}` },
      })) as Work,
      d: () => ({ output: {} }),
    };
    return { given, services: pipelineServices(installation(stages(rounds), works)) };
  };

  it("does everything from its stage on anew, and tells it why", async () => {
    const t = await newTenant();
    const { given, services } = world(3, 3);
    const runId = await start(t, services);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual([
      "plan/1 DONE OK",
      "make/1 DONE OK",
      "check/1 DONE REPAIR",
      "make/2 DONE OK",
      "check/2 DONE REPAIR",
      "make/3 DONE OK",
      "check/3 DONE OK",
      "last/1 DONE OK",
    ]);
    expect(given).toEqual([null, "round 1", "round 2"]);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "DONE", round: 3 });
  });

  it("is asked for no more often than the flow lets it; somebody may resume the run", async () => {
    const t = await newTenant();
    const { given, services } = world(2, 5);
    const runId = await start(t, services);
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "FAILED", outcome: "REPAIR_EXHAUSTED", round: 3 });
    expect(given).toHaveLength(3);
    await done(resumeRun, t.caller("editor"), { runId });
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "DONE", round: 5 });
  });
});

describe("a stage that blocks its run", () => {
  it("ends it as blocked with the reason, begins nothing behind it, and looks again when it is resumed", async () => {
    const t = await newTenant();
    let mended = false;
    const b: Work = () => ({ output: { fit: mended, because: "The bridge is out." } });
    const services = pipelineServices(
      installation(
        `
  - { name: one, run: a, output: thing }
  - { name: check, run: b, output: thing, needs: [one], block: { when: { value: check.fit, equals: false }, because: check.because } }
  - { name: last, run: c, output: thing, needs: [check] }
`,
        { a: () => ({ output: {} }), b, c: () => ({ output: {} }) },
      ),
    );
    const runId = await start(t, services);
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({
      status: "BLOCKED",
      outcome: "BLOCKED",
      problem: "check: The bridge is out.",
      finishedAt: expect.any(Number),
    });
    expect(await triesOf(t, runId)).toEqual(["one/1 DONE OK", "check/1 DONE BLOCKED"]);
    const told = (await recordsOf(t.scope)).events.filter(({ type }) => type === "run.ended");
    expect(told.map(({ data }) => JSON.parse(data as string))).toMatchObject([{ status: "BLOCKED" }]);
    await drive(t, services);
    expect(await triesOf(t, runId)).toHaveLength(2);
    mended = true;
    await done(resumeRun, t.caller("editor"), { runId });
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "DONE", outcome: null, problem: null });
    expect(await triesOf(t, runId)).toEqual([
      "one/1 DONE OK",
      "check/1 DONE BLOCKED",
      "check/2 DONE OK",
      "last/1 DONE OK",
    ]);
  });
});

describe("a limit on a stage", () => {
  it("holds for all runs of the studio together", async () => {
    const t = await newTenant();
    let [together, most] = [0, 0];
    const work: Work = async () => {
      most = Math.max(most, ++together);
      await sleep(60);
      together--;
      return { output: {} };
    };
    const services = pipelineServices(installation(ONE("concurrency: 2"), { a: work }));
    const runs = await Promise.all(Array.from({ length: 6 }, () => start(t, services)));
    expect(await drive(t, services)).toBe(6);
    expect(most).toBe(2);
    for (const runId of runs) expect((await recordOf(t, runId)).run.status).toBe("DONE");
  });
});

describe("a cancelled run", () => {
  it("stops what is under way, keeps what was done, and goes on from there when it is resumed", async () => {
    const t = await newTenant();
    let [ones, twos, stopped] = [0, 0, 0];
    const two: Work = ({ signal }) => {
      if (++twos > 1) return { output: {} };
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => (stopped++, reject(signal.reason as Error))),
      );
    };
    const stages = `${ONE("retries: 0")}  - { name: two, run: b, output: thing, needs: [one] }\n`;
    const services = pipelineServices(installation(stages, { a: () => (ones++, { output: {} }), b: two }));
    const runId = await start(t, services);
    const driving = drive(t, services);
    await until(t, runId, ({ stages: tries }) =>
      tries.some(({ stage, status }) => stage === "two" && status === "RUNNING"),
    );
    await done(cancelRun, t.caller("editor"), { runId });
    await driving;
    expect(stopped).toBe(1);
    expect(await triesOf(t, runId)).toEqual(["one/1 DONE OK", "two/1 CANCELLED CANCELLED"]);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "CANCELLED", outcome: "CANCELLED" });
    expect(codesOf(await act(cancelRun, t.caller("editor"), { runId }))).toEqual(["CONFLICT"]);
    await done(resumeRun, t.caller("editor"), { runId });
    expect(codesOf(await act(resumeRun, t.caller("editor"), { runId }))).toEqual(["CONFLICT"]);
    await drive(t, services);
    expect([ones, twos, (await recordOf(t, runId)).run.status]).toEqual([1, 2, "DONE"]);
  });
});

describe("a kill switch", () => {
  it("lets a run stand still, and what was computed is written once it is lifted", async () => {
    const t = await newTenant();
    let times = 0;
    let switched = "";
    const work: Work = async () => {
      times++;
      switched = (await done(setKillSwitch, t.caller("operator"), { scope: "CHANNEL", target: t.channelId }))
        .killSwitchId;
      return { output: {} };
    };
    const services = pipelineServices(installation(ONE("retries: 0"), { a: work }));
    const runId = await start(t, services, { channelId: t.channelId });
    const driving = drive(t, services);
    await until(t, runId, () => switched !== "");
    await sleep(500);
    expect((await recordOf(t, runId)).run.status).toBe("RUNNING");
    await done(liftKillSwitch, t.caller("operator"), { killSwitchId: switched });
    await driving;
    expect([times, (await recordOf(t, runId)).run.status]).toEqual([1, "DONE"]);
    const refused = (await recordsOf(t.scope)).audit.filter(({ outcome }) => outcome === "REFUSED");
    expect(refused.length).toBeLessThanOrEqual(2);
  });

  it("of everything, that stops what a stage writes, has it begin again once it is lifted", async () => {
    const t = await newTenant();
    let goes = 0;
    let switched = "";
    const work: Work = async (c) => {
      if (++goes === 1) switched = (await done(setKillSwitch, t.caller("operator"), { scope: "TENANT" })).killSwitchId;
      const { topicId } = await c.execute("topic", createTopic, { title: "Made by a stage" });
      return { output: { topicId }, produced: [topicId] };
    };
    const services = pipelineServices(installation(ONE("retries: 0"), { a: work }));
    const runId = await start(t, services);
    const driving = drive(t, services);
    await until(t, runId, () => switched !== "");
    await sleep(500);
    expect((await recordOf(t, runId)).run.status).toBe("RUNNING");
    await done(liftKillSwitch, t.caller("operator"), { killSwitchId: switched });
    await driving;
    expect([goes, await triesOf(t, runId)]).toEqual([2, ["one/1 DONE OK"]]);
    expect((await stageOf(t, runId, "one")).starts).toBe(1);
  });

  it("of what a stage writes alone ends the run, and says so", async () => {
    const t = await newTenant();
    await done(setKillSwitch, t.caller("operator"), { scope: "CAPABILITY", target: "topic.write" });
    const work: Work = async (c) => ({ output: await c.execute("topic", createTopic, { title: "Stopped" }) });
    const services = pipelineServices(installation(ONE("retries: 0"), { a: work }));
    const runId = await start(t, services);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED REFUSED"]);
    expect((await recordOf(t, runId)).run.problem).toContain("KILL_SWITCH");
  });
});

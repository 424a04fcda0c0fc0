import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { execute } from "../../server/commands/execute.js";
import { createWebhook } from "../../server/domains/webhook/webhook.service.js";
import { receiveEvent } from "../../server/domains/webhook/receive-event.service.js";
import { decideStage } from "../../server/domains/run/signal.service.js";
import { advanceRun } from "../../server/domains/run/advance.service.js";
import { resumeRun } from "../../server/domains/run/run.service.js";
import { beginStage, MAX_STARTS, settleStage } from "../../server/domains/run/stage.service.js";
import { driveRuns } from "../../jobs/drive-runs.job.js";
import { workOf } from "../../jobs/scheduler.js";
import { systemCaller } from "../../server/commands/caller.js";
import { StageFailure } from "../../server/pipeline/executor.js";
import { act, done } from "../kit/approvals.js";
import {
  executor,
  drive,
  installation,
  pipelineServices,
  recordOf,
  stageOf,
  start,
  triesOf,
  type Work,
} from "../kit/pipeline.js";
import { testOffice } from "../kit/office.js";
import type { Services } from "../../server/services.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import { buildService } from "../kit/webhooks.js";

/*
 * What reaches a run from outside, and what it shares with others: callbacks, the cache, events.
 */

/** What an event of ours tells, of a stage or in OpenLineage's words. */
interface LineageEvent {
  readonly stage: string;
  readonly status: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly schemaURL: string;
  readonly job: { readonly name: string };
  readonly run: {
    readonly runId: string;
    readonly facets: { readonly parent?: { readonly run: { readonly runId: string } } };
  };
}

interface Answer {
  readonly accepted: boolean;
  readonly problems: readonly { readonly code: string }[];
}

/** A webhook by which an orchestrator reports; answers how to report by it. */
async function orchestrator(t: TestTenant, services?: Services) {
  const principalId = await buildService(t);
  const types = ["stage.completed", "stage.failed"];
  const input = { id: ulid(), sealed: "sealed", title: "Orchestrator", direction: "IN", types, principalId };
  const { webhookId } = await done(createWebhook, t.caller("tenant-admin"), input);
  const caller = { ...t.person("orchestrator", "operator"), scopes: ["event.receive"] };
  return async (type: "stage.completed" | "stage.failed", data: object): Promise<Answer> => {
    const body = { type, data: { stage: "one", attempt: 1, at: "2026-11-21T06:00:00Z", ...data } };
    const messageId = `msg_${ulid()}`;
    const given = {
      operationId: operationId(),
      reason: "reported",
      webhookId,
      messageId,
      sha256: "0".repeat(64),
      body,
      // As the door for webhooks does.
      output: (await services?.pipeline.judgeReport(t.id, body)) ?? null,
    };
    const executed = await execute(testOffice(), receiveEvent, caller, given);
    if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
    return executed.result;
  };
}

const WAITING = (more = "") => `
  - { name: one, run: a, output: thing, wait: callback${more} }
  - { name: two, run: b, output: thing, needs: [one], input: { was: one } }
`;

describe("a stage that waits for a callback", () => {
  const works = (seen: unknown[] = []) => ({
    a: (() => ({ output: { handed: "on" } })) as Work,
    b: ((_, input) => (seen.push(input["was"]), { output: {} })) as Work,
  });

  it("is moved by exactly one report, whatever else comes", async () => {
    const t = await newTenant();
    const report = await orchestrator(t);
    const seen: unknown[] = [];
    const services = pipelineServices(installation(WAITING(), works(seen)));
    const runId = await start(t, services);
    await drive(t, services);
    expect(await stageOf(t, runId, "one")).toMatchObject({ status: "WAITING", waitingFor: "CALLBACK" });
    expect((await recordOf(t, runId)).run.status).toBe("WAITING");

    expect(await report("stage.completed", { run_id: `PipelineRun:${ulid()}` })).toMatchObject({
      accepted: false,
      problems: [{ code: "NOT_FOUND" }],
    });
    expect(await report("stage.completed", { run_id: runId, attempt: 2 })).toMatchObject({
      accepted: false,
      problems: [{ code: "NOT_FOUND" }],
    });
    expect(await report("stage.completed", { run_id: runId, stage: "two" })).toMatchObject({ accepted: false });
    // A run that the orchestrator calls by its own name is none of ours: it is told on, as ever.
    expect(await report("stage.completed", { run_id: "their-run-7" })).toMatchObject({ accepted: true });
    expect((await stageOf(t, runId, "one")).status).toBe("WAITING");

    const answers = await Promise.all([1, 2, 3].map(() => report("stage.completed", { run_id: runId })));
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(answers.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual(["CONFLICT", "CONFLICT"]);
    const before = await stageOf(t, runId, "one");
    expect(before).toMatchObject({ status: "DONE", outcome: "CALLED_BACK", waitingFor: null });
    await drive(t, services);
    expect(seen).toEqual([{ handed: "on" }]);
    expect((await stageOf(t, runId, "one")).version).toBe(before.version);
    expect((await recordOf(t, runId)).run.status).toBe("DONE");
    expect(await report("stage.failed", { run_id: runId, error: "too late", retryable: true })).toMatchObject({
      accepted: false,
      problems: [{ code: "CONFLICT" }],
    });
  });

  it("isn't moved by a report that would have its output fetched; one of a run that is none of ours is told on", async () => {
    const t = await newTenant();
    const report = await orchestrator(t);
    const services = pipelineServices(installation(WAITING(), works()));
    const runId = await start(t, services);
    await drive(t, services);
    const output_url = "https://runner.example/out/7";
    expect(await report("stage.completed", { run_id: runId, output_url })).toMatchObject({
      accepted: false,
      problems: [
        { code: "BAD_INPUT", path: "data.output_url", message: expect.stringContaining("without output_url") },
      ],
    });
    expect((await stageOf(t, runId, "one")).status).toBe("WAITING");
    expect(await report("stage.completed", { run_id: "their-run-7", output_url })).toMatchObject({ accepted: true });
    expect(await report("stage.completed", { run_id: runId })).toMatchObject({ accepted: true });
    expect((await stageOf(t, runId, "one")).outcome).toBe("CALLED_BACK");
  });

  it("takes the stage's output from the report when it is the document that the flow says, and tells where it isn't", async () => {
    const t = await newTenant();
    const strict = `
  - { name: one, run: strict, output: thing, wait: callback }
  - { name: two, run: b, output: thing, needs: [one], input: { was: one } }
`;
    const seen: unknown[] = [];
    const services = pipelineServices(installation(strict, { strict: () => ({ output: { n: 1 } }), b: works(seen).b }));
    const report = await orchestrator(t, services);
    const runId = await start(t, services);
    await drive(t, services);
    const before = await stageOf(t, runId, "one");
    expect(before).toMatchObject({ status: "WAITING", waitingFor: "CALLBACK" });
    for (const output of [{ n: "many" }, { n: 2, more: true }, {}])
      expect(await report("stage.completed", { run_id: runId, output })).toMatchObject({
        accepted: false,
        problems: [
          {
            code: "BAD_INPUT",
            path: "data.output",
            message: expect.stringMatching(/^It is no thing: (?:n|more|the whole)/),
          },
        ],
      });
    // What nobody judged isn't taken either.
    const unjudged = await orchestrator(t);
    expect(await unjudged("stage.completed", { run_id: runId, output: { n: 2 } })).toMatchObject({
      accepted: false,
      problems: [{ code: "BAD_INPUT", path: "data.output" }],
    });
    expect(await stageOf(t, runId, "one")).toEqual(before);
    const answers = [
      await report("stage.completed", { run_id: runId, output: { n: 2 } }),
      await report("stage.completed", { run_id: runId, output: { n: 3 } }),
    ];
    expect(answers.map(({ accepted }) => accepted)).toEqual([true, false]);
    await drive(t, services);
    expect(seen).toEqual([{ n: 2 }]);
    expect((await recordOf(t, runId)).run.status).toBe("DONE");
  });

  it("is tried again after a report of a failure that may be mended, and ends the run after any other", async () => {
    const t = await newTenant();
    const report = await orchestrator(t);
    const services = pipelineServices(installation(WAITING(", retries: 2"), works()));
    const runId = await start(t, services);
    await drive(t, services);
    await report("stage.failed", { run_id: runId, error: "Out of paper.", retryable: true });
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED CALLED_BACK", "one/2 WAITING null"]);
    await report("stage.failed", { run_id: runId, attempt: 2, error: "On fire.", retryable: false });
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({
      status: "FAILED",
      problem: expect.stringContaining("On fire."),
    });
  });

  it("is given up when nobody reports in time", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(WAITING(", wait_timeout: 300ms"), works()));
    const runId = await start(t, services);
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "FAILED", outcome: "TIMEOUT" });
  });
});

describe("the cache", () => {
  const CACHED = `
  - { name: one, run: a, output: thing, cache: { by: [run.topic_id, run.input.about], for: 1h } }
  - { name: two, run: b, output: thing, needs: [one], input: { was: one } }
`;

  it("serves every channel of the studio with equal values, tells where it came from, and counts", async () => {
    const t = await newTenant();
    let times = 0;
    const seen: unknown[] = [];
    const a: Work = () => ({ output: { n: ++times }, provider: "reader", tokens: 7, costUsd: 0.1 });
    const b: Work = (_, input) => (seen.push(input["was"]), { output: {} });
    const services = pipelineServices(installation(CACHED, { a, b }));
    const first = await start(t, services, { channelId: t.channelId, input: `{"about":"tea"}` });
    await drive(t, services);
    const second = await start(t, services, { input: `{"about":"tea"}` });
    const other = await start(t, services, { input: `{"about":"coffee"}` });
    await drive(t, services);
    expect(times).toBe(2);
    const computed = await stageOf(t, first, "one");
    expect(computed).toMatchObject({ cacheHit: false, outcome: "OK", tokens: 7 });
    expect(await stageOf(t, second, "one")).toMatchObject({
      cacheHit: true,
      outcome: "CACHED",
      cachedFrom: computed.id,
      provider: "reader",
      outputHash: computed.outputHash,
      tokens: 0,
      costUsd: 0,
      starts: 0,
    });
    expect((await stageOf(t, other, "one")).cacheHit).toBe(false);
    expect(seen.map((was) => (was as { n: number }).n).sort()).toEqual([1, 1, 2]);

    // Another version of the executor may answer otherwise, and another studio has its own.
    const newer = pipelineServices(installation(CACHED, { a: executor("a", a, "2"), b }));
    const third = await start(t, newer, { input: `{"about":"tea"}` });
    await drive(t, newer);
    expect((await stageOf(t, third, "one")).cacheHit).toBe(false);
    const stranger = await newTenant();
    const theirs = await start(stranger, services, { input: `{"about":"tea"}` });
    await drive(stranger, services);
    expect((await stageOf(stranger, theirs, "one")).cacheHit).toBe(false);
  });

  it("keeps nothing of a try that failed, and nothing for longer than the flow says", async () => {
    const t = await newTenant();
    let times = 0;
    const a: Work = () => (++times === 1 ? Promise.reject(new Error("down")) : { output: { n: times } });
    const brief = CACHED.replace("for: 1h", "for: 1ms");
    const services = pipelineServices(installation(brief, { a, b: () => ({ output: {} }) }));
    for (const _ of [1, 2, 3]) {
      const runId = await start(t, services, { input: `{"about":"tea"}` });
      await drive(t, services, { troubles: [] });
      expect((await stageOf(t, runId, "one")).cacheHit).toBe(false);
    }
    expect(times).toBe(3);
  });
});

describe("what is told of a run", () => {
  it("is each move of its stages, and OpenLineage's events of the same", async () => {
    const t = await newTenant();
    const stages = `  - { name: one, run: a, output: thing }\n  - { name: two, run: strict, output: thing, needs: [one] }\n`;
    const services = pipelineServices(
      installation(stages, { a: () => ({ output: {} }), strict: () => ({ output: {} }) }),
    );
    const runId = await start(t, services);
    await drive(t, services);
    const events = (await recordsOf(t.scope)).events
      .toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
      .map(({ type, subject, data }) => ({ type, subject, data: JSON.parse(String(data)) as never as LineageEvent }))
      .filter(({ subject }) => subject === runId);
    expect(events.filter(({ type }) => type === "run.stage").map(({ data }) => `${data.stage} ${data.status}`)).toEqual(
      ["one RUNNING", "one DONE", "two RUNNING", "two FAILED"],
    );
    const lineage = events.filter(({ type }) => type === "openlineage.run-event").map(({ data }) => data);
    expect(lineage.map(({ eventType, job }) => `${eventType} ${job.name}`).sort()).toEqual([
      "COMPLETE test.one",
      "FAIL test",
      "FAIL test.two",
      "START test",
      "START test.one",
      "START test.two",
    ]);
    const whole = lineage.find(({ job }) => job.name === "test")!;
    for (const { run, eventTime, schemaURL } of lineage) {
      expect(run.runId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(Number.isNaN(Date.parse(eventTime))).toBe(false);
      expect(schemaURL).toContain("/2-0-2/");
      expect(run.facets.parent?.run.runId ?? run.runId).toBe(whole.run.runId);
    }
  });
});

describe("a step that was decided on what has changed since", () => {
  it("does nothing: a signal between the look and the step isn't slept over", async () => {
    const t = await newTenant();
    const stages = `  - { name: one, run: a, output: thing, approval: { question: "Shall we?" } }\n`;
    const services = pipelineServices(installation(stages, { a: () => ({ output: {} }) }));
    const runId = await start(t, services);
    await drive(t, services);
    const { version } = (await recordOf(t, runId)).run;
    await done(decideStage, t.person("ann", "approver"), { runId, stage: "one", approve: true });
    const park = { runId, version, step: { do: "park", wakeAt: null } };
    expect(await act(advanceRun, systemCaller(t.id), park)).toMatchObject({ ok: true, result: { go: false } });
    await drive(t, services);
    expect((await recordOf(t, runId)).run.status).toBe("DONE");
  });
});

describe("a try whose process ended", () => {
  const orphaned = async (t: TestTenant, services: ReturnType<typeof pipelineServices>) => {
    const runId = await start(t, services);
    await done(beginStage, systemCaller(t.id), { runId, stage: "one", attempt: 1, executor: "a", how: "RUN" });
    return runId;
  };

  it("is begun again by whoever drives on", async () => {
    const t = await newTenant();
    const services = pipelineServices(
      installation(`  - { name: one, run: a, output: thing }\n`, { a: () => ({ output: {} }) }),
    );
    const runId = await orphaned(t, services);
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 DONE OK"]);
    expect((await stageOf(t, runId, "one")).starts).toBe(2);
  });

  it("isn't begun for ever: what ends its process each time has failed for good, until somebody resumes the run", async () => {
    const t = await newTenant();
    const stages = `  - { name: one, run: a, output: thing, retries: 1, backoff: { first: 10ms } }\n`;
    const services = pipelineServices(installation(stages, { a: () => ({ output: {} }) }));
    const runId = await orphaned(t, services);
    for (let i = 1; i < MAX_STARTS; i++)
      await done(beginStage, systemCaller(t.id), { runId, stage: "one", attempt: 1, executor: "a", how: "RUN" });
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED PROCESS_LOST"]);
    const { run } = await recordOf(t, runId);
    expect(run).toMatchObject({ status: "FAILED", outcome: "PROCESS_LOST" });
    expect(run.problem).toContain(`its process ended before it did, ${MAX_STARTS} times`.slice(1));
    await done(resumeRun, t.person("ed", "editor"), { runId });
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED PROCESS_LOST", "one/2 DONE OK"]);
  });

  it("keeps its retries for failures of its work, however often its process ended", async () => {
    const t = await newTenant();
    const stages = `  - { name: one, run: a, output: thing, retries: 1, backoff: { first: 10ms } }\n`;
    let goes = 0;
    const once = () => {
      if (++goes === 1) throw new StageFailure("BUSY", "Not yet.", { retryable: true });
      return { output: {} };
    };
    const services = pipelineServices(installation(stages, { a: once }));
    const runId = await orphaned(t, services);
    for (let i = 1; i < 4; i++)
      await done(beginStage, systemCaller(t.id), { runId, stage: "one", attempt: 1, executor: "a", how: "RUN" });
    await drive(t, services);
    expect(await triesOf(t, runId)).toEqual(["one/1 FAILED BUSY", "one/2 DONE OK"]);
    expect((await stageOf(t, runId, "one")).starts).toBe(1);
  });

  it("may end twice: what was written first counts", async () => {
    const t = await newTenant();
    const services = pipelineServices(
      installation(`  - { name: one, run: a, output: thing }\n`, { a: () => ({ output: {} }) }),
    );
    const runId = await orphaned(t, services);
    const end = (n: number) => ({
      ...{
        operationId: `run/${runId.split(":")[1]}/one/1`,
        reason: "a test",
        runId,
        stage: "one",
        attempt: 1,
        latencyMs: n,
      },
      ...{ tokens: n, costUsd: 0, end: { status: "FAILED", outcome: `E${n}`, problem: "a test", retryable: false } },
    });
    const office = testOffice();
    const both = await Promise.all([1, 2].map((n) => execute(office, settleStage, systemCaller(t.id), end(n))));
    expect(both.map((one) => one.ok)).toEqual([true, true]);
    expect(both.filter((one) => one.ok && one.replayed)).toHaveLength(1);
    expect((await stageOf(t, runId, "one")).version).toBe(2);
  });
});

describe("processes that drive the same studio", () => {
  it("are one at a time: each stage is worked on once", async () => {
    const t = await newTenant();
    const goes: string[] = [];
    const work: Work = async ({ runId, stage }) => {
      goes.push(`${runId} ${stage}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { output: {} };
    };
    const stages = `  - { name: one, run: a, output: thing }\n  - { name: two, run: a, output: thing, needs: [one] }\n`;
    const replicas = [1, 2, 3].map(() => pipelineServices(installation(stages, { a: work })));
    const runs = await Promise.all([1, 2, 3, 4].map(() => start(t, replicas[0]!)));
    const job = { name: driveRuns.name, maxAttempts: 3, timeoutMs: 60_000, leaseMs: 5_000 };
    const pulses = replicas.map((services) =>
      services.jobs.pulse(job, t.id, workOf(services, driveRuns, t.id), (error) => expect.unreachable(String(error))),
    );
    const never = new AbortController().signal;
    for (let i = 0; i < 20; i++) await Promise.all(pulses.map((pulse) => pulse.beat(Date.now(), false, never)));
    await Promise.all(pulses.map((pulse) => pulse.close()));
    expect(goes.toSorted()).toEqual(runs.flatMap((runId) => [`${runId} one`, `${runId} two`]).toSorted());
    for (const runId of runs) expect((await recordOf(t, runId)).run.status).toBe("DONE");
  });
});

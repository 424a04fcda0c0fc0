import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseNodeId } from "../../graph-schema/node-id.js";
import {
  createExperiment,
  recordVariantFigures,
  stopExperiment,
} from "../../server/domains/experiment/experiment.service.js";
import { DOCUMENTS_OF_STAGES } from "../../server/pipeline/tasks.js";
import type { Executed } from "../../server/commands/execute.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, done } from "../kit/approvals.js";
import { buildEpisode, buildTopic } from "../kit/build.js";
import { buildExperiment } from "../kit/experiments.js";
import { drive, executor, installation, pipelineServices, recordOf, start, TEST_TASKS } from "../kit/pipeline.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

vi.setConfig({ testTimeout: 120_000 });

/** Codes and places of a refusal; empty when it was done. */
const faultsOf = (executed: Executed<unknown>): string[] =>
  executed.ok ? [] : executed.problems.map(({ code, path }) => `${code} ${path}`);

/* Variants of hooks and thumbnails, and how often scenes are sent back: what a studio learns of its own work. */

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ASK = `query ($filter: ExperimentFilter) { experiments(filter: $filter) { edges { node {
  id status planned winnerId endedAt episode { id } variants { id ordinal title impressions clicks }
  result { verdict winnerId why alphaEach variants { variantId ctr low high } comparisons { firstId secondId difference low high apart } }
} } } }`;

const asked = async (t: TestTenant, episodeId: string) =>
  (await api.ask(t.id, ASK, { filter: { episodeId } })).data.experiments.edges.map(
    ({ node }: { node: unknown }) => node,
  );
type Told = readonly [impressions: number, clicks: number];
const figures = (variants: readonly string[], ...told: Told[]) =>
  told.map(([impressions, clicks], i) => ({ variantId: variants[i], impressions, clicks }));

describe("an experiment", () => {
  it("says nothing before its sample is whole, however far one is ahead, and ends by it", async () => {
    const t = await newTenant();
    const episodeId = await buildEpisode(t);
    const ed = t.caller("editor");
    const { experiment, variants } = await buildExperiment(ed, { episodeId });
    const record = (...told: Told[]) =>
      act(recordVariantFigures, ed, { experimentId: experiment, figures: figures(variants, ...told) });
    // 152 each: Fleiss' formula for 0.25 and 0.40.
    await record([151, 10], [5_000, 3_000]);
    const [early] = await asked(t, episodeId);
    expect(early).toMatchObject({ status: "RUNNING", planned: 152, winnerId: null, episode: { id: episodeId } });
    expect(early.result).toMatchObject({ verdict: "TOO_EARLY", winnerId: null, comparisons: [{ apart: true }] });
    expect(faultsOf(await record([150, 10]))).toEqual(["BAD_INPUT figures.0.impressions"]);
    await record([152, 10]);
    const [ended] = await asked(t, episodeId);
    expect(ended).toMatchObject({ status: "CONCLUDED", winnerId: variants[1], result: { verdict: "WINNER" } });
    expect(ended.result.winnerId).toBe(variants[1]);
    // The same totals again are nothing new; others would be a second look.
    expect(faultsOf(await record([152, 10]))).toEqual([]);
    expect(faultsOf(await record([153, 10]))).toEqual(["CONFLICT experimentId"]);
    expect((await asked(t, episodeId))[0]).toEqual(ended);
  });

  it("has no winner where there is none, and none when it was stopped", async () => {
    const t = await newTenant();
    const episodeId = await buildEpisode(t);
    const ed = t.caller("editor");
    const three = ["A", "B", "C"].map((title) => ({ title, content: title }));
    const { experiment, variants } = await buildExperiment(ed, { episodeId, variants: three });
    const [before] = await asked(t, episodeId);
    expect(before.result.alphaEach).toBeCloseTo(0.05 / 3, 12);
    expect(before.planned).toBeGreaterThan(152);
    expect(faultsOf(await act(createExperiment, ed, { ...BASE, episodeId }))).toEqual(["CONFLICT kind"]);
    // C is above A, and not above B.
    const told: Told[] = [
      [1_000, 200],
      [1_000, 290],
      [1_000, 300],
    ];
    await done(recordVariantFigures, ed, { experimentId: experiment, figures: figures(variants, ...told) });
    const [ended] = await asked(t, episodeId);
    expect(ended).toMatchObject({ status: "CONCLUDED", winnerId: null, result: { verdict: "NO_WINNER" } });
    expect(ended.result.comparisons.map(({ apart }: { apart: boolean }) => apart)).toEqual([true, true, false]);
    const second = await buildExperiment(ed, { episodeId });
    await done(recordVariantFigures, ed, {
      experimentId: second.experiment,
      figures: figures(second.variants, [100, 1], [100, 90]),
    });
    await done(stopExperiment, ed, { experimentId: second.experiment });
    const [, stopped] = await asked(t, episodeId);
    expect(stopped).toMatchObject({ status: "STOPPED", winnerId: null, result: { verdict: "STOPPED" } });
    expect(faultsOf(await act(stopExperiment, ed, { experimentId: second.experiment }))).toEqual([
      "CONFLICT experimentId",
    ]);
  });

  const BASE = {
    ...{ kind: "THUMBNAIL", title: "Which", baseCtr: 0.04, effect: 0.01 },
    variants: ["A", "B"].map((title) => ({ title, content: title })),
  };

  it("is refused where it could tell nothing", async () => {
    const t = await newTenant();
    const episodeId = await buildEpisode(t);
    const refused = async (more: object) =>
      faultsOf(await act(createExperiment, t.caller("editor"), { ...BASE, episodeId, ...more }));
    expect(await refused({ variants: [{ title: "A", content: "A" }] })).toEqual(["BAD_INPUT variants"]);
    expect(await refused({ variants: [...BASE.variants, { title: "a", content: "A" }] })).toEqual([
      "BAD_INPUT variants",
    ]);
    expect(await refused({ baseCtr: 4 })).toEqual(["BAD_INPUT baseCtr"]);
    expect(await refused({ effect: 0 })).toEqual(["BAD_INPUT effect"]);
    expect(await refused({ baseCtr: 0.5, effect: 0.5 })).toEqual(["BAD_INPUT effect"]);
    const { experiment, variants } = await buildExperiment(t.caller("editor"), { episodeId });
    const others = await buildExperiment(t.caller("editor"), { episodeId: await buildEpisode(t) });
    const record = async (given: object[]) =>
      faultsOf(await act(recordVariantFigures, t.caller("editor"), { experimentId: experiment, figures: given }));
    expect(await record(figures(others.variants, [1, 1]))).toEqual(["BAD_INPUT figures.0.variantId"]);
    expect(await record(figures(variants, [1, 2]))).toEqual(["BAD_INPUT figures.0.clicks"]);
  });
});

const FLOW = `
  - { name: scenes, run: a, output: thing }
  - name: qa
    run: b
    needs: [scenes]
    output: thing
    repair: { to: scenes, when: { value: qa.verdict, equals: REPAIR }, rounds: 2 }
`;

describe("rewrites of a channel", () => {
  it("are what the record of its runs says, by what asked for them; and QA's last word is there scene by scene", async () => {
    const t = await newTenant();
    let round = 0;
    const finding = (code: string) => ({ code, at: "scene 1", message: "wrong", remedy: "mend it" });
    const items = [{ item: "CLAIMS_SAID", passed: true, why: "said", remedy: null }];
    const qa = executor("qa", () => ({
      output:
        ++round === 1
          ? { verdict: "REPAIR", findings: [finding("CLAIM_NOT_SAID"), finding("TRACE_MISMATCH")] }
          : { verdict: "PASS", findings: [], checklist: [{ scene: 1, title: "One", items }] },
    }));
    const installed = installation(FLOW, { a: () => ({ output: {} }), b: () => ({ output: {} }) });
    const flow = installed.flows.get("test")!;
    const stages = flow.stages.map((stage) => (stage.name === "qa" ? { ...stage, run: "qa" } : stage));
    const task = { ...TEST_TASKS["a"]!, output: "qa", schema: DOCUMENTS_OF_STAGES.qa };
    const services = pipelineServices({
      // Rewrites are told of episodes' runs.
      flows: new Map([["episode", { ...flow, flow: "episode", stages }]]),
      tasks: { ...TEST_TASKS, qa: task },
      executors: new Map([...installed.executors, ["qa", qa]]),
    });
    const channelId = t.channelId;
    const order = { flow: "episode", channelId, topicId: await buildTopic(t) };
    const first = await start(t, services, order);
    await drive(t, services);
    const second = await start(t, services, order);
    await drive(t, services);
    expect((await recordOf(t, first)).run).toMatchObject({ status: "DONE", round: 2 });
    const REWRITES = `query ($id: ID!, $weeks: Int!) { rewrites(channelId: $id, weeks: $weeks) { runs rewrites trend { direction certain }
      weeks { runs runsSentBack rewrites } triggers { code count weeks trend { direction } } } }`;
    const { data } = await api.ask(t.id, REWRITES, { id: channelId, weeks: 2 });
    expect(data.rewrites).toEqual({
      ...{ runs: 2, rewrites: 1, trend: { direction: "UNKNOWN", certain: false } },
      weeks: [
        { runs: 0, runsSentBack: 0, rewrites: 0 },
        { runs: 2, runsSentBack: 1, rewrites: 1 },
      ],
      triggers: ["CLAIM_NOT_SAID", "TRACE_MISMATCH"].map((code) => ({
        ...{ code, count: 1, weeks: [0, 1] },
        trend: { direction: "UNKNOWN" },
      })),
    });
    // What is told of the past doesn't know how runs ended later: the first was sent back by then, and might have been again.
    const { finishedAt } = (await recordOf(t, first)).run;
    const known = async (at: number) => {
      const AS_OF = `query ($id: ID!, $at: DateTime) { rewrites(channelId: $id, weeks: 2, asOf: $at) { runs rewrites } }`;
      const answer = await api.ask(t.id, AS_OF, { id: channelId, at: new Date(at).toISOString() });
      return answer.data.rewrites;
    };
    expect(await known(finishedAt! - 1)).toEqual({ runs: 0, rewrites: 0 });
    expect(await known(finishedAt!)).toEqual({ runs: 1, rewrites: 1 });
    const GATE = `query ($id: ID!) { qaGate(runId: $id) { verdict round findings { code } scenes { scene title items { item passed why remedy } } } }`;
    expect((await api.ask(t.id, GATE, { id: first })).data.qaGate).toEqual({
      ...{ verdict: "PASS", round: 2, findings: [], scenes: [{ scene: 1, title: "One", items }] },
    });
    expect(parseNodeId(second)?.label).toBe("PipelineRun");
    const other = await newTenant();
    for (const [query, id] of [
      [GATE, first],
      [REWRITES, channelId],
    ] as const)
      expect((await api.ask(other.id, query, { id, weeks: 2 })).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { ulid } from "ulid";
import { FOREVER } from "../../graph-schema/time.js";
import { setChannelConfig } from "../../server/domains/channel/channel-config.service.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { recordKpis } from "../../server/domains/kpi/kpi.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildEpisode } from "../kit/build.js";
import { plant, plantedId, type PlantedEdge, type PlantedNode } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* A channel's scorecard over HTTP, held against graphs whose figures are counted by hand. */

const DAY = 86_400_000;
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

interface Row {
  readonly criterion: string;
  readonly value: number | null;
  readonly target: number | null;
  readonly verdict: string;
  readonly sampleSize: number;
  readonly why: string;
  readonly link: string;
  readonly nodes: { readonly id: string }[];
  readonly parts: { readonly value: number }[];
}
const CARD = `query Q($id: ID!, $asOf: DateTime) { channelScorecard(channelId: $id, asOf: $asOf) {
  phase met of configVersion asOf
  rows { criterion value target unit currency from to sampleSize verdict why link isExit parts { name value } nodes { id } }
} }`;
async function card(t: TestTenant, id = t.channelId, asOf: string | null = null) {
  const answer = await api.ask(t.id, CARD, { id, asOf });
  const found = answer.data?.["channelScorecard"] as
    | { phase: number; met: number; of: number; asOf: string; rows: Row[] }
    | null
    | undefined;
  if (found == null) throw new Error(JSON.stringify(answer.errors));
  return { ...found, row: (criterion: string) => found.rows.find((one) => one.criterion === criterion)! };
}

/** Runs of a channel that ended so many days ago in these rounds, each with tries. */
function runsOf(channelId: string, now: number, days: number, rounds: readonly number[], tried: object) {
  const nodes: PlantedNode[] = [];
  const edges: PlantedEdge[] = [];
  for (const round of rounds) {
    const at = now - days * DAY;
    const [run, stage] = [plantedId("PipelineRun"), plantedId("StageRun")];
    const common = { startedAt: at - 1_000, finishedAt: at };
    nodes.push(
      {
        id: run,
        validFrom: at - 1_000,
        properties: {
          ...common,
          ...{ flow: "episode", flowVersion: "1.0.0", flowHash: "0".repeat(64), status: "DONE", input: "{}" },
          ...{ startedBy: "tester", startedByName: "Tess", startedByRoles: [], round },
        },
      },
      {
        id: stage,
        validFrom: at - 1_000,
        properties: {
          ...common,
          ...{ key: `${run}/${ulid()}`, runId: run, stage: "research", attempt: 1, round: 1, executor: "research" },
          ...{ status: "DONE", starts: 1, cacheHit: false, tokens: 0, costUsd: 0, retryable: false, superseded: false },
          ...tried,
        },
      },
    );
    edges.push({ type: "ON", from: run, to: channelId }, { type: "PART_OF", from: stage, to: run });
  }
  return { nodes, edges };
}

const published = (channelId: string, at: number, status = "PUBLISHED") => {
  const id = plantedId("Episode");
  return {
    nodes: [{ id, validFrom: at - DAY, properties: { status, publishedAt: at } }],
    edges: [{ type: "ON" as const, from: id, to: channelId, validFrom: at - DAY, validTo: FOREVER }],
  };
};
const whole = async (t: TestTenant, ...parts: { nodes: PlantedNode[]; edges: PlantedEdge[] }[]) =>
  plant(
    t,
    parts.flatMap(({ nodes }) => nodes),
    parts.flatMap(({ edges }) => edges),
  );

it("of a channel without anything claims nothing, and names what is missing", async () => {
  const t = await newTenant();
  const { rows, met, of, phase } = await card(t);
  expect([met, of, phase]).toEqual([0, 6, 0]);
  expect(rows.map(({ verdict }) => verdict)).toEqual([
    "NOT_MET",
    ...Array.from({ length: 5 }, () => "NOT_ENOUGH_DATA"),
  ]);
  expect(rows.every(({ why, link }) => why.length > 10 && link.includes(t.channelId))).toBe(true);
});

it("counts videos, cadence, cache, calls and rewrites of its own channel alone", async () => {
  const t = await newTenant();
  const now = Date.now();
  const { channelId: other } = await t.run(createChannel, { title: "Other", platform: "video" });
  const goals = { uploadsPerWeek: 1.5 };
  await t.run(setChannelConfig, { channelId: t.channelId, goals, phase: 1 });
  const days = [1, 3, 8, 15, 16, 22, 40, 41, 42, 43];
  await whole(
    t,
    ...days.map((ago) => published(t.channelId, now - ago * DAY)),
    published(t.channelId, now - 2 * DAY, "RETRACTED"),
    published(other, now - DAY),
    runsOf(t.channelId, now, 2, [1, 1, 2], { cacheKey: "k", cacheHit: true, providerCalls: 40, rateLimited: 1 }),
    runsOf(
      t.channelId,
      now,
      3,
      Array.from({ length: 8 }, () => 1),
      { cacheKey: "k", cacheHit: true },
    ),
    runsOf(t.channelId, now, 4, [1, 1, 1, 1], { cacheKey: "k" }),
    runsOf(t.channelId, now, 40, [2, 2, 3], { cacheKey: "k", providerCalls: 500, rateLimited: 400 }),
    runsOf(other, now, 2, [9, 9, 9], { cacheKey: "k", providerCalls: 500, rateLimited: 400 }),
  );
  const { row, met, phase } = await card(t);
  expect(phase).toBe(1);
  expect(row("PUBLISHED_VIDEOS")).toMatchObject({ value: 10, target: 10, verdict: "MET" });
  expect(row("PUBLISHED_VIDEOS").nodes).toHaveLength(10);
  // Six of 28 days and the one retracted since, over four weeks.
  expect(row("CADENCE")).toMatchObject({ value: 1.75, target: 1.5, verdict: "MET", sampleSize: 7 });
  expect(row("CACHE_HIT_RATE")).toMatchObject({ sampleSize: 15, verdict: "MET" });
  expect(row("CACHE_HIT_RATE").value).toBeCloseTo(11 / 15);
  expect(row("RATE_LIMITED")).toMatchObject({ value: 0.025, sampleSize: 120, verdict: "NOT_MET" });
  expect(row("REWRITE_TREND")).toMatchObject({ sampleSize: 18, verdict: "MET" });
  expect(row("REWRITE_TREND").value).toBeCloseTo(1 / 15);
  expect(row("REWRITE_TREND").target).toBeCloseTo(4 / 3);
  expect(met).toBe(4);
  // Another channel has its own, and another tenant's none of either.
  expect((await card(t, other)).row("PUBLISHED_VIDEOS").value).toBe(1);
  const stranger = await newTenant();
  const answer = await api.ask(stranger.id, CARD, { id: t.channelId });
  expect(JSON.stringify(answer.errors)).toContain("NOT_FOUND");
});

it("adds up two whole months from figures as they were known at the instant", async () => {
  const t = await newTenant();
  const now = new Date();
  const month = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  const [one, two] = [await buildEpisode(t), await buildEpisode(t)];
  const goals = { monthlyRevenue: 100, currency: "EUR" };
  await t.run(setChannelConfig, { channelId: t.channelId, goals, kpiTargets: { ctr: 0.05, rpm: 2 } });
  const day = (back: number, on: string) => `${month(back)}-${on}`;
  const earned = (subjectId: string, on: string, revenue: number) => ({ subjectId, day: on, revenue, currency: "EUR" });
  await t.run(recordKpis, {
    rows: [
      earned(one, day(2, "03"), 70),
      { subjectId: two, day: day(2, "04"), views: 20_000, rpm: 2, currency: "EUR" },
      earned(two, day(1, "05"), 90),
      // The month that isn't over counts in neither.
      earned(one, day(0, "01"), 1_000),
    ],
  });
  const first = await card(t);
  const revenue = first.row("REVENUE_TWO_MONTHS");
  expect(revenue).toMatchObject({
    ...{ value: 90, target: 100, verdict: "NOT_MET", currency: "EUR", sampleSize: 3 },
    parts: [
      { name: month(2), value: 110 },
      { name: month(1), value: 90 },
    ],
  });
  expect(revenue.nodes).toHaveLength(3);
  await t.run(recordKpis, { rows: [earned(two, day(1, "05"), 130)] });
  expect((await card(t)).row("REVENUE_TWO_MONTHS")).toMatchObject({ value: 110, verdict: "MET" });
  // What was known then is still told then.
  expect((await card(t, t.channelId, first.asOf)).row("REVENUE_TWO_MONTHS")).toMatchObject({ value: 90 });
  // Figures of the whole channel take the place of its episodes' on their days, and of no other.
  await t.run(recordKpis, { rows: [earned(t.channelId, day(1, "28"), 40)] });
  expect((await card(t)).row("REVENUE_TWO_MONTHS").parts[1]).toMatchObject({ value: 170 });
  await t.run(recordKpis, { rows: [earned(t.channelId, day(1, "05"), 20)] });
  expect((await card(t)).row("REVENUE_TWO_MONTHS")).toMatchObject({ value: 60, verdict: "NOT_MET" });
});

it("counts the revenue of an episode for the channel that it was on at the instant", async () => {
  const t = await newTenant();
  const { channelId: other } = await t.run(createChannel, { title: "Other", platform: "video" });
  const goals = { monthlyRevenue: 100, currency: "EUR" };
  for (const channelId of [t.channelId, other]) await t.run(setChannelConfig, { channelId, goals });
  const now = Date.now();
  const month = (back: number) => {
    const date = new Date(now);
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  };
  const episode = plantedId("Episode");
  const day = { validFrom: now - 90 * DAY, validTo: FOREVER };
  const records = [2, 1].map((back) => ({
    id: plantedId("KpiRecord"),
    validFrom: now - 80 * DAY,
    properties: { subjectId: episode, day: `${month(back)}-03`, revenue: 200, currency: "EUR" },
  }));
  await plant(
    t,
    [{ id: episode, validFrom: now - 90 * DAY }, ...records],
    [
      { type: "ON", from: episode, to: t.channelId, ...day, validTo: now - 10 * DAY },
      { type: "ON", from: episode, to: other, ...day, validFrom: now - 10 * DAY },
      ...records.map(({ id }) => ({ type: "MEASURES" as const, from: id, to: episode, ...day })),
    ],
  );
  expect((await card(t)).row("REVENUE_TWO_MONTHS")).toMatchObject({ value: null, verdict: "NOT_ENOUGH_DATA" });
  expect((await card(t, other)).row("REVENUE_TWO_MONTHS")).toMatchObject({ value: 200, verdict: "MET" });
});

it("holds the last 28 days of its episodes against the channel's own targets", async () => {
  const t = await newTenant();
  const on = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
  const episode = await buildEpisode(t);
  await t.run(setChannelConfig, {
    channelId: t.channelId,
    kpiTargets: { viewsPerDay: 150, ctr: 0.05, avdSeconds: 60 },
  });
  await t.run(recordKpis, {
    rows: [
      { subjectId: episode, day: on(3), views: 100, impressions: 1_000, ctr: 0.1, avdSeconds: 30 },
      { subjectId: episode, day: on(4), views: 300, impressions: 3_000, ctr: 0.02, avdSeconds: 90 },
      { subjectId: episode, day: on(40), views: 90_000, impressions: 1, ctr: 1, avdSeconds: 900 },
    ],
  });
  const { row, rows } = await card(t);
  expect(rows.filter((one) => !(one as unknown as { isExit: boolean }).isExit)).toHaveLength(3);
  expect(row("VIEWS_PER_DAY")).toMatchObject({ value: 200, verdict: "MET", sampleSize: 2 });
  // Each weighs by what it was counted over: (100 + 60) / 4,000 and (3,000 + 27,000) / 400.
  expect(row("CTR")).toMatchObject({ value: 0.04, verdict: "NOT_MET", sampleSize: 4_000 });
  expect(row("AVD")).toMatchObject({ value: 75, verdict: "MET", sampleSize: 400 });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ulid } from "ulid";
import { setTopicWeights } from "../../server/domains/channel/topic-weights.service.js";
import { recordKpis } from "../../server/domains/kpi/kpi.service.js";
import { readerOf } from "../../server/pipeline/office.js";
import { embeddedScoring } from "../../server/pipeline/executors/topic-scoring.js";
import type { Scoring } from "../../server/pipeline/executors/stage-documents.js";
import type { StageContext } from "../../server/pipeline/executor.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildEpisode, buildTopic } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { importKpis } from "../kit/import.js";
import { dropResultsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

const HEADER = "episode_id,video_id,date,impressions,views,ctr,avd_s,rpm,revenue,currency";
const file = (...rows: string[]) => `${[HEADER, ...rows].join("\n")}\n`;

const KPIS = `query($id: ID!) {
  kpiRecords(filter: { subjectId: $id }, first: 100) {
    totalCount
    edges { node { subjectId day impressions views ctr avdSeconds rpm revenue currency version } }
  }
}`;
const RECORD = `mutation($input: RecordKpisInput!) {
  recordKpis(input: $input) { created updated skipped replayed problems { code path message } }
}`;

describe("import kpis", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  interface Recorded {
    readonly day: string;
    readonly views: number;
    readonly version: number;
  }
  /** By day; the API tells them by id, and those of one batch have ids of one instant. */
  const recordsOf = async (t: TestTenant, id: string): Promise<Recorded[]> =>
    (await api.ask(t.id, KPIS, { id })).data.kpiRecords.edges
      .map(({ node }: { node: Recorded }) => node)
      .toSorted((a: Recorded, b: Recorded) => a.day.localeCompare(b.day));

  it("brings a file in once, and what another file says otherwise as a new version", async () => {
    const t = await newTenant();
    const [one, two] = [await buildEpisode(t), await buildEpisode(t)];
    const text = file(
      `${one},,2025-03-01,1000,40,0.04,62.5,2.5,0.1,EUR`,
      `${one},,2025-03-02,,50,,,,,`,
      `${two},v-2,2025-03-01,,7,,,,,`,
      `,v-2,2025-03-02,,8,,,,,`,
    );
    const first = await importKpis(api, t.id, text);
    expect(first.last).toMatchObject({ type: "done", read: 4, created: 4, updated: 0, skipped: 0, refused: 0 });
    expect(await recordsOf(t, one)).toMatchObject([
      {
        ...{ subjectId: one, day: "2025-03-01", impressions: 1_000, views: 40, ctr: 0.04, avdSeconds: 62.5 },
        ...{ rpm: 2.5, revenue: 0.1, currency: "EUR", version: 1 },
      },
      { day: "2025-03-02", views: 50, ctr: null, version: 1 },
    ]);
    expect((await importKpis(api, t.id, text)).last).toMatchObject({ created: 0, updated: 0, skipped: 4, refused: 0 });
    const other = file(`${one},,2025-03-01,,41,,,,,`);
    expect((await importKpis(api, t.id, other)).last).toMatchObject({ created: 0, updated: 1, skipped: 0 });
    // The first file again says what it said: a version more, under an operation of its own, even when results are dropped.
    await dropResultsOf(t.scope);
    expect((await importKpis(api, t.id, text)).last).toMatchObject({ created: 0, updated: 1, skipped: 3 });
    expect((await recordsOf(t, one))[0]).toMatchObject({ views: 40, ctr: 0.04, version: 3 });
    expect((await recordsOf(t, two)).map(({ views }) => views)).toEqual([7, 8]);
    const unknown = await importKpis(api, t.id, file(",v-3,2025-03-01,,1,,,,,"));
    expect(unknown.events[0]).toMatchObject({
      line: 2,
      id: "v-3",
      problems: [{ code: "NOT_FOUND", path: "video_id" }],
    });
  });

  it("refuses rows by column and remedy, and takes the rest", async () => {
    const t = await newTenant();
    const episode = await buildEpisode(t);
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    const rows: readonly (readonly [row: string, path: string | null])[] = [
      [`${episode},,2025-03-01,,1,,,,5,EUR`, null],
      [`${episode},,2025-03-02,,1,4.5%,,,,`, "ctr"],
      [`${episode},,2025-03-03,,1,4.5,,,,`, "ctr"],
      [`${episode},,2025-03-04,,1,,,,5,USD`, "currency"],
      [`${episode},,2025-03-05,,1,,,,5,`, "currency"],
      [`${episode},,${tomorrow},,1,,,,,`, "date"],
      [`Episode:${ulid()},,2025-03-06,,1,,,,,`, "episode_id"],
      [`${episode},,2025-03-07,,-1,,,,,`, "views"],
      [`${episode},,2025-03-08,,,,,,,`, ""],
      [`${episode},,2025-03-09,1,`, ""],
      [`${episode},,2025-03-10,,1,,,,5,EUR`, null],
    ];
    const done = await importKpis(api, t.id, file(...rows.map(([row]) => row)));
    expect(done.last).toMatchObject({ read: rows.length, created: 2, refused: rows.length - 2 });
    const refused = done.events
      .filter(({ type }) => type === "refused")
      .map(({ line, problems }) => [line, problems![0]!.path] as const)
      .toSorted((a, b) => a[0]! - b[0]!);
    expect(refused).toEqual(rows.flatMap(([, path], i) => (path === null ? [] : [[i + 2, path]])));
    // Another file can't bring another currency to the channel either.
    const dollars = await importKpis(api, t.id, file(`${await buildEpisode(t)},,2025-03-01,,1,,,,5,USD`));
    expect(dollars.events[0]).toMatchObject({ type: "refused", problems: [{ path: "currency" }] });
  });

  it("tells what it would do and does nothing in a dry run", async () => {
    const t = await newTenant();
    const episode = await buildEpisode(t);
    const text = file(`${episode},v,2025-03-01,,1,,,,,`, `,v,2025-03-01,,2,,,,,`, `${episode},,2025-03-01,,2,,,,,`);
    const dry = await importKpis(api, t.id, text, { dryRun: true });
    // The second row tells the day of the first by its other name; the third tells it anew.
    expect(dry.last).toMatchObject({ read: 3, created: 1, updated: 1, skipped: 0, refused: 1, dryRun: true });
    const changes = dry.events.filter(({ type }) => type === "change");
    expect(changes).toMatchObject([
      { line: 2, action: "create", detail: `${episode} 2025-03-01: views 1` },
      { line: 4, action: "update", detail: `${episode} 2025-03-01: views 2` },
    ]);
    expect(await recordsOf(t, episode)).toEqual([]);
  });

  it("refuses what is no table of figures, and who may not import", async () => {
    const t = await newTenant();
    for (const text of ["", "a,b\n1,2\n", "episode_id;date;views\n"])
      expect(await importKpis(api, t.id, text), text).toMatchObject({ status: 400, error: { code: "BAD_INPUT" } });
    const executive = await importKpis(api, t.id, file(), { roles: ["executive"] });
    expect(executive.error?.code).toBe("FORBIDDEN");
    const json = { headers: { "content-type": "application/json" } };
    expect((await importKpis(api, t.id, file(), json)).status).toBe(415);
  });

  it("writes all rows of a mutation or none, and names what is wrong by row and field", async () => {
    const t = await newTenant();
    const [one, two] = [await buildEpisode(t), await buildEpisode(t)];
    const record = async (rows: object[], id = operationId()) =>
      (await api.ask(t.id, RECORD, { input: { operationId: id, reason: "a test", rows } })).data.recordKpis as object;
    const good = { subjectId: one, day: "2025-03-01", views: 3 };
    expect(await record([good, { subjectId: two, day: "2025-03-01", ctr: 4.5 }])).toMatchObject({
      created: null,
      problems: [{ code: "BAD_INPUT", path: "rows.1.ctr" }],
    });
    expect(await record([good, { subjectId: `Episode:${ulid()}`, day: "2025-03-01", views: 1 }])).toMatchObject({
      problems: [{ code: "NOT_FOUND", path: "rows.1.subjectId" }],
    });
    expect(await record([good, { ...good, views: 4 }])).toMatchObject({ problems: [{ path: "rows.1.day" }] });
    expect(await recordsOf(t, one)).toEqual([]);
    const id = operationId();
    const rows = [good, { subjectId: t.channelId, day: "2025-03-01", views: 9 }];
    expect(await record(rows, id)).toMatchObject({ created: 2, updated: 0, skipped: 0, replayed: false });
    expect(await record(rows, id)).toMatchObject({ created: 2, replayed: true });
    expect(await record(rows)).toMatchObject({ created: 0, skipped: 2 });
    expect(await recordsOf(t, t.channelId)).toMatchObject([{ views: 9 }]);
  });

  it("scores topics by the figures of the channel once there are enough of them, by its own weights", async () => {
    const t = await newTenant();
    const topicId = await buildTopic(t, { title: "Volcanoes of Iceland" });
    const plan = {
      topic_id: topicId,
      channel_id: t.channelId,
      title: "Volcanoes of Iceland",
      questions: ["?"],
      duration_s: 60,
    };
    const score = async () => {
      const reader = readerOf(testGraph(), t.id);
      const context = { reader, startedAt: Date.UTC(2025, 3, 1) } as unknown as StageContext;
      return (await embeddedScoring().run(context, { plan })).output as Scoring;
    };
    const measure = async (title: string, views: number) => {
      const subjectId = await buildEpisode(t, { title });
      await t.run(recordKpis, { rows: [{ subjectId, day: "2025-03-01", views }] });
    };
    for (const title of ["Bridges", "Harbours", "Tunnels", "Canals"]) await measure(title, 100);
    const before = await score();
    expect(before).toMatchObject({ formula_version: "evidence-held/1", weights_version: 0 });
    expect(before.note).toContain("4 episodes");
    await measure("Volcanoes at sea", 400);
    const after = await score();
    expect(after.formula_version).toBe("evidence-and-kpis/1");
    expect(after.inputs.find(({ name }) => name.startsWith("views"))).toMatchObject({ weight: 1, sample_size: 1 });
    expect(after.score).toBeGreaterThan(before.score);
    await t.run(setTopicWeights, { channelId: t.channelId, weights: [{ input: "VIEWS", weight: 4 }] });
    const weighed = await score();
    expect(weighed.weights_version).toBe(1);
    expect(weighed.score - before.score).toBeCloseTo(4 * (after.score - before.score), 3);
  });
});

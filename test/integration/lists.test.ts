import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { recordDecision } from "../../server/domains/decision/decision.service.js";
import { openIncident } from "../../server/domains/incident/incident.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode, buildScene, buildSource, buildTopic, publish } from "../kit/build.js";
import { plant, plantedId } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

interface List {
  edges: { cursor: string; node: { id: string; version: number } }[];
  totalCount: number;
  totalIsExact: boolean;
  asOf: string;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const FIELDS =
  "edges { cursor node { id version } } totalCount totalIsExact asOf pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
const pause = () => new Promise((resolve) => setTimeout(resolve, 15));
const iso = (instant: number): string => new Date(instant).toISOString();

describe("lists", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  /** `filter` is GraphQL text. */
  const ask = (t: TestTenant, noun: string, filter = "", page: object = {}) =>
    api.ask(
      t.id,
      `query Lists_Test($first: Int! = 500, $after: String, $asOf: DateTime) { list: ${noun}(first: $first, after: $after, asOf: $asOf${filter === "" ? "" : `, filter: ${filter}`}) { ${FIELDS} } }`,
      page,
    );
  async function list(t: TestTenant, noun: string, filter = "", page: object = {}): Promise<List> {
    const { data, errors } = await ask(t, noun, filter, page);
    expect(errors, `${noun} ${filter}`).toBeUndefined();
    return data.list;
  }
  const ids = async (t: TestTenant, noun: string, filter = "", page: object = {}): Promise<string[]> =>
    (await list(t, noun, filter, page)).edges.map(({ node }) => node.id);

  it("lists each noun of the tenant, oldest first, and nothing of its twin", async () => {
    const t = await newTenant();
    const topics = [await buildTopic(t), await buildTopic(t), await buildTopic(t)];
    const source = await buildSource(t);
    const episode = await buildEpisode(t);
    const scenes = [await buildScene(t, { episodeId: episode }), await buildScene(t, { episodeId: episode })];
    expect(await list(t, "topics")).toMatchObject({
      totalCount: 3,
      totalIsExact: true,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    });
    expect(await ids(t, "topics")).toEqual(topics);
    expect(await ids(t, "sources")).toEqual([source]);
    expect(await ids(t, "episodes")).toEqual([episode]);
    expect(await ids(t, "scenes")).toEqual(scenes);
    expect(await ids(t, "channels")).toEqual([t.channelId]);
    for (const noun of ["claims", "incidents", "decisions"]) {
      expect(await list(t, noun)).toMatchObject({
        edges: [],
        totalCount: 0,
        pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
      });
    }
  });

  it("pages by key: every row once, whatever the size, with the count of the whole on each page", async () => {
    const t = await newTenant();
    const wanted = Array.from({ length: 23 }, () => plantedId("Claim")).sort();
    await plant(t, wanted.map((id) => ({ id })).toReversed(), []);
    for (const first of [1, 5, 22, 23, 24]) {
      const seen: string[] = [];
      let after: string | null = null;
      for (let more = true; more;) {
        const page: List = await list(t, "claims", "", { first, after });
        expect(page).toMatchObject({ totalCount: 23, totalIsExact: true });
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)!.cursor);
        seen.push(...page.edges.map(({ node }) => node.id));
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      expect(seen, `by ${first}`).toEqual(wanted);
    }
    // The cursor of any row leads on from it.
    const whole = await list(t, "claims");
    expect(await ids(t, "claims", "", { after: whole.edges[9]!.cursor })).toEqual(wanted.slice(10));
  });

  it("keeps the first page's instant: what is written between two pages isn't in them", async () => {
    const t = await newTenant();
    await plant(
      t,
      Array.from({ length: 4 }, () => ({ id: plantedId("Topic") })),
      [],
    );
    const one = await list(t, "topics", "", { first: 2 });
    await buildTopic(t);
    const two = await list(t, "topics", "", { first: 10, after: one.pageInfo.endCursor });
    expect(two).toMatchObject({ totalCount: 4, asOf: one.asOf });
    expect(two.edges).toHaveLength(2);
    expect(await list(t, "topics")).toMatchObject({ totalCount: 5 });
  });

  it("answers for an instant: rows, their versions and what filters see of them", async () => {
    const t = await newTenant();
    const [early, late] = [await buildClaim(t), await buildClaim(t)];
    const stated = Date.now();
    await pause();
    await t.run(setClaimStatus, { claimId: early, status: "WRONG" });
    await buildClaim(t);
    const past = { asOf: iso(stated) };
    expect(await ids(t, "claims", "", past)).toEqual([early, late]);
    expect(await ids(t, "claims", "{ status: [WRONG] }", past)).toEqual([]);
    expect(await ids(t, "claims", "{ status: [STATED] }", past)).toEqual([early, late]);
    expect(await ids(t, "claims", "{ status: [WRONG] }")).toEqual([early]);
    expect((await list(t, "claims", "", past)).edges[0]!.node.version).toBe(1);
    expect((await list(t, "claims")).edges[0]!.node.version).toBe(2);
    expect(await list(t, "claims", "", { asOf: "2001-01-01" })).toMatchObject({ edges: [], totalCount: 0 });
  });

  it("filters by properties: any of the values, all of the fields", async () => {
    const t = await newTenant();
    const [a, b, c] = [
      await buildSource(t, { tier: 1, status: "ACTIVE" }),
      await buildSource(t, { tier: 2, status: "STALE" }),
      await buildSource(t, { tier: 1, status: "RETRACTED" }),
    ];
    expect(await ids(t, "sources", "{ tier: [1] }")).toEqual([a, c]);
    expect(await ids(t, "sources", "{ tier: [1, 2] }")).toEqual([a, b, c]);
    expect(await ids(t, "sources", "{ tier: [1], status: [RETRACTED, STALE] }")).toEqual([c]);
    expect(await ids(t, "sources", "{ tier: null }")).toEqual([a, b, c]);
    expect(await ids(t, "sources", "{ tier: [] }")).toEqual([]);
    expect(await list(t, "sources", "{ tier: [1] }", { first: 1 })).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
    });
    const incidents = [
      (await t.run(openIncident, { title: "One", severity: 1 })).incidentId,
      (await t.run(openIncident, { title: "Two", severity: 2, openedAt: 1, resolvedAt: 2 })).incidentId,
    ];
    expect(await ids(t, "incidents", "{ severity: [1, 2] }")).toEqual(incidents);
    expect(await ids(t, "incidents", "{ status: [RESOLVED] }")).toEqual([incidents[1]]);
    expect(await ids(t, "incidents", "{ status: [OPEN], severity: [2] }")).toEqual([]);
    const prices = await buildClaim(t, { kind: "PRICE" });
    await buildClaim(t, { kind: "LAW" });
    expect(await ids(t, "claims", "{ kind: [PRICE], status: [STATED] }")).toEqual([prices]);
  });

  it("filters by neighbours, by both at once too, and pages within", async () => {
    const t = await newTenant();
    const [x, y] = [await buildTopic(t), await buildTopic(t)];
    const { channelId: second } = await t.run(createChannel, { title: "Second", platform: "video" });
    const [ax, ay, bx, bx2] = [
      await buildEpisode(t, { topicId: x }),
      await buildEpisode(t, { topicId: y }),
      await buildEpisode(t, { topicId: x, channelId: second }),
      await buildEpisode(t, { topicId: x, channelId: second }),
    ];
    expect(await ids(t, "episodes", `{ channelId: "${t.channelId}" }`)).toEqual([ax, ay]);
    expect(await ids(t, "episodes", `{ topicId: "${x}" }`)).toEqual([ax, bx, bx2]);
    expect(await ids(t, "episodes", `{ channelId: "${second}", topicId: "${x}" }`)).toEqual([bx, bx2]);
    expect(await ids(t, "episodes", `{ channelId: "${second}", topicId: "${y}" }`)).toEqual([]);
    await buildScene(t, { episodeId: bx2 });
    await publish(t, bx2);
    expect(await ids(t, "episodes", `{ channelId: "${second}", topicId: "${x}", status: [PUBLISHED] }`)).toEqual([bx2]);
    const both = `{ channelId: "${second}", topicId: "${x}" }`;
    const one = await list(t, "episodes", both, { first: 1 });
    expect(one).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    expect(await ids(t, "episodes", both, { after: one.pageInfo.endCursor })).toEqual([bx2]);
    const scenes = [await buildScene(t, { episodeId: ax }), await buildScene(t, { episodeId: ax })];
    await buildScene(t, { episodeId: ay });
    expect(await ids(t, "scenes", `{ episodeId: "${ax}" }`)).toEqual(scenes);
    const about = { title: "Why", outcome: "so", rationale: "because" };
    const { decisionId } = await t.run(recordDecision, { ...about, aboutIds: [x, ax] });
    await t.run(recordDecision, { ...about, aboutIds: [y] });
    for (const id of [x, ax]) expect(await ids(t, "decisions", `{ aboutId: "${id}" }`)).toEqual([decisionId]);
    expect(await ids(t, "episodes", `{ topicId: "${plantedId("Topic")}" }`)).toEqual([]);
  });

  it("refuses what is out of bounds, ids of another kind and cursors of another list, and names the field", async () => {
    const t = await newTenant();
    for (let i = 0; i < 2; i++) await buildTopic(t);
    const { endCursor } = (await list(t, "topics", "", { first: 1 })).pageInfo;
    for (const [field, noun, filter, page] of [
      ["first", "topics", "", { first: 0 }],
      ["first", "topics", "", { first: 501 }],
      ["after", "topics", "", { after: "?" }],
      ["after", "claims", "", { after: endCursor }],
      ["after", "topics", "", { after: endCursor, asOf: "2020-01-01" }],
      ["after", "topics", "", { after: `${endCursor}x` }],
      ["filter.topicId", "episodes", `{ topicId: "${t.channelId}" }`, {}],
      ["filter.topicId", "episodes", `{ topicId: "1" }`, {}],
      ["filter.aboutId", "decisions", `{ aboutId: "${t.channelId}" }`, {}],
    ] as const) {
      const { errors } = await ask(t, noun, filter, page);
      expect(errors?.[0]?.extensions, `${noun} ${filter} ${JSON.stringify(page)}`).toMatchObject({
        code: "BAD_INPUT",
        field,
      });
    }
  });
});

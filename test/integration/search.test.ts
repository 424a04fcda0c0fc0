import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tenantKey } from "../../server/graph/life.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode, buildTopic } from "../kit/build.js";
import { plant, plantedId } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const ASK = `query Search_Test($text: String!, $labels: [NodeLabel!], $first: Int, $after: String) {
  search(text: $text, labels: $labels, first: $first, after: $after) {
    edges { cursor node { id label title } } totalCount totalIsExact pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Found {
  edges: { cursor: string; node: { id: string; label: string; title: string } }[];
  totalCount: number;
  totalIsExact: boolean;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

describe("search", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function search(t: TestTenant, text: string, more: object = {}): Promise<Found> {
    const { data, errors } = await api.ask(t.id, ASK, { text, ...more });
    expect(errors, text).toBeUndefined();
    return data.search;
  }
  const titles = async (t: TestTenant, text: string, more: object = {}): Promise<string[]> =>
    (await search(t, text, more)).edges.map((e) => e.node.title);

  it("puts the exact title first, then titles that begin with the words, then better matches", async () => {
    const t = await newTenant();
    for (const title of [
      "On heat pump noise and heat pump cost",
      "Heat pump",
      "Heat pump efficiency in winter",
      "A pump for heat",
    ])
      await buildTopic(t, { title });
    const found = await titles(t, "heat pump");
    expect(found.slice(0, 2)).toEqual(["Heat pump", "Heat pump efficiency in winter"]);
    expect(new Set(found.slice(2))).toEqual(new Set(["On heat pump noise and heat pump cost", "A pump for heat"]));
    expect(await titles(t, "HEAT PUMP")).toEqual(found);
    expect((await titles(t, "  heat pump  "))[0]).toBe("Heat pump");
  });

  it("demands all of the words, and takes the last as unfinished", async () => {
    const t = await newTenant();
    for (const title of ["Solar panels on balconies", "Solar storage", "Panels of wood"])
      await buildTopic(t, { title });
    expect(await titles(t, "solar panels")).toEqual(["Solar panels on balconies"]);
    expect(await titles(t, "solar pan")).toEqual(["Solar panels on balconies"]);
    expect(await titles(t, "sol panels")).toEqual([]);
    expect(await titles(t, "solar wood")).toEqual([]);
    expect(new Set(await titles(t, "so"))).toEqual(new Set(["Solar panels on balconies", "Solar storage"]));
  });

  it("finds words as they are written: numbers with a point, apostrophes, hyphens, addresses", async () => {
    const t = await newTenant();
    const all = [
      "A 3.5kWh battery for 1,000 euros",
      "Europe's largest wind farm",
      "COVID-19 in the U.S. press",
      "What example.com said of snake_case",
      "C++ and C# for AT&T",
    ];
    for (const title of all) await buildTopic(t, { title });
    for (const [text, title] of [
      ["3.5kWh battery", all[0]],
      ["battery 3.5k", all[0]],
      ["for 1,000", all[0]],
      ["Europe's", all[1]],
      ["europe's larg", all[1]],
      ["covid-19", all[2]],
      ["covid-1", all[2]],
      ["covid", all[2]],
      ["in the U.S. pr", all[2]],
      ["example.com", all[3]],
      ["snake_case", all[3]],
      ["AT&T", all[4]],
      ["C++ and C#", all[4]],
    ] as const) {
      expect(await titles(t, text), text).toEqual([title]);
    }
  });

  it("searches the labels named, by default all", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t, { text: "Kettles use energy" });
    const topic = await buildTopic(t, { title: "Kettles" });
    const episode = await buildEpisode(t, { title: "Kettles and more" });
    const found = async (labels?: string[]) =>
      new Set((await search(t, "kettles", { labels })).edges.map((e) => e.node.id));
    expect(await found()).toEqual(new Set([claim, topic, episode]));
    expect(await found(["CLAIM"])).toEqual(new Set([claim]));
    expect(await found(["CLAIM", "EPISODE"])).toEqual(new Set([claim, episode]));
    expect(await found([])).toEqual(new Set());
    const { errors } = await api.ask(t.id, ASK, { text: "kettles", labels: ["KETTLE"] });
    expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
  });

  it("counts and pages: each match once, in one order; over 1,000 the count is a lower bound", async () => {
    const t = await newTenant();
    const nodes = Array.from({ length: 1_010 }, (_, i) => ({
      id: plantedId("Claim"),
      title: `Walrus number ${i} ${i % 97 === 0 ? "rare" : "plain"}`,
    }));
    await plant(t, nodes, []);
    const rare = nodes.filter(({ title }) => title.endsWith("rare"));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const found: Found = await search(t, "walrus rare", { first: 4, after });
      expect(found).toMatchObject({ totalCount: rare.length, totalIsExact: true });
      seen.push(...found.edges.map((e) => e.node.id));
      after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toHaveLength(rare.length);
    expect(new Set(seen)).toEqual(new Set(rare.map(({ id }) => id)));
    expect(await search(t, "walrus", { first: 1 })).toMatchObject({ totalCount: 1_000, totalIsExact: false });
  });

  it("trusts no term of the index: a node of another tenant under this one's key isn't found", async () => {
    const t = await newTenant();
    const id = plantedId("Topic");
    await plant(t, [{ id, title: "Walrus astray", properties: { tenantKey: tenantKey(t.id) } }], []);
    expect(await search(t, "walrus")).toMatchObject({ edges: [{ node: { id } }], totalCount: 1 });
  });

  it("takes syntax of the index as text, and never leaves the tenant", async () => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    await buildTopic(theirs, { title: "Secret walrus plans" });
    await buildTopic(mine, { title: "Public walrus" });
    const key = theirs.id.replaceAll("-", "_");
    for (const text of [
      `tenantKey:${key}`,
      `walrus OR tenantKey:${key}`,
      `secret") OR tenantKey:"${key}`,
      `secret\\") OR (tenantKey:"${key}"`,
      `tenantKey:"${key}" secret`,
      "title:secret",
      "*",
      "*:*",
      "secret*",
      "/secret.*/",
      "[a TO z]",
      "{secret TO secrez}",
      "secret~0.1",
      "secret^4",
      "-public",
      "NOT public",
      "!public",
    ]) {
      expect(
        (await search(mine, text)).edges.filter((e) => e.node.title.startsWith("Secret")),
        text,
      ).toEqual([]);
    }
    for (const sign of [
      "+",
      "-",
      "&&",
      "||",
      "!",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      "^",
      '"',
      "~",
      "*",
      "?",
      ":",
      "\\",
      "/",
      "\\\\",
      "'",
      "`",
      "AND",
      "OR",
      "NOT",
      "TO",
    ]) {
      for (const text of [
        sign,
        `${sign}walrus`,
        `walrus${sign}`,
        `walrus ${sign} public`,
        `"${sign}`,
        `walrus "${sign}`,
      ])
        await search(mine, text);
    }
    expect(await titles(mine, '"public" (walrus)')).toEqual(["Public walrus"]);
    expect(await titles(mine, "walrus!")).toEqual(["Public walrus"]);
  });

  it("finds in any script, however its accents are coded", async () => {
    const t = await newTenant();
    for (const title of [
      "Café au lait",
      "量子计算的未来",
      "الطاقة الشمسية في المنازل",
      "Ελληνικά νέα",
      "हिन्दी समाचार",
      "한국어 뉴스",
    ])
      await buildTopic(t, { title });
    expect(await titles(t, "Café")).toEqual(["Café au lait"]);
    expect(await titles(t, "Cafe\u0301 au")).toEqual(["Café au lait"]);
    expect(await titles(t, "量子")).toEqual(["量子计算的未来"]);
    expect(await titles(t, "الطاقة")).toEqual(["الطاقة الشمسية في المنازل"]);
    expect(await titles(t, "ΕΛΛΗΝΙΚΆ")).toEqual(["Ελληνικά νέα"]);
    expect(await titles(t, "हिन्दी")).toEqual(["हिन्दी समाचार"]);
    expect(await titles(t, "한국")).toEqual(["한국어 뉴스"]);
  });

  it("refuses an empty text, too long a one, and a cursor of other words", async () => {
    const t = await newTenant();
    for (let i = 0; i < 3; i++) await buildTopic(t, { title: `Otter ${i}` });
    for (const text of ["", "   ", "x".repeat(501)]) {
      expect((await api.ask(t.id, ASK, { text })).errors?.[0]?.extensions, text.slice(0, 5)).toMatchObject({
        code: "BAD_INPUT",
        field: "text",
      });
    }
    expect(await search(t, "?!")).toMatchObject({ edges: [], totalCount: 0, totalIsExact: true });
    const { pageInfo } = await search(t, "otter", { first: 1 });
    for (const variables of [
      { text: "otter 1", after: pageInfo.endCursor },
      { text: "otter", labels: ["TOPIC"], after: pageInfo.endCursor },
      { text: "otter", after: "zzz" },
    ]) {
      expect((await api.ask(t.id, ASK, variables)).errors?.[0]?.extensions).toMatchObject({
        code: "BAD_INPUT",
        field: "after",
      });
    }
    for (const first of [0, 501]) {
      expect((await api.ask(t.id, ASK, { text: "otter", first })).errors?.[0]?.extensions).toMatchObject({
        code: "BAD_INPUT",
        field: "first",
      });
    }
  });
});

import { existsSync, readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { issueToken } from "../../server/identity/tokens.js";
import { MAX_LINE_BYTES } from "../../server/imports/lines.js";
import { startApi, type TestApi } from "../kit/api.js";
import { environment } from "../kit/env.js";
import { claimRow, countOf, dump, importClaims, jsonLines, sha256 } from "../kit/import.js";
import { seeded } from "../kit/random.js";
import { dropResultsOf } from "../kit/records.js";
import { newTenant } from "../kit/tenant.js";

const realFile = join(environment.data, "vitaminc_claims", "vitaminc_open.jsonl");
const hasRealFile = existsSync(realFile);
// oxlint-disable-next-line no-console -- a skipped test says so
if (!hasRealFile)
  console.warn(`SKIPPED: there is no ${realFile}; set THROUGHLINE_DATA to test imports of the real file`);

/** `n` rows about as many claims, on a few sources. */
const manyRows = (n: number, more: object = {}) =>
  Array.from({ length: n }, (_, i) =>
    claimRow({
      id: `many-${i}`,
      claim: `Claim number ${i}.`,
      evidence: `Evidence number ${i % 50}.`,
      source_title: `Page ${i % 7}`,
      revision_id: String(i % 7),
      ...more,
    }),
  );

describe("import claims", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it.skipIf(!hasRealFile)(
    "brings in the real file, in any order of its rows, and the second time nothing",
    { timeout: 240_000 },
    async () => {
      const [one, two, three] = [await newTenant(), await newTenant(), await newTenant()];
      const text = readFileSync(realFile, "utf8");
      const rows = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, string>);
      expect(rows).toHaveLength(3_951);
      const first = await importClaims(api, one.id, text);
      expect(first.last).toEqual({
        type: "done",
        read: 3_951,
        created: 3_951,
        updated: 0,
        skipped: 0,
        refused: 0,
        dryRun: false,
      });
      expect(first.events.filter(({ type }) => type === "progress").length).toBeGreaterThanOrEqual(2);
      const left = await dump(one.id);
      expect(countOf(left, "Source")).toBe(646);
      expect(countOf(left, "Snapshot")).toBe(
        new Set(rows.map((row) => `${row.source_title} ${row.revision_id} ${row.evidence}`)).size,
      );
      expect(countOf(left, "Fact")).toBe(countOf(left, "Snapshot"));
      expect(countOf(left, "Claim")).toBe(
        new Set(rows.map((row) => row.claim!.normalize("NFC").replace(/\s+/g, " ").trim())).size,
      );
      const labels = { SUPPORTED_BY: "SUPPORTS", CONTRADICTED_BY: "REFUTES", CONSIDERED: "NEI" };
      for (const [type, label] of Object.entries(labels)) {
        const edges = left.edges.filter((edge) => edge.type === type);
        expect(edges.every(({ basis, open }) => basis === "FILE" && open)).toBe(true);
        expect(
          edges.reduce((sum, edge) => sum + (edge.rows ?? 0), 0),
          type,
        ).toBe(rows.filter((row) => row.label === label).length);
      }
      expect(left.nodes.filter((node) => /-[LR]RB-|-COLON-/.test(node))).toEqual([]);
      expect((await importClaims(api, one.id, text)).last).toMatchObject({
        created: 0,
        updated: 0,
        skipped: 3_951,
        refused: 0,
      });
      expect(await dump(one.id)).toEqual(left);

      expect((await dump(one.twinId)).rows).toEqual([]);

      const some = rows.slice(0, 1_500);
      await importClaims(api, two.id, jsonLines(some));
      await importClaims(api, three.id, jsonLines(seeded(3).shuffle(some)));
      expect(await dump(three.id)).toEqual(await dump(two.id));
      // Each finds all of the other's rows.
      const other = await importClaims(api, three.id, jsonLines(some));
      expect(other.last).toMatchObject({ created: 0, updated: 0, skipped: 1_500 });
    },
  );

  it("makes one source per title and host, its brackets decoded, and an excerpt per revision and text", async () => {
    const t = await newTenant();
    const title = "DayZ -LRB-video game-RRB-";
    const rows = [
      claimRow({ id: "a", source_title: title }),
      claimRow({
        id: "b",
        source_title: title,
        revision_id: "200",
        source_url: "https://en.wikipedia.org/w/index.php?oldid=200",
      }),
      claimRow({ id: "c", source_title: title, evidence: "Another excerpt -LRB-of it-RRB-." }),
      claimRow({ id: "d", source_title: title, source_url: "https://de.wikipedia.org/w/index.php?oldid=100" }),
      claimRow({
        id: "e",
        source_title: title,
        source_url: "http://en.wikipedia.org/w/index.php?oldid=100",
        evidence: "A third.",
      }),
      claimRow({ id: "f", source_title: title, source_url: "https://news.example/a/1" }),
      claimRow({ id: "g", source_title: title, source_url: "https://news.example/b/2" }),
    ];
    expect((await importClaims(api, t.id, jsonLines(rows))).last).toMatchObject({ created: 7 });
    const left = await dump(t.id);
    const sources = left.nodes.filter((node) => node.startsWith("Source "));
    expect(sources).toHaveLength(3);
    expect(sources.every((node) => node.includes('"DayZ (video game)"'))).toBe(true);
    expect(sources.join("\n")).not.toContain("oldid");
    const { data } = await api.ask(
      t.id,
      "{ sources { edges { node { title url publisher tier reliability status } } } claims { edges { node { evidence { basis by why fact { quote { exact } snapshot { url revision kind text title } } } } } } }",
    );
    expect(data.sources.edges.map((e: { node: { url: string } }) => e.node.url).sort()).toEqual([
      "https://de.wikipedia.org/wiki/DayZ_(video_game)",
      "https://en.wikipedia.org/wiki/DayZ_(video_game)",
      expect.stringMatching(/^https:\/\/news\.example\//),
    ]);
    expect(data.sources.edges[0].node).toMatchObject({
      title: "DayZ (video game)",
      tier: 3,
      reliability: "F",
      status: "ACTIVE",
    });
    const { evidence } = data.claims.edges[0].node;
    expect(evidence.every((e: { basis: string }) => e.basis === "FILE")).toBe(true);
    expect(evidence[0]).toMatchObject({ by: "Tess Tester", why: expect.stringMatching(/^Imported from /) });
    const second = evidence.find(
      (e: { fact: { snapshot: { revision: string } } }) => e.fact.snapshot.revision === "200",
    );
    expect(second.fact.snapshot).toMatchObject({
      kind: "EXCERPT",
      url: "https://en.wikipedia.org/w/index.php?oldid=200",
      title: "DayZ (video game), revision 200",
    });
    expect(evidence.map((e: { fact: { quote: { exact: string } } }) => e.fact.quote.exact)).toContain(
      "Another excerpt (of it).",
    );
  });

  it("makes one claim of texts that differ in white space and coding only", async () => {
    const t = await newTenant();
    const rows = [
      claimRow({ id: "a", claim: "Café  culture\tgrew." }),
      claimRow({ id: "b", claim: " Cafe\u0301 culture grew. " }),
      claimRow({ id: "c", claim: "café culture grew." }),
    ];
    await importClaims(api, t.id, jsonLines(rows));
    const left = await dump(t.id);
    expect(countOf(left, "Claim")).toBe(2);
    expect(
      left.edges
        .filter(({ type }) => type === "SUPPORTED_BY")
        .map((edge) => edge.rows)
        .sort(),
    ).toEqual([1, 2]);
  });

  it("keys a row without id by its claim, evidence and revision", async () => {
    const t = await newTenant();
    const { id: _id, ...row } = claimRow();
    expect(
      (await importClaims(api, t.id, jsonLines([row, { ...row, id: "" }, { ...row, id: null }]))).last,
    ).toMatchObject({ created: 1, skipped: 2 });
    expect((await importClaims(api, t.id, jsonLines([{ ...row, label: "REFUTES" }]))).last).toMatchObject({
      created: 0,
      updated: 1,
    });
    expect((await importClaims(api, t.id, jsonLines([{ ...row, revision_id: 7 }]))).last).toMatchObject({
      created: 1,
      updated: 0,
    });
  });

  it("updates a row that says something else: the old edge closes, the new one opens, and back again", async () => {
    const t = await newTenant();
    const [a, b] = [jsonLines([claimRow()]), jsonLines([claimRow({ label: "REFUTES" })])];
    const open = async () =>
      (await dump(t.id)).edges.filter((edge) => edge.open && edge.basis !== null).map((edge) => edge.type);
    expect((await importClaims(api, t.id, a)).last).toMatchObject({ created: 1 });
    expect(await open()).toEqual(["SUPPORTED_BY"]);
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (const [file, edge] of [
      [b, "CONTRADICTED_BY"],
      [a, "SUPPORTED_BY"],
      [b, "CONTRADICTED_BY"],
      [a, "SUPPORTED_BY"],
    ] as const) {
      expect((await importClaims(api, t.id, file)).last, edge).toMatchObject({ created: 0, updated: 1, skipped: 0 });
      expect(await open()).toEqual([edge]);
      expect((await importClaims(api, t.id, file)).last).toMatchObject({ created: 0, updated: 0, skipped: 1 });
    }
    const left = await dump(t.id);
    expect(left.edges.filter((edge) => edge.basis !== null)).toHaveLength(5);
    expect(left.edges.every(({ forward }) => forward)).toBe(true);
    const { data } = await api.ask(
      t.id,
      "query ($asOf: DateTime) { claims(asOf: $asOf) { edges { node { evidence { stance } } } } }",
      { asOf: new Date(before).toISOString() },
    );
    expect(data.claims.edges[0].node.evidence).toEqual([{ stance: "SUPPORTS" }]);
  });

  it("closes an edge with the last row behind it, and never one that a person linked", async () => {
    const t = await newTenant();
    const [a, b] = [claimRow({ id: "a" }), claimRow({ id: "b" })];
    await importClaims(api, t.id, jsonLines([a, b]));
    const supports = async () =>
      (await dump(t.id)).edges
        .filter(({ type, open }) => type === "SUPPORTED_BY" && open)
        .map(({ rows, basis }) => [rows, basis]);
    expect(await supports()).toEqual([[2, "FILE"]]);
    await importClaims(api, t.id, jsonLines([{ ...a, label: "NEI" }]));
    expect(await supports()).toEqual([[1, "FILE"]]);
    await importClaims(api, t.id, jsonLines([{ ...b, label: "NEI" }]));
    expect(await supports()).toEqual([]);
    const { data } = await api.ask(t.id, "{ claims { edges { node { id evidence { fact { id } } } } } }");
    const { id: claimId, evidence } = data.claims.edges[0].node;
    const linked = await api.services.execute(linkEvidence, t.caller("editor"), {
      claimId,
      factId: evidence[0].fact.id,
      stance: "SUPPORTS",
      operationId: "test/by-hand",
      reason: "read it",
    });
    expect(linked.ok).toBe(true);
    await importClaims(api, t.id, jsonLines([a]));
    await importClaims(api, t.id, jsonLines([{ ...a, label: "REFUTES" }]));
    expect(await supports()).toEqual([[0, "PERSON"]]);
  });

  it("meets the same key twice in a file as it would in two files", async () => {
    const t = await newTenant();
    const file = jsonLines([claimRow(), claimRow(), claimRow({ label: "REFUTES" }), claimRow({ label: "REFUTES" })]);
    expect((await importClaims(api, t.id, file, { dryRun: true })).last).toMatchObject({
      created: 1,
      updated: 1,
      skipped: 2,
    });
    expect((await importClaims(api, t.id, file)).last).toMatchObject({ created: 1, updated: 1, skipped: 2 });
    expect(
      (await dump(t.id)).edges.filter((edge) => edge.open && edge.basis !== null).map((edge) => edge.type),
    ).toEqual(["CONTRADICTED_BY"]);
  });

  it("changes nothing in a dry run, and tells the difference", async () => {
    const t = await newTenant();
    await importClaims(
      api,
      t.id,
      jsonLines([claimRow({ id: "same" }), claimRow({ id: "other", claim: "It will change." })]),
    );
    const before = await dump(t.id);
    const file = jsonLines([
      claimRow({ id: "same" }),
      claimRow({ id: "other", claim: "It will change.", label: "NEI" }),
      claimRow({ id: "new", claim: "It is new." }),
    ]);
    const dry = await importClaims(api, t.id, file, { dryRun: true });
    expect(dry.last).toEqual({ type: "done", read: 3, created: 1, updated: 1, skipped: 1, refused: 0, dryRun: true });
    expect(dry.events.filter(({ type }) => type === "change")).toEqual([
      { type: "change", line: 2, action: "update", detail: expect.stringContaining("was SUPPORTED_BY") },
      { type: "change", line: 3, action: "create", detail: expect.stringContaining('"It is new." SUPPORTED_BY') },
    ]);
    expect(await dump(t.id)).toEqual(before);
    expect((await importClaims(api, t.id, file)).last).toMatchObject({ created: 1, updated: 1, skipped: 1 });
  });

  it("refuses broken rows with line and column, and the rest goes on", async () => {
    const t = await newTenant();
    const lines = [
      JSON.stringify(claimRow({ id: "good-1" })),
      "{ not json",
      JSON.stringify(claimRow({ id: "no-claim", claim: "" })),
      JSON.stringify(claimRow({ id: "label", label: "MAYBE" })),
      "",
      JSON.stringify(claimRow({ id: "url", source_url: "ftp://x/y" })),
      JSON.stringify(claimRow({ id: "nul", evidence: "a\u0000b" })),
      '["an", "array"]',
      JSON.stringify(claimRow({ id: "long", claim: "x".repeat(2_001) })),
      JSON.stringify({ id: "missing" }),
      `${JSON.stringify(claimRow({ id: "deep" })).slice(0, -1)},"claim":1e999}`,
      JSON.stringify(claimRow({ id: "good-2", claim: "Another good one." })),
    ];
    const done = await importClaims(api, t.id, lines.join("\n"));
    expect(done.last).toMatchObject({ type: "done", read: 11, created: 2, refused: 9 });
    const refused = done.events.filter(({ type }) => type === "refused");
    expect(refused.map(({ line, id, problems }) => [line, id, problems?.[0]?.path])).toEqual([
      [2, null, ""],
      [3, "no-claim", "claim"],
      [4, "label", "label"],
      [6, "url", "source_url"],
      [7, "nul", "evidence"],
      [8, null, ""],
      [9, "long", "claim"],
      [10, "missing", "claim"],
      [11, "deep", "claim"],
    ]);
    expect(
      refused.every(({ row, problems }) => row!.length <= 2_000 && problems!.every(({ code }) => code === "BAD_INPUT")),
    ).toBe(true);
    expect(refused[2]!.row).toBe(lines[3]);
  });

  it("reads lines however they end, with a mark at the beginning, and tells of lines too long or no UTF-8", async () => {
    const t = await newTenant();
    const row = (id: string) => Buffer.from(JSON.stringify(claimRow({ id, claim: `The claim ${id}.` })));
    const bytes = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      row("bom"),
      Buffer.from("\r\n\r\n"),
      row("crlf"),
      Buffer.from("\r\n"),
      Buffer.from(`{"id":"too-long","claim":"${"x".repeat(MAX_LINE_BYTES)}"}\n`),
      Buffer.concat([row("bad").subarray(0, -3), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
      row("last"),
    ]);
    const done = await importClaims(api, t.id, bytes);
    expect(done.last).toMatchObject({ type: "done", read: 5, created: 3, refused: 2 });
    expect(done.events.filter(({ type }) => type === "refused").map(({ line }) => line)).toEqual([4, 5]);
    expect((await dump(t.id)).rows.map(({ key }) => key).sort()).toEqual([
      "claims id bom",
      "claims id crlf",
      "claims id last",
    ]);
  });

  it("gives a hopeless file up and leaves nothing of it", async () => {
    const t = await newTenant();
    const random = seeded(1);
    const binary = Buffer.from(Array.from({ length: 60_000 }, () => random.below(256)));
    const html = `<!doctype html>\n<html>\n${"<p>No rows here.</p>\n".repeat(200)}</html>\n`;
    for (const file of [binary, html]) {
      const done = await importClaims(api, t.id, file);
      expect(done.last).toMatchObject({
        type: "failed",
        code: "BAD_INPUT",
        message: expect.stringContaining("no JSON Lines"),
      });
    }
    expect((await importClaims(api, t.id, "<html></html>\n")).last).toMatchObject({
      type: "done",
      created: 0,
      refused: 1,
    });
    expect((await importClaims(api, t.id, "")).last).toMatchObject({ type: "done", read: 0 });
    expect(await dump(t.id)).toEqual({ nodes: [], edges: [], rows: [] });
  });

  it(
    "leaves whole batches when the connection is cut, and the same file again completes it",
    { timeout: 120_000 },
    async () => {
      const t = await newTenant();
      const file = jsonLines(manyRows(3_500));
      const lines = file.split("\n");
      const headers = {
        "content-type": "application/x-ndjson",
        authorization: `Bearer ${await api.token(t.id, "analyst")}`,
        "idempotency-key": sha256(file),
      };
      await new Promise<void>((resolve) => {
        const request = httpRequest(
          `${api.url}/import/claims`,
          { method: "POST", headers: { ...headers, "transfer-encoding": "chunked" } },
          (response) => {
            // The first progress tells that a batch stands; then the line goes dead in the middle of a row.
            response.once("data", () => request.destroy());
            response.on("error", () => {});
          },
        );
        request.on("error", () => {});
        request.on("close", resolve);
        request.write(`${lines.slice(0, 2_600).join("\n")}\n{"id":"many-26`);
      });
      let before = -1;
      for (let rows = 0; rows !== before; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
        before = rows;
        rows = (await dump(t.id)).rows.length;
      }
      expect(before % 1_000).toBe(0);
      expect(before).toBeGreaterThan(0);
      const { last } = await importClaims(api, t.id, file);
      expect(last).toMatchObject({ type: "done", read: 3_500, updated: 0, refused: 0 });
      // On a slow machine a last batch may have been on its way while it was counted.
      expect(Number(last!.created) + Number(last!.skipped)).toBe(3_500);
      expect(Number(last!.skipped)).toBeGreaterThanOrEqual(before);
      const other = await newTenant();
      await importClaims(api, other.id, file);
      expect(await dump(t.id)).toEqual(await dump(other.id));
    },
  );

  it("wants a token, a role that may import, rows as JSON Lines, and a key that belongs to the file", async () => {
    const t = await newTenant();
    const file = jsonLines([claimRow()]);
    const refusals = [
      [401, "UNAUTHENTICATED", undefined, { headers: { authorization: undefined } }],
      [401, "UNAUTHENTICATED", undefined, { headers: { authorization: "Bearer x.y.z" } }],
      [403, "FORBIDDEN", undefined, { roles: ["planner"] }],
      [403, "FORBIDDEN", undefined, { roles: ["auditor", "executive", "approver"] }],
      [400, "BAD_INPUT", "Idempotency-Key", { headers: { "idempotency-key": undefined } }],
      [400, "BAD_INPUT", "Idempotency-Key", { headers: { "idempotency-key": "mine" } }],
      [400, "BAD_INPUT", "Idempotency-Key", { headers: { "idempotency-key": `${"0".repeat(64)}/x` } }],
      [400, "BAD_INPUT", "Idempotency-Key", { headers: { "idempotency-key": `job/recheck-claims/${t.id}/1` } }],
      [400, "BAD_INPUT", "Idempotency-Key", { headers: { "idempotency-key": `${sha256(file)}/../job` } }],
      [415, "BAD_INPUT", undefined, { headers: { "content-type": "application/json" } }],
      [415, "BAD_INPUT", undefined, { headers: { "content-type": "text/html" } }],
    ] as const;
    for (const [status, code, field, options] of refusals) {
      const answer = await importClaims(api, t.id, file, options as object);
      expect(answer, JSON.stringify(options)).toMatchObject({
        status,
        error: { code, correlationId: expect.any(String) },
      });
      expect(answer.error?.field, JSON.stringify(options)).toBe(field);
    }
    expect((await dump(t.id)).rows).toEqual([]);
    expect((await importClaims(api, t.id, file, { roles: ["agent"] })).last).toMatchObject({ created: 1 });
    const reused = await importClaims(api, t.id, jsonLines([claimRow({ id: "other" })]), {
      headers: { "idempotency-key": sha256(file) },
    });
    expect(reused).toMatchObject({ status: 400, error: { code: "BAD_INPUT", field: "Idempotency-Key" } });
    const parted = await importClaims(api, t.id, jsonLines([claimRow({ id: "other" })]), {
      headers: { "idempotency-key": `${sha256(file)}/2` },
    });
    expect(parted.last).toMatchObject({ created: 1 });
    const nowhere = await importClaims(api, "no-such-tenant", file);
    expect(nowhere).toMatchObject({ status: 401, error: { code: "UNAUTHENTICATED" } });
  });

  it("is the file's, whoever sends it: another person brings one back that was replaced meanwhile", async () => {
    const t = await newTenant();
    const [a, b] = [jsonLines([claimRow()]), jsonLines([claimRow({ label: "REFUTES" })])];
    const identity = { tenantId: t.id, roles: ["analyst"] as const, region: api.services.region };
    const by = async (actor: string) => {
      const token = await issueToken(api.keys, { ...identity, actor, name: actor }, 600);
      return { headers: { authorization: `Bearer ${token}` } };
    };
    const [ana, ben] = [await by("ana"), await by("ben")];
    expect((await importClaims(api, t.id, a, ana)).last).toMatchObject({ created: 1 });
    expect((await importClaims(api, t.id, a, ben)).last).toMatchObject({ created: 0, updated: 0, skipped: 1 });
    expect((await importClaims(api, t.id, b, ben)).last).toMatchObject({ updated: 1 });
    expect((await importClaims(api, t.id, a, ben)).last).toMatchObject({ type: "done", updated: 1, refused: 0 });
    expect((await importClaims(api, t.id, b, ana)).last).toMatchObject({ type: "done", updated: 1, refused: 0 });
  });

  it("goes on under an old key, though what its batches answered is kept no more", async () => {
    const t = await newTenant();
    const [a, b] = [
      jsonLines(manyRows(30)),
      jsonLines([...manyRows(30).slice(0, 20), claimRow({ id: "new" })].map((row) => ({ ...row, label: "REFUTES" }))),
    ];
    expect((await importClaims(api, t.id, a)).last).toMatchObject({ created: 30 });
    expect((await importClaims(api, t.id, b)).last).toMatchObject({ created: 1, updated: 20 });
    await dropResultsOf(t.scope);
    // Nothing to do: nothing is asked for. Else a batch is a new operation, once.
    expect((await importClaims(api, t.id, b)).last).toMatchObject({ type: "done", skipped: 21, refused: 0 });
    const again = await importClaims(api, t.id, a);
    expect(again).toMatchObject({ status: 200 });
    expect(again.last).toMatchObject({ type: "done", created: 0, updated: 20, skipped: 10, refused: 0 });
    expect((await importClaims(api, t.id, a)).last).toMatchObject({ type: "done", skipped: 30, refused: 0 });
    const other = await newTenant();
    for (const file of [a, b, a]) await importClaims(api, other.id, file);
    expect(await dump(t.id)).toEqual(await dump(other.id));
  });

  it("finds its operations untaken: nobody else may take an id that the door makes", async () => {
    const t = await newTenant();
    const file = jsonLines([claimRow()]);
    const create = `mutation($input: CreateTopicInput!) { createTopic(input: $input) { topic { id } problems { code path message } } }`;
    for (let batch = 0; batch < 3; batch++) {
      const input = { operationId: `import/${sha256(file)}/${batch}`, reason: "a test", title: "In its way" };
      const { data } = await api.ask(t.id, create, { input }, ["editor"]);
      expect(data.createTopic).toMatchObject({ topic: null, problems: [{ code: "BAD_INPUT", path: "operationId" }] });
      expect(data.createTopic.problems[0].message).toContain("take another id");
    }
    expect((await importClaims(api, t.id, file)).last).toMatchObject({ created: 1, refused: 0 });
  });

  it("takes 100 MB and no more", { timeout: 120_000 }, async () => {
    const t = await newTenant();
    async function* upTo(megabytes: number) {
      const blank = Buffer.alloc(1_000_000, " ");
      for (let i = 0; i < megabytes; i++) yield blank;
      yield Buffer.from("\n");
    }
    const answer = await importClaims(api, t.id, upTo(100), { headers: { "transfer-encoding": "chunked" } });
    expect(answer).toMatchObject({ status: 400, error: { code: "BAD_INPUT", field: "body" } });
    const fits = await importClaims(api, t.id, upTo(99), {
      headers: { "transfer-encoding": "chunked", "idempotency-key": "1".repeat(64) },
    });
    expect(fits.last).toMatchObject({ type: "done", read: 1, refused: 1 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  deleteInvestigation,
  MAX_STATE_BYTES,
  saveInvestigation,
  shareInvestigation,
} from "../../server/domains/investigation/investigation.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done } from "../kit/approvals.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const tester = (t: TestTenant) => t.caller("analyst");
const ben = (t: TestTenant) => t.person("ben", "editor");
const state = (value: object = { rootId: "Claim:x", asOf: "2026-11-21T06:00:00.000Z" }) => JSON.stringify(value);

const ONE = `query ($id: ID!) { investigation(id: $id) { id title state owner ownerName mine shared version } }`;
const read = (t: TestTenant, id: string) => api.ask(t.id, ONE, { id });
const codeOf = async (t: TestTenant, id: string) => (await read(t, id)).errors?.[0]?.extensions.code;

describe("an investigation", () => {
  it("is kept, found again as it was, and changed by the version that was seen", async () => {
    const t = await newTenant();
    const save = `mutation ($input: SaveInvestigationInput!) { saveInvestigation(input: $input) { investigation { id version title state mine shared } problems { code path message } replayed } }`;
    const input = {
      operationId: operationId(),
      reason: "kept",
      title: "Weak claims",
      state: ` { "a": [1, "<img onerror>"] } `,
    };
    const { data } = await api.ask(t.id, save, { input });
    const kept = data.saveInvestigation.investigation;
    expect(kept).toMatchObject({ version: 1, mine: true, shared: false, state: `{"a":[1,"<img onerror>"]}` });
    expect((await api.ask(t.id, save, { input })).data.saveInvestigation).toMatchObject({
      replayed: true,
      investigation: { id: kept.id },
    });
    const changed = {
      operationId: operationId(),
      reason: "kept",
      investigationId: kept.id,
      title: "Weaker",
      state: "{}",
      version: 1,
    };
    expect((await api.ask(t.id, save, { input: changed })).data.saveInvestigation.investigation).toMatchObject({
      id: kept.id,
      version: 2,
    });
    const late = await api.ask(t.id, save, { input: { ...changed, operationId: operationId() } });
    expect(late.data.saveInvestigation.problems).toEqual([
      expect.objectContaining({ code: "CONFLICT", path: "version" }),
    ]);
    expect((await read(t, kept.id)).data.investigation).toMatchObject({
      title: "Weaker",
      state: "{}",
      ownerName: "Tess Tester",
    });
  });

  it("is saved by one of two who change the same version at once", async () => {
    const t = await newTenant();
    const { investigationId } = await done(saveInvestigation, tester(t), { title: "One", state: state() });
    const all = await Promise.all(
      [1, 2, 3].map((n) =>
        act(saveInvestigation, tester(t), { investigationId, title: `By ${n}`, state: "{}", version: 1 }),
      ),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(all.flatMap(codesOf)).toEqual(["CONFLICT", "CONFLICT"]);
  });

  it("takes JSON of an object, within bounds, and says what is wrong with anything else", async () => {
    const t = await newTenant();
    let deep: object = {};
    for (let i = 0; i < 30; i++) deep = { deep };
    for (const [given, said] of [
      ["nonsense", /JSON/],
      ["[]", /object/],
      ["null", /object/],
      [state({ text: "x".repeat(MAX_STATE_BYTES) }), /bytes/],
      [state(deep), /levels/],
    ] as const) {
      const refused = await act(saveInvestigation, tester(t), { title: "Bad", state: given });
      expect(refused, given.slice(0, 20)).toMatchObject({
        ok: false,
        problems: [{ code: "BAD_INPUT", path: "state" }],
      });
      expect(JSON.stringify(refused)).toMatch(said);
    }
    const untitled = await act(saveInvestigation, tester(t), { title: " ", state: "{}" });
    expect(untitled).toMatchObject({ ok: false, problems: [{ path: "title" }] });
    const { investigationId } = await done(saveInvestigation, tester(t), { title: "Good", state: "{}" });
    const unseen = await act(saveInvestigation, tester(t), { investigationId, title: "No version", state: "{}" });
    expect(unseen).toMatchObject({ ok: false, problems: [{ code: "BAD_INPUT", path: "version" }] });
  });

  it("is its owner's alone until it is shared, and read-only for the others then", async () => {
    const t = await newTenant();
    const { investigationId: id } = await done(saveInvestigation, ben(t), { title: "Ben's", state: state() });
    expect(await codeOf(t, id)).toBe("NOT_FOUND");
    const change = { investigationId: id, title: "Taken", state: "{}", version: 1 };
    const unseen = await act(saveInvestigation, tester(t), change);
    const nobodys = { ...change, investigationId: "Investigation:01JD3Z5X9QW8R7T6Y5V4N3M2K1" };
    expect({ ...unseen, operationId: "" }).toEqual({
      ...(await act(saveInvestigation, tester(t), nobodys)),
      operationId: "",
    });
    expect(codesOf(unseen)).toEqual(["NOT_FOUND"]);
    await done(shareInvestigation, ben(t), { investigationId: id });
    expect((await read(t, id)).data.investigation).toMatchObject({
      owner: "ben",
      mine: false,
      shared: true,
      version: 2,
    });
    for (const [command, input] of [
      [saveInvestigation, { ...change, version: 2 }],
      [shareInvestigation, { investigationId: id, shared: false }],
      [deleteInvestigation, { investigationId: id }],
    ] as const)
      expect(codesOf(await act(command as never, tester(t), input)), command.name).toEqual(["FORBIDDEN"]);
    const shared = await api.ask(t.id, "{ investigations(of: SHARED) { totalCount edges { node { id mine } } } }");
    expect(shared.data.investigations).toEqual({ totalCount: 1, edges: [{ node: { id, mine: false } }] });
    await done(shareInvestigation, ben(t), { investigationId: id, shared: false });
    expect(await codeOf(t, id)).toBe("NOT_FOUND");
  });

  it("is another studio's never, shared or not, and its twin's neither", async () => {
    const [t, stranger] = [await newTenant(), await newTenant()];
    const { investigationId: id } = await done(saveInvestigation, tester(t), { title: "Ours", state: state() });
    await done(shareInvestigation, tester(t), { investigationId: id });
    expect(await codeOf(stranger, id)).toBe("NOT_FOUND");
    expect((await api.ask(t.twinId, ONE, { id })).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    expect(
      (await api.ask(stranger.id, "{ investigations(of: SHARED) { totalCount } }")).data.investigations.totalCount,
    ).toBe(0);
    expect(codesOf(await act(deleteInvestigation, tester(stranger), { investigationId: id }))).toEqual(["NOT_FOUND"]);
    expect(await codeOf(t, "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1")).toBe("BAD_INPUT");
  });

  it("is put away for good, and listed in pages until then", async () => {
    const t = await newTenant();
    const ids: string[] = [];
    for (let n = 0; n < 4; n++)
      ids.push((await done(saveInvestigation, tester(t), { title: `View ${n}`, state: "{}" })).investigationId);
    await done(deleteInvestigation, tester(t), { investigationId: ids[1] });
    expect(await codeOf(t, ids[1]!)).toBe("NOT_FOUND");
    expect(codesOf(await act(deleteInvestigation, tester(t), { investigationId: ids[1] }))).toEqual(["NOT_FOUND"]);
    const page = `query ($after: String) { investigations(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`;
    const first = (await api.ask(t.id, page)).data.investigations;
    const second = (await api.ask(t.id, page, { after: first.pageInfo.endCursor })).data.investigations;
    const found = [...first.edges, ...second.edges].map(({ node }: { node: { id: string } }) => node.id);
    expect(found).toEqual([ids[3], ids[2], ids[0]]);
    expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([3, true, false]);
  });
});

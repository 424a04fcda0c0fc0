import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { Command } from "../../server/commands/command.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain, buildClaim, buildFact } from "../kit/build.js";
import { plant, PLANTED_AT } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* `lineageDiff`: what differs between a node's lineage at two instants. */

const PART = `nodes { id at by onBehalfOf why operationId command versionBefore versionAfter properties { name before after } node { id title asOf } }
  nodeCount edges { type from to validFrom validTo at by why operationId } edgeCount`;
const ASK = `query Diff_Test($id: ID!, $direction: LineageDirection! = UPSTREAM, $depth: Int = 6, $from: DateTime!, $to: DateTime!) {
  lineageDiff(id: $id, direction: $direction, depth: $depth, from: $from, to: $to) {
    id direction depth from to totalBefore totalAfter totalsAreExact settled notes
    added { ${PART} } removed { ${PART} } changed { ${PART} }
  }
}`;

interface Told {
  readonly at: string;
  readonly by: string;
  readonly why: string;
  readonly operationId: string | null;
}
interface Part {
  readonly nodes: readonly (Told & {
    id: string;
    versionBefore: number | null;
    versionAfter: number | null;
    properties: readonly object[];
    node: { id: string; asOf: string };
  })[];
  readonly nodeCount: number;
  readonly edges: readonly (Told & { type: string; from: string; to: string; validTo: string })[];
  readonly edgeCount: number;
}
interface Diff {
  readonly from: string;
  readonly to: string;
  readonly totalBefore: number;
  readonly totalAfter: number;
  readonly totalsAreExact: boolean;
  readonly settled: boolean;
  readonly notes: readonly string[];
  readonly added: Part;
  readonly removed: Part;
  readonly changed: Part;
}

const iso = (at: Instant): string => new Date(at).toISOString();
const NOTHING = { nodes: [], nodeCount: 0, edges: [], edgeCount: 0 };
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function diff(t: TestTenant, id: string, from: Instant, to: Instant, more: object = {}): Promise<Diff> {
  const answer = await api.ask(t.id, ASK, { id, from: iso(from), to: iso(to), ...more });
  expect(answer.errors).toBeUndefined();
  return answer.data.lineageDiff;
}
async function done<I, R>(t: TestTenant, command: Command<I, R>, input: object) {
  const executed = await t.execute(command, input);
  if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
  return executed;
}
const brief = ({ nodes, edges }: Part) => ({
  nodes: nodes.map(({ id, why }) => [id, why]),
  edges: edges.map(({ type, to, why }) => [type, to, why]),
});

describe("lineageDiff", () => {
  it("tells what came, what went and what is another version, by whom and why", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const other = await buildFact(t);
    const start = Date.now();
    const link = { claimId: chain.claim, stance: "SUPPORTS" };
    const added = await done(t, linkEvidence, { ...link, factId: other, reason: "a second voice" });
    const judged = await done(t, setClaimStatus, { claimId: chain.claim, status: "WRONG", reason: "a slip" });
    const removed = await done(t, unlinkEvidence, { ...link, factId: chain.fact, reason: "misread" });
    const found = await diff(t, chain.episode, start, removed.at);
    expect(found).toMatchObject({
      from: iso(start),
      to: iso(removed.at),
      totalBefore: 6,
      totalAfter: 6,
      totalsAreExact: true,
      settled: false,
      notes: [],
    });
    const [snapshot, source] = [found.added.nodes[1]!.id, found.added.nodes[2]!.id];
    // All of the new branch came with the one link, whenever its own edges were drawn.
    expect(brief(found.added)).toEqual({
      nodes: [other, snapshot, source].map((id) => [id, "a second voice"]),
      edges: expect.arrayContaining([
        ["SUPPORTED_BY", other, "a second voice"],
        ["QUOTED_FROM", snapshot, "a second voice"],
        ["CAPTURED_FROM", source, "a second voice"],
      ]),
    });
    expect(found.added.nodes[0]).toMatchObject({ at: iso(added.at), versionBefore: null, versionAfter: 1 });
    expect(brief(found.removed)).toEqual({
      nodes: [chain.fact, chain.snapshot, chain.source].map((id) => [id, "misread"]),
      edges: expect.arrayContaining([["SUPPORTED_BY", chain.fact, "misread"]]),
    });
    expect(found.removed.nodes[0]).toMatchObject({
      at: iso(removed.at),
      by: "Tess Tester",
      node: { asOf: iso(start) },
    });
    expect(found.removed).toMatchObject({ nodeCount: 3, edgeCount: 3 });
    expect(found.changed.nodes).toMatchObject([
      {
        id: chain.claim,
        at: iso(judged.at),
        why: "a slip",
        command: "setClaimStatus",
        versionBefore: 1,
        versionAfter: 2,
        properties: [{ name: "status", before: "STATED", after: "WRONG" }],
        node: { asOf: iso(removed.at) },
      },
    ]);
    // Backwards in time, by the other end.
    const downstream = await diff(t, chain.source, start, removed.at, { direction: "DOWNSTREAM" });
    expect(downstream.removed.nodes.map(({ id }) => id)).toEqual([chain.claim, chain.scene, chain.episode]);
    expect(downstream.added).toEqual(NOTHING);
  });

  it("finds nothing between an instant and itself, nor where nothing happened", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const now = Date.now();
    expect(await diff(t, chain.episode, now, now)).toMatchObject({
      added: NOTHING,
      removed: NOTHING,
      changed: NOTHING,
    });
  });

  it("calls a relation changed that was closed and opened again", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const start = Date.now();
    const link = { claimId: chain.claim, factId: chain.fact, stance: "SUPPORTS" };
    await done(t, unlinkEvidence, link);
    const again = await done(t, linkEvidence, { ...link, reason: "right after all" });
    const found = await diff(t, chain.claim, start, again.at);
    expect([found.added, found.removed]).toEqual([NOTHING, NOTHING]);
    expect(brief(found.changed)).toEqual({ nodes: [], edges: [["SUPPORTED_BY", chain.fact, "right after all"]] });
    expect(found.changed.edges[0]).toMatchObject({ at: iso(again.at), operationId: again.operationId });
  });

  it("names the link that decided it where the depth cuts the view, though a longer way stood before and stands on", async () => {
    const t = await newTenant();
    const ids = { claim: `Claim:${ulid()}`, near: `Fact:${ulid()}`, far: `Fact:${ulid()}` };
    await plant(
      t,
      Object.values(ids).map((id) => ({ id })),
      [
        { type: "SUPPORTED_BY", from: ids.claim, to: ids.near },
        { type: "DERIVED_FROM", from: ids.near, to: ids.far, validFrom: PLANTED_AT + 1_000 },
      ],
    );
    const start = Date.now();
    const link = { claimId: ids.claim, factId: ids.far, stance: "SUPPORTS" };
    const linked = await done(t, linkEvidence, { ...link, reason: "straight from the study" });
    const came = await diff(t, ids.claim, start - 1, linked.at, { depth: 1 });
    expect(came.added.nodes).toMatchObject([{ id: ids.far, at: iso(linked.at), why: "straight from the study" }]);
    expect(came.added.edges).toHaveLength(2);
    for (const edge of came.added.edges) expect(edge).toMatchObject({ at: iso(linked.at), by: "Tess Tester" });
    const unlinked = await done(t, unlinkEvidence, { ...link, reason: "not the same study" });
    const went = await diff(t, ids.claim, linked.at, unlinked.at, { depth: 1 });
    expect(went.removed.nodes).toMatchObject([{ id: ids.far, at: iso(unlinked.at), why: "not the same study" }]);
    for (const edge of went.removed.edges) expect(edge).toMatchObject({ at: iso(unlinked.at), by: "Tess Tester" });
    // Two hops see the longer way, which stood all the time.
    const deeper = await diff(t, ids.claim, start - 1, unlinked.at, { depth: 2 });
    expect([deeper.added, deeper.removed, deeper.changed]).toEqual([NOTHING, NOTHING, NOTHING]);
  });

  it("from before the node, or before the studio, is all of it, and says why", async () => {
    const t = await newTenant();
    const start = Date.now();
    const claimId = await buildClaim(t, { reason: "heard it said" });
    const found = await diff(t, claimId, start, Date.now());
    expect(found).toMatchObject({ totalBefore: 0, totalAfter: 1 });
    expect(found.notes).toEqual(["The node wasn't there yet at `from`: all of its lineage was added."]);
    expect(found.added.nodes).toMatchObject([{ id: claimId, why: "heard it said", command: "stateClaim" }]);
    const older = await diff(t, claimId, Date.UTC(2001, 0, 1), Date.now());
    expect(older.notes[0]).toMatch(/^The record of this studio begins at \d{4}-/);
    expect(older.added.nodeCount).toBe(1);
  });

  it("is settled once nothing can be recorded any more at the later instant", async () => {
    const t = await newTenant();
    const claimId = `Claim:${ulid()}`;
    await plant(t, [{ id: claimId }], []);
    expect(await diff(t, claimId, PLANTED_AT, Date.now() - 90_000)).toMatchObject({ settled: true });
    expect(await diff(t, claimId, PLANTED_AT, Date.now())).toMatchObject({ settled: false });
  });

  it("answers the same after what it told of was closed: no end that came later", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const other = await buildFact(t);
    const start = Date.now();
    const [first, second] = [chain.fact, other].map((factId) => ({ claimId: chain.claim, factId, stance: "SUPPORTS" }));
    await done(t, unlinkEvidence, first!);
    await done(t, linkEvidence, first!);
    // The new fact is added, and the old one's edge changed.
    const { at } = await done(t, linkEvidence, second!);
    const told = await diff(t, chain.claim, start, at);
    await done(t, unlinkEvidence, first!);
    await done(t, unlinkEvidence, second!);
    expect(await diff(t, chain.claim, start, at)).toEqual(told);
    expect(told.added.edges.map(({ validTo }) => validTo)).toEqual(told.added.edges.map(() => iso(FOREVER)));
    expect(told.changed.edges.map(({ validTo }) => validTo)).toEqual([iso(FOREVER)]);
  });

  it("tells no later end of a relation that only left the view", async () => {
    const t = await newTenant();
    const ids = { source: `Source:${ulid()}`, snapshot: `Snapshot:${ulid()}`, fact: `Fact:${ulid()}` };
    const claim = `Claim:${ulid()}`;
    const [gone, closed] = [PLANTED_AT + 1_000, PLANTED_AT + 3_000];
    await plant(
      t,
      [...Object.values(ids), claim].map((id) => ({ id })),
      [
        { type: "SUPPORTED_BY", from: claim, to: ids.fact, validTo: gone },
        { type: "QUOTED_FROM", from: ids.fact, to: ids.snapshot, validTo: closed },
        { type: "CAPTURED_FROM", from: ids.snapshot, to: ids.source },
      ],
    );
    const { removed } = await diff(t, claim, PLANTED_AT, PLANTED_AT + 2_000);
    expect(removed.edges.map(({ type, validTo }) => [type, validTo]).sort()).toEqual([
      ["CAPTURED_FROM", iso(FOREVER)],
      ["QUOTED_FROM", iso(FOREVER)],
      ["SUPPORTED_BY", iso(gone)],
    ]);
    const later = await diff(t, claim, PLANTED_AT, closed);
    expect(later.removed.edges.find(({ type }) => type === "QUOTED_FROM")).toMatchObject({ validTo: iso(closed) });
  });

  it("lists 500 of a kind, and counts all of them", async () => {
    const t = await newTenant();
    const source = `Source:${ulid()}`;
    const snapshots = Array.from({ length: 700 }, () => `Snapshot:${ulid()}`);
    const [early, late] = [PLANTED_AT + 1_000, PLANTED_AT + 2_000];
    await plant(
      t,
      [{ id: source }, ...snapshots.map((id) => ({ id }))],
      snapshots.map((from, i) =>
        i < 600
          ? { type: "CAPTURED_FROM", from, to: source, validFrom: late, openedBy: "nobody" }
          : { type: "CAPTURED_FROM", from, to: source, validTo: late },
      ),
    );
    const found = await diff(t, source, early, late, { direction: "DOWNSTREAM", depth: 1 });
    expect(found).toMatchObject({ totalBefore: 101, totalAfter: 601, totalsAreExact: true });
    expect([found.added.nodeCount, found.added.edgeCount, found.removed.nodeCount]).toEqual([600, 600, 100]);
    expect([found.added.nodes.length, found.added.edges.length]).toEqual([500, 500]);
    expect(found.added.nodes[0]).toMatchObject({ by: "unknown", why: "", operationId: "nobody" });
  });

  it.each([
    ["from", { from: "2026-11-02", to: "2026-11-01" }, "`from` is after `to`"],
    ["to", { from: "2026-11-01", to: "2999-01-01" }, "lies in the future"],
    ["from", { from: "2999-01-01", to: "2999-01-02" }, "lies in the future"],
    ["depth", { from: "2026-11-01", to: "2026-11-02", depth: 13 }, "1 to 12"],
    ["id", { from: "2026-11-01", to: "2026-11-02", id: "Claim:1" }, "must be an id"],
  ])("refuses a bad `%s`", async (field, input, message) => {
    const t = await newTenant();
    const { errors } = await api.ask(t.id, ASK, { id: t.channelId, ...input });
    expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
    expect(errors?.[0]?.message).toContain(message);
    expect([field, undefined]).toContain(errors?.[0]?.extensions.field);
  });

  it("doesn't find what isn't there, nor another tenant's", async () => {
    const [t, other] = [await newTenant(), await newTenant()];
    for (const id of [`Claim:${ulid()}`, await buildClaim(other)]) {
      const { errors } = await api.ask(t.id, ASK, { id, from: iso(Date.now() - 1_000), to: iso(Date.now()) });
      expect(errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    }
  });
});

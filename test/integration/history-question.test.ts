import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { Command } from "../../server/commands/command.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode, buildFact, buildSnapshot, buildSource } from "../kit/build.js";
import { plant } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* `history`: all that happened to a node, newest first. */

const ASK = `query History_Test($id: ID!, $first: Int! = 50, $after: String, $asOf: DateTime) {
  history(id: $id, first: $first, after: $after, asOf: $asOf) {
    asOf totalCount totalIsExact pageInfo { hasNextPage endCursor }
    edges { cursor node {
      id kind at by actor onBehalfOf why operationId command version
      properties { name before after cut }
      relation { type from to validFrom validTo other { id title asOf } }
    } }
  }
}`;

interface Change {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly by: string;
  readonly onBehalfOf: string | null;
  readonly why: string;
  readonly operationId: string;
  readonly version: number | null;
  readonly properties: readonly { name: string; before: string | null; after: string | null; cut: boolean }[];
  readonly relation: null | {
    type: string;
    from: string;
    to: string;
    validFrom: string;
    validTo: string;
    other: { id: string; title: string; asOf: string } | null;
  };
}
interface Page {
  readonly asOf: string;
  readonly totalCount: number;
  readonly totalIsExact: boolean;
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
  readonly edges: readonly { cursor: string; node: Change }[];
}

const iso = (at: Instant): string => new Date(at).toISOString();
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function history(t: TestTenant, id: string, more: object = {}): Promise<Page> {
  const answer = await api.ask(t.id, ASK, { id, ...more });
  expect(answer.errors).toBeUndefined();
  return answer.data.history;
}
const changes = (page: Page): Change[] => page.edges.map(({ node }) => node);

async function done<I, R>(t: TestTenant, command: Command<I, R>, input: object, caller = t.caller("tenant-admin")) {
  const executed = await t.execute(command, input, caller);
  if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
  return executed;
}

describe("history", () => {
  it("tells of versions and of relations that began and ended, newest first, by whom and why", async () => {
    const t = await newTenant();
    const claimId = await buildClaim(t, { text: "Water boils at 100 degrees." });
    const factId = await buildFact(t);
    const link = { claimId, factId, stance: "SUPPORTS" };
    for (const [key, kind, role] of [
      ["paula", "HUMAN", "analyst"],
      ["agent-7", "AGENT", "agent"],
    ] as const)
      await t.run(registerPrincipal, { key, name: key, kind, roles: [role] });
    const agent = { ...t.person("agent-7", "agent"), name: "Agent Seven", onBehalfOf: "paula" };
    const linked = await done(t, linkEvidence, {
      ...link,
      reason: "the paper says so",
      operationId: "link/evidence/1",
    });
    const judged = await done(t, setClaimStatus, { claimId, status: "WRONG", reason: "a typing error" });
    const unlinked = await done(t, unlinkEvidence, { ...link, reason: "not the same water" }, agent);
    const page = await history(t, claimId);
    expect(page).toMatchObject({ totalCount: 4, totalIsExact: true, pageInfo: { hasNextPage: false } });
    expect(changes(page)).toMatchObject([
      {
        kind: "EDGE_CLOSED",
        at: iso(unlinked.at),
        by: "Agent Seven",
        actor: "agent-7",
        onBehalfOf: "paula",
        why: "not the same water",
        command: "unlinkEvidence",
        version: null,
        properties: [],
      },
      {
        kind: "REVISED",
        at: iso(judged.at),
        by: "Tess Tester",
        onBehalfOf: null,
        why: "a typing error",
        version: 2,
        relation: null,
      },
      {
        kind: "EDGE_OPENED",
        at: iso(linked.at),
        why: "the paper says so",
        operationId: "link/evidence/1",
        command: "linkEvidence",
      },
      { kind: "CREATED", version: 1, command: "stateClaim" },
    ]);
    expect(changes(page)[1]!.properties).toEqual([{ name: "status", before: "STATED", after: "WRONG", cut: false }]);
    expect(changes(page)[3]!.properties).toContainEqual({
      name: "title",
      before: null,
      after: "Water boils at 100 degrees.",
      cut: false,
    });
    const relation = {
      type: "SUPPORTED_BY",
      from: claimId,
      to: factId,
      validFrom: iso(linked.at),
      validTo: iso(unlinked.at),
    };
    expect(changes(page)[0]!.relation).toMatchObject({ ...relation, other: { id: factId, asOf: page.asOf } });
    expect(changes(page)[2]!.relation).toMatchObject(relation);
    // From the other end the same relation is told of, with the same ends.
    const other = changes(await history(t, factId)).filter(({ relation: one }) => one?.type === "SUPPORTED_BY");
    expect(other.map(({ relation: one }) => [one!.from, one!.other!.id])).toEqual([
      [claimId, claimId],
      [claimId, claimId],
    ]);
  });

  it("at an earlier instant knows nothing of what came later", async () => {
    const t = await newTenant();
    const claimId = await buildClaim(t);
    const link = { claimId, factId: await buildFact(t), stance: "CONTRADICTS" };
    const linked = await done(t, linkEvidence, link);
    const unlinked = await done(t, unlinkEvidence, link);
    const before = await history(t, claimId, { asOf: iso(unlinked.at - 1) });
    expect(before.asOf).toBe(iso(unlinked.at - 1));
    expect(changes(before).map(({ kind }) => kind)).toEqual(["EDGE_OPENED", "CREATED"]);
    expect(changes(before)[0]!.relation!.validTo).toBe(iso(FOREVER));
    expect(before.totalCount).toBe(2);
    expect(changes(await history(t, claimId, { asOf: iso(linked.at - 1) })).map(({ kind }) => kind)).toEqual([
      "CREATED",
    ]);
  });

  it("tells what each version of several changed, in pages of one", async () => {
    const t = await newTenant();
    const url = "https://versions.example/";
    const sourceId = await buildSource(t, { url, title: "One", tier: 3 });
    await t.run(registerSource, { url, title: "Two", tier: 3, publisher: "P" });
    await t.run(registerSource, { url, title: "Two", tier: 1, retrievedAt: Date.UTC(2026, 10, 21) });
    const seen: Change[] = [];
    let after: string | null = null;
    const instants = new Set<string>();
    do {
      const page: Page = await history(t, sourceId, { first: 1, after });
      seen.push(...changes(page));
      instants.add(page.asOf);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(instants.size).toBe(1);
    expect(seen.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(seen[0]!.properties).toMatchObject([
      { name: "tier", before: "3", after: "1" },
      { name: "retrievedAt", after: "2026-11-21T00:00:00.000Z" },
    ]);
    expect(seen[1]!.properties.map(({ name }) => name)).toEqual(["title", "publisher"]);
    expect(seen[1]!.properties[1]).toMatchObject({ before: null, after: "P" });
  });

  it("orders what one operation did at one instant, and pages through it without a gap", async () => {
    const t = await newTenant();
    const source = await buildSource(t);
    const snapshots = Array.from({ length: 40 }, () => `Snapshot:${ulid()}`);
    const at = Date.now();
    await plant(
      t,
      snapshots.map((id) => ({ id, validFrom: at })),
      // All at once, and half of them closed and opened again at one instant.
      snapshots.flatMap((from, i) => [
        {
          type: "CAPTURED_FROM" as const,
          from,
          to: source,
          validFrom: at,
          ...(i % 2 === 0 ? { validTo: at + 5 } : {}),
        },
        ...(i % 2 === 0 ? [{ type: "CAPTURED_FROM" as const, from, to: source, validFrom: at + 5 }] : []),
      ]),
    );
    const asOf = iso(at + 10);
    const whole = changes(await history(t, source, { first: 500, asOf }));
    expect(whole).toHaveLength(1 + 40 + 20 + 20);
    for (const first of [1, 7, 40]) {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const page: Page = await history(t, source, { first, after, asOf });
        seen.push(...changes(page).map(({ id }) => id));
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      expect(seen, `pages of ${first}`).toEqual(whole.map(({ id }) => id));
      expect(seen).toHaveLength(new Set(seen).size);
    }
    const kinds = whole.map(({ kind }) => kind);
    expect(kinds.slice(0, 40)).toEqual([
      ...Array<string>(20).fill("EDGE_OPENED"),
      ...Array<string>(20).fill("EDGE_CLOSED"),
    ]);
  });

  it("tells of relations that lineage doesn't follow: an episode's channel and owner", async () => {
    const t = await newTenant();
    const episode = await buildEpisode(t, { ownerId: t.adminId });
    const types = changes(await history(t, episode)).flatMap(({ relation }) => relation?.type ?? []);
    expect(types.sort()).toEqual(["ON", "OWNED_BY"]);
    const ofChannel = changes(await history(t, t.channelId)).map(({ relation }) => relation?.from);
    expect(ofChannel).toContain(episode);
    const snapshot = await buildSnapshot(t);
    const relations = changes(await history(t, snapshot)).flatMap(({ relation }) => relation?.type ?? []);
    expect(relations).toEqual(["CAPTURED_FROM"]);
  });

  it("is empty for nobody: what isn't there is not found, and says so when the studio wasn't there either", async () => {
    const t = await newTenant();
    const other = await newTenant();
    const claimId = await buildClaim(t);
    const missing = [`Claim:${ulid()}`, await buildClaim(other)];
    for (const id of missing) {
      const { errors } = await api.ask(t.id, ASK, { id });
      expect(errors?.[0]).toMatchObject({
        message: "There is no such thing, or it isn't yours to see.",
        extensions: { code: "NOT_FOUND" },
      });
    }
    const { errors } = await api.ask(t.id, ASK, { id: claimId, asOf: "2001-01-01" });
    expect(errors?.[0]).toMatchObject({ extensions: { code: "NOT_FOUND", field: "asOf" } });
    expect(errors?.[0]?.message).toMatch(/record of this studio begins at \d{4}-/);
    const same = await api.ask(t.id, ASK, { id: missing[0], asOf: "2001-01-01" });
    expect(same.errors?.[0]?.message).toBe(errors?.[0]?.message);
  });

  it("refuses a cursor of another node's history, and one that was made up", async () => {
    const t = await newTenant();
    const [one, two] = [await buildClaim(t), await buildClaim(t)];
    const { edges } = await history(t, one);
    const made = Buffer.from(
      JSON.stringify([1, Date.now(), "x/y/z", JSON.parse(Buffer.from(edges[0]!.cursor, "base64url").toString())[3]]),
    ).toString("base64url");
    for (const [id, after] of [
      [two, edges[0]!.cursor],
      [one, made],
      [one, "nonsense"],
    ]) {
      const { errors } = await api.ask(t.id, ASK, { id, after });
      expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_INPUT", field: "after" } });
    }
  });
});

import { inject, expect, it } from "vitest";
import { ulid } from "ulid";
import type { Command } from "../../server/commands/command.js";
import { execute } from "../../server/commands/execute.js";
import { setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { extractFact } from "../../server/domains/fact/fact.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { startBoltProxy, type BoltProxy } from "../kit/bolt-proxy.js";
import { LONGER } from "../kit/env.js";
import { testOffice } from "../kit/office.js";
import { contentOf, recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * Commands whose COMMIT happens and whose reply is lost by a proxy, so that the driver runs them again. The same commands in a
 * twin tenant lose nothing: whatever the two tenants differ in was done twice, or not at all.
 */

/** Tenants at once, each behind a proxy of its own. */
const LANES = 20;
const COMMANDS_EACH = 10;
const LOST = LANES * COMMANDS_EACH * LONGER;

interface Lane {
  readonly t: TestTenant;
  readonly proxy: BoltProxy;
  readonly graph: Graph;
}

/** One command, behind the proxy and then in the twin, with the same ids. */
async function lossy<I, R>({ t, proxy, graph }: Lane, command: Command<I, R>, given: object): Promise<R> {
  const input = { operationId: operationId(), reason: "a test", ...given };
  const ids: string[] = [];
  const made = () => {
    const id = ulid();
    ids.push(id);
    return id;
  };
  const who = t.caller("tenant-admin");
  proxy.loseNext(1);
  const answer = await execute({ ...testOffice(made), graph }, command, who, input);
  // Whoever asked did it, whichever run of theirs came through.
  expect(answer).toMatchObject({ ok: true, replayed: false });
  // The twin may need fewer: a run that began anew would have taken more.
  const given2 = testOffice(() => ids.shift() ?? ulid());
  const twin = await execute(given2, command, { ...who, tenantId: t.twinId }, input);
  expect(twin).toMatchObject({ ok: true });
  if (!answer.ok) throw new Error("unreachable");
  return answer.result;
}

/** Ten commands: new nodes, merged ones, edges opened and closed, a revision, a principal. */
async function story(lane: Lane, n: number): Promise<void> {
  const text = `Run ${n}: water boils at 100 degrees at sea level.`;
  const source = { url: `https://lost-${n}.example/`, title: `Lost ${n}` };
  const { sourceId } = await lossy(lane, registerSource, source);
  const { snapshotId } = await lossy(lane, captureSnapshot, { sourceId, text, kind: "FULL" });
  const { factId } = await lossy(lane, extractFact, { snapshotId, quote: { exact: "water boils at 100 degrees" } });
  const { claimId } = await lossy(lane, stateClaim, { text });
  await lossy(lane, linkEvidence, { claimId, factId, stance: "SUPPORTS" });
  const { episodeId } = await lossy(lane, createEpisode, { title: `Episode ${n}`, channelId: lane.t.channelId });
  await lossy(lane, createScene, { episodeId, title: `Scene ${n}`, ordinal: n + 1, claimIds: [claimId] });
  await lossy(lane, setClaimStatus, { claimId, status: "NEEDS_RECHECK" });
  await lossy(lane, unlinkEvidence, { claimId, factId, stance: "SUPPORTS" });
  await lossy(lane, registerPrincipal, { key: `lost-${n}`, name: `Lost ${n}`, kind: "HUMAN", roles: ["analyst"] });
}

const twinOf = async (scope: TestTenant["scope"]) => {
  const { operations, audit, events } = await recordsOf(scope);
  const names = (rows: typeof events, key: string): unknown[] => rows.map((row) => row[key]).sort();
  return {
    content: await contentOf(scope),
    operations: names(operations, "operationId"),
    audit: names(audit, "operationId"),
    events: names(events, "operationId"),
  };
};

it(
  `${LOST} lost replies leave the graph as if none had been lost`,
  async () => {
    const database = inject("database");
    const duplicates: string[] = [];
    let lost = 0;
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        const proxy = await startBoltProxy(database.uri);
        const timeoutMs = { read: 30_000, write: 60_000 };
        const graph = openGraph({ ...database, uri: proxy.uri, timeoutMs });
        try {
          const lane = { t: await newTenant(), proxy, graph };
          for (let n = 0; n < LONGER; n++) await story(lane, n);
          const [seen, wanted] = [await twinOf(lane.t.scope), await twinOf(lane.t.twinScope)];
          for (const part of ["content", "operations", "audit", "events"] as const) {
            if (JSON.stringify(seen[part]) !== JSON.stringify(wanted[part])) duplicates.push(`${lane.t.id}: ${part}`);
          }
          lost += proxy.lost;
        } finally {
          await graph.close();
          await proxy.close();
        }
      }),
    );
    console.log(`lost COMMIT: ${lost} replies lost, ${duplicates.length} duplicates`);
    expect(duplicates).toEqual([]);
    expect(lost).toBe(LOST);
  },
  600_000 * LONGER,
);

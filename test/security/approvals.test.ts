import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Caller } from "../../server/commands/caller.js";
import { approve, reject } from "../../server/domains/approval/approval.service.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { liftKillSwitch, setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { propose, withdraw } from "../../server/domains/proposal/proposal.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { act, done, nodeNow } from "../kit/approvals.js";
import { startBoltProxy, type BoltProxy } from "../kit/bolt-proxy.js";
import { plant, plantedId, type PlantedEdge, type PlantedNode } from "../kit/plant.js";
import { seeded, type Random } from "../kit/random.js";
import { recordsOf } from "../kit/records.js";
import { sealed } from "../kit/seal.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import { judgeHistory } from "./approvals.history.js";

/*
 * Approvals against everything that may happen at the same moment, a thousand times, each begun at
 * a random moment of the approval; then the graph's history is asked whether anything was published without its approvers.
 */

const RACES = 1_000;
const TENANTS = 5;
/** As long as the other ways to the database wait: a race is about order, not about time. */
const PATIENT_MS = { read: 30_000, write: 60_000 };
/** The audit's sealer stands elsewhere: it is taken for sealed again this often, so that no race is refused for its lag. */
const SEAL_EVERY = 20;

interface Subject {
  readonly episode: string;
  readonly claim: string;
  readonly fact: string;
}

/** A race's tenant, with its people and enough episodes to publish. */
interface Arena {
  readonly t: TestTenant;
  readonly subjects: Subject[];
  readonly random: Random;
  /** How long an approval takes just now: what meets it begins at a random moment of it. */
  pace: number;
  /** A way to the database that loses replies of COMMIT. */
  readonly proxy: BoltProxy;
  readonly lossy: Graph;
}

interface Race extends Arena, Subject {
  readonly proposalId: string;
  readonly contentHash: string;
}

const ed = (t: TestTenant): Caller => t.person("ed", "editor", "approver", "analyst");
const ann = (t: TestTenant): Caller => t.person("ann", "approver");
const bob = (t: TestTenant): Caller => t.person("bob", "approver");
const admin = (t: TestTenant): Caller => t.caller("tenant-admin");
/** The proposer could approve what isn't theirs. */
const ROLES_OF = { ed: ["editor", "approver"], ann: ["approver"], bob: ["approver"] } as const;

const giveRoles = (t: TestTenant, key: keyof typeof ROLES_OF, roles: readonly string[] = ROLES_OF[key]) =>
  act(registerPrincipal, admin(t), { key, name: key, kind: "HUMAN", roles });
const byAnn = ({ t, proposalId, contentHash }: Race) => act(approve, ann(t), { proposalId, contentHash });

/** What meets the approval, each begun after a delay of its own. */
const KINDS: Record<string, (race: Race) => (() => Promise<unknown>)[]> = {
  "another approval": (r) => [() => byAnn(r), () => act(approve, bob(r.t), r), () => byAnn(r)],
  "an edit of a claim": (r) => [
    () => byAnn(r),
    () => act(setClaimStatus, ed(r.t), { claimId: r.claim, status: r.random.pick(["WRONG", "NEEDS_RECHECK"]) }),
  ],
  "new evidence": (r) => [
    () => byAnn(r),
    () => act(linkEvidence, ed(r.t), { claimId: r.claim, factId: r.fact, stance: "CONTRADICTS" }),
  ],
  "a new scene": (r) => [
    () => byAnn(r),
    () => act(createScene, ed(r.t), { episodeId: r.episode, title: "Slipped in", ordinal: 2, claimIds: [r.claim] }),
  ],
  "an edit that is proposed anew": (r) => [
    () => byAnn(r),
    async () => {
      await act(createScene, ed(r.t), { episodeId: r.episode, title: "Slipped in", ordinal: 2 });
      await act(propose, ed(r.t), { action: "publishEpisode", subjectId: r.episode });
    },
    () => act(approve, bob(r.t), r),
  ],
  "a withdrawal": (r) => [() => byAnn(r), () => act(withdraw, ed(r.t), { proposalId: r.proposalId })],
  "a rejection": (r) => [() => byAnn(r), () => act(reject, bob(r.t), { proposalId: r.proposalId })],
  "the loss of the approver's role": (r) => [() => byAnn(r), () => giveRoles(r.t, "ann", ["auditor"])],
  "the loss of the proposer's role": (r) => [() => byAnn(r), () => giveRoles(r.t, "ed", ["analyst"])],
  "a kill switch": (r) => [
    () => byAnn(r),
    () =>
      act(
        setKillSwitch,
        admin(r.t),
        r.random.pick([
          { scope: "TENANT" },
          { scope: "CHANNEL", target: r.t.channelId },
          { scope: "CAPABILITY", target: "episode.publish" },
        ]),
      ),
  ],
  "the proposer's own approval": (r) => [
    () => act(approve, ed(r.t), r),
    () => act(approve, { ...bob(r.t), onBehalfOf: "ed" }, r),
    () => act(approve, { ...bob(r.t), onBehalfOf: "ann" }, r),
  ],
  "the same approval again": (r) => {
    const same = { operationId: operationId(), proposalId: r.proposalId, contentHash: r.contentHash };
    return [1, 2, 3].map(() => () => act(approve, ann(r.t), same));
  },
  "somebody else's hash": (r) => [
    () => act(approve, ann(r.t), { proposalId: r.proposalId, contentHash: "0".repeat(64) }),
    () => act(setClaimStatus, ed(r.t), { claimId: r.claim, status: "WRONG" }),
    () => act(approve, bob(r.t), r),
  ],
  "a lost reply of COMMIT": (r) => [
    () => {
      r.proxy.loseNext(1);
      return act(approve, ann(r.t), r, r.lossy);
    },
    () => act(setClaimStatus, ed(r.t), { claimId: r.claim, status: "NEEDS_RECHECK" }),
  ],
};
const NAMES = Object.keys(KINDS);

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Undoes what would stand in the way of the next race. */
async function tidy({ t }: Arena, kind: string, answers: readonly unknown[]): Promise<void> {
  if (kind === "the loss of the approver's role") await giveRoles(t, "ann");
  if (kind === "the loss of the proposer's role") await giveRoles(t, "ed");
  for (const answer of answers as { ok?: boolean; result?: { killSwitchId?: string } }[]) {
    const killSwitchId = answer?.result?.killSwitchId;
    if (killSwitchId !== undefined) await done(liftKillSwitch, admin(t), { killSwitchId });
  }
}

/** Episodes of one scene with one claim on one fact, put into the store as they are. */
function subjectsOf(t: TestTenant, count: number): { subjects: Subject[]; nodes: PlantedNode[]; edges: PlantedEdge[] } {
  const [snapshot, source] = [plantedId("Snapshot"), plantedId("Source")];
  const nodes: PlantedNode[] = [snapshot, source].map((id) => ({ id }));
  const edges: PlantedEdge[] = [{ type: "CAPTURED_FROM", from: snapshot, to: source }];
  const subjects = Array.from({ length: count }, () => {
    const [episode, scene, claim, fact] = [
      plantedId("Episode"),
      plantedId("Scene"),
      plantedId("Claim"),
      plantedId("Fact"),
    ] as const;
    nodes.push(...[episode, scene, claim, fact].map((id) => ({ id })));
    edges.push(
      { type: "ON", from: episode, to: t.channelId },
      { type: "HAS_SCENE", from: episode, to: scene },
      { type: "STATES", from: scene, to: claim },
      { type: "SUPPORTED_BY", from: claim, to: fact },
      { type: "QUOTED_FROM", from: fact, to: snapshot },
    );
    return { episode, claim, fact };
  });
  return { subjects, nodes, edges };
}

async function arena(seed: number): Promise<Arena> {
  const t = await newTenant();
  for (const key of Object.keys(ROLES_OF) as (keyof typeof ROLES_OF)[]) await giveRoles(t, key);
  const { subjects, nodes, edges } = subjectsOf(t, RACES / TENANTS);
  await plant(t, nodes, edges);
  const database = inject("database");
  const proxy = await startBoltProxy(database.uri);
  return {
    t,
    subjects,
    random: seeded(seed),
    pace: 20,
    proxy,
    lossy: openGraph({ ...database, uri: proxy.uri, timeoutMs: PATIENT_MS }),
  };
}

describe("an approval", { timeout: 900_000 }, () => {
  let arenas: Arena[];
  beforeAll(async () => {
    arenas = await Promise.all(Array.from({ length: TENANTS }, (_, i) => arena(i + 1)));
  }, 300_000);
  afterAll(async () => {
    for (const { lossy, proxy } of arenas) {
      await lossy.close();
      await proxy.close();
    }
  });

  it("meets a thousand other things at once, and nothing is published without its approvers", async () => {
    const published = new Map<string, number>(NAMES.map((name) => [name, 0]));
    const run = new Map<string, number>(NAMES.map((name) => [name, 0]));
    const runRace = async (place: Arena, subject: Subject, kind: string): Promise<void> => {
      const { t, random } = place;
      const asked = { action: "publishEpisode", subjectId: subject.episode };
      const race: Race = { ...place, ...subject, ...(await done(propose, ed(t), asked)) };
      const begun = Date.now();
      const answers = await Promise.all(
        KINDS[kind]!(race).map(async (start, i) => {
          await later(i === 0 ? 0 : random.below(Math.ceil(place.pace)));
          const answer = await start();
          if (i === 0) place.pace = (place.pace * 3 + Date.now() - begun) / 4;
          return answer;
        }),
      );
      await tidy(place, kind, answers);
      run.set(kind, run.get(kind)! + 1);
      if ((await nodeNow(t, "Episode", subject.episode)).status === "PUBLISHED")
        published.set(kind, published.get(kind)! + 1);
    };
    await Promise.all(
      arenas.map(async (place, a) => {
        for (const [i, subject] of place.subjects.entries()) {
          if (i % SEAL_EVERY === 0) await sealed(place.t);
          await runRace(place, subject, NAMES[(i + a) % NAMES.length]!);
        }
      }),
    );
    const judged = await Promise.all(arenas.map(({ t }) => judgeHistory(t.scope)));
    const wrong = judged.flatMap((one) => one.wrong);
    const total = judged.reduce((sum, one) => sum + one.published, 0);
    const lost = arenas.reduce((sum, { proxy }) => sum + proxy.lost, 0);
    console.log(
      `approvals: ${RACES} races, ${total} published, ${lost} COMMIT replies lost, ${wrong.length} irreversible actions without their approvers`,
    );
    console.log([...run].map(([name, races]) => `  ${name}: ${published.get(name)} of ${races} published`).join("\n"));
    expect(wrong).toEqual([]);
    expect([...run.values()].reduce((sum, races) => sum + races, 0)).toBe(RACES);
    expect([...published.values()].reduce((sum, count) => sum + count, 0)).toBe(total);
    // Nobody else approved these, so that nothing may come of them.
    expect(published.get("the proposer's own approval")).toBe(0);
    // Nothing stood in the way of these but the approval itself.
    for (const name of ["another approval", "the same approval again"])
      expect(published.get(name), name).toBe(run.get(name));
    expect(lost).toBeGreaterThan(0);
    // Each publication stands in the audit once.
    const audited = await Promise.all(
      arenas.map(async ({ t }) =>
        (await recordsOf(t.scope)).audit.filter(({ command }) => command === "publishEpisode"),
      ),
    );
    expect(audited.flat()).toHaveLength(total);
  });
});

import type { Stance } from "../../server/domains/evidence/evidence.service.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { extractFact } from "../../server/domains/fact/fact.service.js";
import { stateClaim } from "../../server/domains/claim/claim.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { testGraph } from "./graph.js";
import { sealed } from "./seal.js";
import type { TestTenant } from "./tenant.js";

/*
 * Factories: each makes one node through its command, and the parents that weren't given. They answer public ids.
 */

/** Whatever else the command takes. */
type Extra = Readonly<Record<string, unknown>>;

let counter = 0;
const unique = (word: string): string => `${word} ${++counter}`;

export async function buildSource(
  t: TestTenant,
  input: { url?: string; title?: string; citesIds?: string[]; independenceGroup?: string } & Extra = {},
): Promise<string> {
  const n = ++counter;
  // Of tier 2: what stands on one of tier 3 alone can't be published.
  const defaults = { url: `https://publisher-${n}.example/article`, title: `Source ${n}`, tier: 2 };
  return (await t.run(registerSource, { ...defaults, ...input })).sourceId;
}

export async function buildSnapshot(
  t: TestTenant,
  input: { sourceId?: string; text?: string } & Extra = {},
): Promise<string> {
  const sourceId = input.sourceId ?? (await buildSource(t));
  return (
    await t.run(captureSnapshot, {
      text: `${unique("Water boils at 100 degrees, says page")}.`,
      kind: "FULL",
      ...input,
      sourceId,
    })
  ).snapshotId;
}

/** A fact on a quote; without a snapshot, on one that says just that. */
export async function buildFact(
  t: TestTenant,
  input: { snapshotId?: string; sourceId?: string; quote?: string } & Extra = {},
): Promise<string> {
  const { quote = `${unique("the boiling point is measured in run")}`, sourceId, ...rest } = input;
  const snapshotId =
    input.snapshotId ??
    (await buildSnapshot(t, { text: `They report that ${quote}.`, ...(sourceId === undefined ? {} : { sourceId }) }));
  return (await t.run(extractFact, { quote: { exact: quote }, ...rest, snapshotId })).factId;
}

/** A claim, with evidence of these stances. */
export async function buildClaim(
  t: TestTenant,
  input: {
    text?: string;
    supports?: string[];
    contradicts?: string[];
    considered?: string[];
    sceneIds?: string[];
  } & Extra = {},
): Promise<string> {
  const { supports = [], contradicts = [], considered = [], ...rest } = input;
  const { claimId } = await t.run(stateClaim, { text: unique("Water boils at 100 degrees, claim"), ...rest });
  const link = (stance: Stance, facts: string[]) => facts.map((factId) => ({ claimId, factId, stance }));
  for (const each of [
    ...link("SUPPORTS", supports),
    ...link("CONTRADICTS", contradicts),
    ...link("CONSIDERED", considered),
  ]) {
    await t.run(linkEvidence, each);
  }
  return claimId;
}

export async function buildEpisode(t: TestTenant, input: Extra = {}): Promise<string> {
  return (await t.run(createEpisode, { title: unique("Episode"), channelId: t.channelId, ...input })).episodeId;
}

export async function buildScene(
  t: TestTenant,
  input: { episodeId?: string; claimIds?: string[] } & Extra = {},
): Promise<string> {
  const episodeId = input.episodeId ?? (await buildEpisode(t));
  return (await t.run(createScene, { title: unique("Scene"), ordinal: ++counter, ...input, episodeId })).sceneId;
}

export async function buildTopic(t: TestTenant, input: Extra = {}): Promise<string> {
  return (await t.run(createTopic, { title: unique("Topic"), ...input })).topicId;
}

/** Puts an episode live: one proposes it, another approves. Without scenes and support it would be refused. */
export async function publish(t: TestTenant, episodeId: string, input: Extra = {}): Promise<{ proposalId: string }> {
  await sealed(t);
  const asked = { action: "publishEpisode", subjectId: episodeId, ...input };
  const { proposalId, contentHash } = await t.run(propose, asked, t.caller("editor"));
  // The twin's sources were retrieved at another instant, so its content has another hash.
  const id = parseNodeId(proposalId)!;
  const twin = (await nodesById(testGraph(), t.twinScope, [id], Date.now() + 60_000)).get(proposalId);
  const twinInput = { contentHash: twin?.label === "Proposal" ? twin.contentHash : "" };
  await t.run(approve, { proposalId, contentHash }, t.person("approver", "approver"), twinInput);
  return { proposalId };
}

/** An episode of one scene that states one claim, on one fact of one snapshot of one source. */
export async function buildChain(
  t: TestTenant,
): Promise<Record<"episode" | "scene" | "claim" | "fact" | "snapshot" | "source", string>> {
  const source = await buildSource(t);
  const snapshot = await buildSnapshot(t, {
    sourceId: source,
    text: "They measured it: water boils at 100 degrees at sea level.",
  });
  const fact = await buildFact(t, { snapshotId: snapshot, quote: "water boils at 100 degrees" });
  const claim = await buildClaim(t, { supports: [fact] });
  const episode = await buildEpisode(t);
  const scene = await buildScene(t, { episodeId: episode, claimIds: [claim] });
  return { episode, scene, claim, fact, snapshot, source };
}

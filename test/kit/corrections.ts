import { approve } from "../../server/domains/approval/approval.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { supersedeSource } from "../../server/domains/source/withdrawal.service.js";
import { done } from "./approvals.js";
import { buildChain, buildSource } from "./build.js";
import { recordsOf } from "./records.js";
import { sealed } from "./seal.js";
import type { TestTenant } from "./tenant.js";

export type LiveChain = Awaited<ReturnType<typeof buildChain>>;

/** Puts an episode live in the tenant alone: its twin has another past. */
export async function publishHere(t: TestTenant, episodeId: string): Promise<void> {
  await sealed(t);
  const { proposalId, contentHash } = await done(propose, t.person("ed", "editor"), {
    action: "publishEpisode",
    subjectId: episodeId,
  });
  await done(approve, t.person("ann", "approver"), { proposalId, contentHash });
}

/** A live episode of one scene, one claim, one fact, one snapshot, one source. */
export async function buildLive(t: TestTenant): Promise<LiveChain> {
  const chain = await buildChain(t);
  await publishHere(t, chain.episode);
  return chain;
}

/** What `source.fell` told, oldest first. */
export const fallsOf = async (t: TestTenant): Promise<readonly Record<string, unknown>[]> =>
  (await recordsOf(t.scope)).events
    .filter(({ type }) => type === "source.fell")
    .map(({ subject, data }) => ({ sourceId: subject, ...(JSON.parse(String(data)) as object) }));

/** A live episode whose source was superseded, and the task that this opened. */
export async function buildCorrection(t: TestTenant): Promise<LiveChain & { taskId: string; incidentId: string }> {
  const chain = await buildLive(t);
  await done(supersedeSource, t.person("ana", "analyst"), { sourceId: chain.source, byId: await buildSource(t) });
  const fell = (await fallsOf(t)).find(({ sourceId }) => sourceId === chain.source)!;
  const [taskId] = fell.taskIds as string[];
  return { ...chain, taskId: taskId!, incidentId: String(fell.incidentId) };
}

/** Somebody proposes to retract a source, and another approves. */
export async function retractHere(t: TestTenant, sourceId: string, reason = "a test"): Promise<void> {
  await sealed(t);
  const asked = { action: "retractSource", subjectId: sourceId, reason };
  const { proposalId, contentHash } = await done(propose, t.person("ana", "analyst"), asked);
  await done(approve, t.person("ann", "approver"), { proposalId, contentHash });
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { approve } from "../../server/domains/approval/approval.service.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import type { TestApi } from "./api.js";
import { done } from "./approvals.js";
import { environment } from "./env.js";
import { claimRow, importClaims, jsonLines } from "./import.js";
import { sealed } from "./seal.js";
import type { TestTenant } from "./tenant.js";

/** Real claims of VitaminC, judged against revisions of Wikipedia's pages. */
export const REVISIONS = join(environment.data, "vitaminc_claims", "vitaminc_open.jsonl");
export const haveRevisions = existsSync(REVISIONS);

export type RevisionRow = Readonly<
  Record<"claim" | "case_id" | "evidence" | "label" | "source_title" | "source_url", string>
>;
export interface RevisionPair {
  readonly older: RevisionRow;
  readonly newer: RevisionRow;
}

/** Claims that were judged against two revisions of a page: the first as the older one, as the file has them. */
export function revisionPairs(): RevisionPair[] {
  const rows = readFileSync(REVISIONS, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RevisionRow);
  const groups = new Map<string, RevisionRow[]>();
  for (const row of rows) groups.set(row.claim, [...(groups.get(row.claim) ?? []), row]);
  return [...groups.values()].flatMap(([older, newer, ...more]) =>
    newer !== undefined &&
    more.length === 0 &&
    older!.evidence !== newer.evidence &&
    older!.source_title === newer.source_title
      ? [{ older: older!, newer }]
      : [],
  );
}

/** A row to import: of the revision with this number, with this label. The rows of a pair name one and the same. */
export const revisionRow = (row: RevisionRow, revision: number, label: string) =>
  claimRow({ ...row, id: undefined, revision_id: String(revision), label });

/** Some pairs whose older revision supports the claim, and whose newer one doesn't any more. */
export const fallingPairs = (count: number): RevisionPair[] =>
  revisionPairs()
    .filter(({ older, newer }) => older.label === "SUPPORTS" && newer.label !== "SUPPORTS")
    .slice(0, count);

/** Imports one side of the pairs, as the file `older.jsonl` or `newer.jsonl`. */
export async function importRevision(
  api: TestApi,
  t: TestTenant,
  pairs: readonly RevisionPair[],
  which: keyof RevisionPair,
): Promise<void> {
  const rows = pairs.map((pair) => revisionRow(pair[which], which === "older" ? 1 : 2, pair[which].label));
  const { last } = await importClaims(api, t.id, jsonLines(rows), { query: { name: `${which}.jsonl` } });
  expect(last).toMatchObject({ type: "done", read: pairs.length, refused: 0 });
}

/**
 * An episode that states claims which nobody here made, proposed by one and approved by another. They stand on Tier 3 alone, and
 * nobody has judged their quotes, so the gate is lifted for their channel.
 */
export async function stateLive(t: TestTenant, claimIds: readonly string[]): Promise<string> {
  const [ed, ann] = [t.person("ed", "editor"), t.person("ann", "approver")];
  const { episodeId } = await done(createEpisode, ed, { title: "What changed", channelId: t.channelId });
  await done(createScene, ed, { episodeId, title: "All of it", ordinal: 1, claimIds });
  await sealed(t);
  const lifting = { rule: "publish-gate", until: Date.now() + 3_600_000 };
  const exempting = { action: "grantExemption", subjectId: t.channelId, arguments: lifting };
  await done(approve, ann, await done(propose, t.person("adm", "tenant-admin"), exempting));
  await done(approve, ann, await done(propose, ed, { action: "publishEpisode", subjectId: episodeId }));
  return episodeId;
}

/** Of the studio's claims the first dozen, live. */
export async function stateSomeLive(api: TestApi, t: TestTenant): Promise<{ episode: string; live: string[] }> {
  const { data } = await api.ask(t.id, "{ claims(first: 500) { edges { node { id } } } }");
  const all = (data.claims.edges as { node: { id: string } }[]).map(({ node }) => node.id);
  const live = all.slice(0, 12);
  return { episode: await stateLive(t, live), live };
}

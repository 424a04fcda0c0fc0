import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { CommandContext } from "../commands/command.js";
import { needRechecks } from "../domains/claim/recheck.service.js";
import type { ClaimRow } from "./claim-row.js";
import { isNewerRevision } from "../domains/snapshot/revision.js";
import { because, fateOf } from "./drift.js";
import { evidenceOfClaims, type EvidenceOfClaim } from "./drift.query.js";

/*
 * What a newer row does to a claim that an older excerpt of the same source supports. A row says which claim it bears on, so
 * only that one is looked at; what it asserts of the claim, its label, is not.
 */

/** Something that bears on a claim: an excerpt of a source, in a revision, brought by an import. */
export interface Witness {
  readonly claimKey: string;
  readonly claim: string;
  readonly sourceKey: string;
  readonly title: string;
  readonly text: string;
  readonly revision: string | null;
  readonly supports: boolean;
  readonly at: Instant;
  /** One file is one reading, whatever order its rows come in. */
  readonly import: string;
}

/**
 * Of revisions that their names tell apart the higher one is newer; else what a later import brought. The rows of one file
 * are one reading: none of them is newer than another, so that their order makes no difference.
 */
const isNewer = (one: Witness, other: Witness): boolean =>
  one.import !== other.import && (isNewerRevision(one.revision, other.revision) ?? one.at > other.at);

/** Claims of which the newest excerpt of a source says less than an older one that supports them, with the reason. */
export function claimsInNeed(witnesses: readonly Witness[]): Map<string, string> {
  const groups = new Map<string, Witness[]>();
  for (const witness of witnesses) {
    const name = JSON.stringify([witness.claimKey, witness.sourceKey]);
    groups.set(name, [...(groups.get(name) ?? []), witness]);
  }
  const needy = new Map<string, string>();
  for (const group of groups.values()) {
    for (const support of group) {
      if (!support.supports) continue;
      const newer = group.filter((witness) => isNewer(witness, support));
      const newest = newer.filter((witness) => !newer.some((other) => isNewer(other, witness)));
      const stood = { claim: support.claim, quote: support.text, kind: "EXCERPT" } as const;
      // Several excerpts of one reading: the claim stands when one of them says as much.
      const hold = newest.filter(({ text }) => fateOf(stood, { kind: "EXCERPT", text }) !== "dropped");
      if (newest.length === 0 || hold.length > 0) continue;
      needy.set(support.claimKey, because("dropped", { title: newest[0]!.title, kind: "EXCERPT" }));
    }
  }
  return needy;
}

const importOf = (operationId: string): string => operationId.split("/").slice(0, 2).join("/");

export interface RowsDrift {
  readonly at: Instant;
  readonly marked: number;
}

/** Marks the claims of these rows that need it. The claims are locked, and nothing is written yet. */
export async function followUpRows(
  context: Pick<CommandContext, "tx" | "operationId" | "newId">,
  rows: readonly ClaimRow[],
  lost: readonly { readonly claimKey: string; readonly factKey: string; readonly edge: string }[],
  before: Instant,
): Promise<RowsDrift> {
  const keys = [...new Set(rows.map((row) => row.claimKey))].sort();
  const standing = keys.length === 0 ? [] : await context.tx.run(evidenceOfClaims, { keys, forever: FOREVER });
  const needy = claimsInNeed(witnessesOf(rows, standing, lost, context.operationId));
  const ids = new Map(standing.map(({ claimKey, claimId }) => [claimKey, claimId]));
  const reasons = new Map<string, string[]>();
  for (const [key, reason] of needy) {
    const id = ids.get(key);
    if (id !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  }
  const needs = [...reasons].map(([because, claimIds]) => ({ ground: { claimIds }, because }));
  const { at, claims } = await needRechecks(context, needs, before);
  return { at, marked: claims };
}

function witnessesOf(
  rows: readonly ClaimRow[],
  standing: readonly EvidenceOfClaim[],
  lost: readonly { readonly claimKey: string; readonly factKey: string; readonly edge: string }[],
  operationId: string,
): Witness[] {
  const claims = new Map(rows.map((row) => [row.claimKey, row.claim]));
  const gone = new Set(lost.map(({ claimKey, factKey, edge }) => JSON.stringify([claimKey, factKey, edge])));
  const before = standing.flatMap(({ claimKey, edge, factKey, quote, title, revision, at, operationId, sourceKey }) => {
    if (sourceKey === null || quote === null || gone.has(JSON.stringify([claimKey, factKey, edge]))) return [];
    return {
      claimKey,
      claim: claims.get(claimKey)!,
      sourceKey,
      title: title ?? sourceKey,
      text: quote,
      revision,
      supports: edge === "SUPPORTED_BY",
      at: at ?? 0,
      import: importOf(operationId ?? ""),
    };
  });
  const now = rows.map((row) => ({
    claimKey: row.claimKey,
    claim: row.claim,
    sourceKey: row.sourceKey,
    title: row.snapshotTitle,
    text: row.evidence,
    revision: row.revision,
    supports: row.edge === "SUPPORTED_BY",
    at: FOREVER,
    import: importOf(operationId),
  }));
  return [...before, ...now];
}

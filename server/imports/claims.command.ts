import { z } from "zod";
import { FOREVER } from "../../graph-schema/time.js";
import { defineCommand } from "../commands/command.js";
import { TIMEOUT_MS, type WriteTx } from "../graph/graph.js";
import { newborn, type Stamp } from "../graph/life.js";
import { readSettings } from "../reads/governance/governance.query.js";
import { tierOf, type GovernanceSettings } from "../reads/governance/settings.js";
import { followUpRows } from "./claims-drift.js";
import { LABEL_EDGES, type ClaimRow } from "./claim-row.js";
import {
  assertEdges,
  lockClaimsByKey,
  lockStandingRows,
  mergeClaims,
  mergeFacts,
  mergeSnapshots,
  mergeSources,
  retractEdges,
  type StandingRow,
} from "./claims.query.js";

/** Rows of one transaction. */
export const BATCH_ROWS = 1_000;

export interface BatchCounts {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
}

/** How each row of a batch stands to what earlier imports left. Keys are unique in a batch. */
export function classify<S extends StandingRow>(rows: readonly ClaimRow[], standing: readonly S[]) {
  const known = new Map(standing.map((row) => [row.key, row]));
  const created = rows.filter((row) => !known.has(row.key));
  const updated = rows.flatMap((row) => {
    const before = known.get(row.key);
    return before !== undefined && before.hash !== row.hash ? [{ row, before }] : [];
  });
  return { created, updated, skipped: rows.length - created.length - updated.length };
}

/** Writes one batch of rows whole, or nothing of it. */
export const importClaimRows = defineCommand({
  name: "importClaims",
  capability: "import",
  door: "import",
  timeoutMs: TIMEOUT_MS.bulk,
  // The rows come from parseClaimRow, which judged them: a second judgement of a million rows would cost as much as the first.
  input: z.object({ rows: z.array(z.custom<ClaimRow>()).min(1).max(BATCH_ROWS) }),
  digest: ({ rows }) => rows.map((row) => [row.key, row.hash]),
  summarize: ({ rows }) => ({ rows: rows.length }),
  async run(context, { rows }) {
    const { tx, operationId, newId } = context;
    const keys = rows.map((row) => row.key).sort();
    const work = classify(rows, await tx.run(lockStandingRows, { keys }));
    const changed = [...work.created, ...work.updated.map(({ row }) => row)];
    const claimKeys = [
      ...new Set([...changed.map((row) => row.claimKey), ...work.updated.map(({ before }) => before.claimKey)]),
    ].sort();
    const [clock] = await tx.run(lockClaimsByKey, { keys: claimKeys });
    const before = Math.max(clock!.now, (clock!.newest ?? 0) + 1);
    const lost = work.updated.map((one) => one.before);
    const { at, marked } = await followUpRows(context, changed, lost, before);
    const stamp = { at, operationId, forever: FOREVER };

    // Sent one behind the other without a wait: the database runs them in this order, and the first that fails is met first.
    const { settings } = await readSettings(tx);
    const sent = changed.length === 0 ? [] : mergeNodes(tx, changed, { stamp, settings }, newId);
    for (const edge of Object.values(LABEL_EDGES)) {
      const lost = work.updated.flatMap(({ before }) => (before.edge === edge ? [before] : []));
      const links = lost.map(({ claimKey, factKey, edgeFrom }) => ({ claimKey, factKey, edgeFrom }));
      if (links.length > 0) sent.push(tx.run(retractEdges[edge], { ...stamp, links }));
    }
    for (const edge of Object.values(LABEL_EDGES)) {
      const asserting = changed.filter((row) => row.edge === edge);
      const standing = asserting.map(({ key, hash, claimKey, factKey }) => ({ key, hash, claimKey, factKey, edge }));
      if (standing.length > 0) sent.push(tx.run(assertEdges[edge], { ...stamp, rows: standing }));
    }
    await Promise.all(sent);

    const result: BatchCounts = { created: work.created.length, updated: work.updated.length, skipped: work.skipped };
    const subject = `Tenant:${tx.tenantId}`;
    const recheck = marked === 0 ? [] : [{ type: "claims.recheck", subject, data: { claims: marked } }];
    return {
      result,
      at,
      events: [{ type: "claims.imported", subject, data: { ...result } }, ...recheck],
      detail: { rows: rows.length, recheck: marked },
    };
  },
});

/** The first row of each key: rows share sources, snapshots, facts and claims. */
const distinct = (rows: readonly ClaimRow[], key: (row: ClaimRow) => string): ClaimRow[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
];

/** Each statement finds what the one before it made. */
function mergeNodes(
  tx: WriteTx,
  rows: readonly ClaimRow[],
  { stamp, settings }: { stamp: Stamp & { forever: number }; settings: GovernanceSettings },
  newId: () => string,
): Promise<unknown>[] {
  const sources = tx.run(mergeSources, {
    sources: distinct(rows, (row) => row.sourceKey).map((row) => ({
      id: newId(),
      key: row.sourceKey,
      properties: newborn(
        tx,
        "Source",
        {
          title: row.sourceTitle,
          url: row.sourceKey,
          publisher: row.publisher,
          tier: tierOf(settings, row.independenceGroup),
          reliability: "F",
          retrievedAt: stamp.at,
          independenceGroup: row.independenceGroup,
          status: "ACTIVE",
        },
        stamp,
      ),
    })),
  });
  const snapshots = tx.run(mergeSnapshots, {
    ...stamp,
    snapshots: distinct(rows, (row) => row.snapshotKey).map((row) => ({
      id: newId(),
      key: row.snapshotKey,
      sourceKey: row.sourceKey,
      sha256: row.sha256,
      text: row.evidence,
      properties: newborn(
        tx,
        "Snapshot",
        {
          title: row.snapshotTitle,
          url: row.snapshotUrl,
          revision: row.revision,
          sha256: row.sha256,
          mediaType: "text/plain",
          capturedAt: stamp.at,
          kind: "EXCERPT",
          bytes: row.bytes,
          cut: false,
        },
        stamp,
      ),
    })),
  });
  const facts = tx.run(mergeFacts, {
    ...stamp,
    facts: distinct(rows, (row) => row.factKey).map((row) => ({
      id: newId(),
      key: row.factKey,
      snapshotKey: row.snapshotKey,
      properties: newborn(
        tx,
        "Fact",
        { title: row.evidence, kind: "KEY_FACT", quotePrefix: "", quoteExact: row.evidence, quoteSuffix: "" },
        stamp,
      ),
    })),
  });
  const claims = tx.run(mergeClaims, {
    claims: distinct(rows, (row) => row.claimKey).map((row) => ({
      id: newId(),
      key: row.claimKey,
      properties: newborn(tx, "Claim", { title: row.claim, kind: "OTHER", status: "STATED" }, stamp),
    })),
  });
  return [sources, snapshots, facts, claims];
}

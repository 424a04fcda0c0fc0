import type { Driver } from "neo4j-driver";
import { ulid } from "ulid";
import { toDriverValue } from "../../server/graph/values.js";
import { VERSIONED } from "../../server/graph/projection.js";
import { Batch, BORN } from "./lineage.store.js";

/* What the questions beside an episode's upstream need in the store: hubs, and versions that came later. */

const DAY_MS = 86_400_000;
/** An instant at which nothing had a second version. */
export const BEFORE_LATER = BORN + 60 * DAY_MS;
const LATER = BORN + 80 * DAY_MS;

const HUB = { snapshots: 10, factsEach: 10, claimsEach: 100 } as const;
const EDGES = 9_999;

const sourceProperties = (title: string) => ({
  title,
  url: `https://hub.example/${encodeURIComponent(title)}`,
  publisher: "Hub",
  tier: 2,
  reliability: "B",
  retrievedAt: BORN,
  independenceGroup: "hub.example",
  status: "ACTIVE",
});
const snapshotProperties = (title: string) => ({
  title,
  sha256: "0".repeat(64),
  mediaType: "text/html",
  capturedAt: BORN,
  kind: "FULL",
  bytes: 10_000,
  cut: false,
});
const factProperties = (title: string) => ({
  title,
  kind: "KEY_FACT",
  quotePrefix: "",
  quoteExact: title,
  quoteSuffix: "",
});
const claimProperties = (title: string) => ({ title, kind: "OTHER", status: "STATED" });

/** A source under 10,000 claims, over a few snapshots and facts; and one with 9,999 snapshots, so that 10,000 nodes are counted. */
export async function addHubs(driver: Driver, tenantId: string): Promise<{ claims: string; edges: string }> {
  const batch = new Batch(tenantId);
  const operationId = batch.operation("importClaims", "a hub");
  const claims = batch.node("Source", operationId, sourceProperties("A hub of claims"));
  for (let s = 0; s < HUB.snapshots; s++) {
    const snapshot = batch.node("Snapshot", operationId, snapshotProperties(`Reading ${s}`));
    batch.edge("Snapshot", "CAPTURED_FROM", "Source", [snapshot, claims], operationId);
    for (let f = 0; f < HUB.factsEach; f++) {
      const fact = batch.node("Fact", operationId, factProperties(`Fact ${s} ${f}`));
      batch.edge("Fact", "QUOTED_FROM", "Snapshot", [fact, snapshot], operationId);
      for (let c = 0; c < HUB.claimsEach; c++) {
        const claim = batch.node("Claim", operationId, claimProperties(`Claim ${s} ${f} ${c}`));
        batch.edge("Claim", "SUPPORTED_BY", "Fact", [claim, fact], operationId, { basis: "FILE", assertingRows: 1 });
      }
    }
  }
  const edges = batch.node("Source", operationId, sourceProperties("A hub of edges"));
  for (let s = 0; s < EDGES; s++) {
    const snapshot = batch.node("Snapshot", operationId, snapshotProperties(`Page ${s}`));
    batch.edge("Snapshot", "CAPTURED_FROM", "Source", [snapshot, edges], operationId);
  }
  await batch.write(driver);
  return { claims, edges };
}

/** Gives each fourth claim of the episodes a second version, as a revision does: the past of it is read from then on. */
export async function addLaterVersions(driver: Driver, tenantId: string, episodes: readonly string[]): Promise<void> {
  const { records } = await driver.executeQuery(
    `UNWIND $episodes AS id
MATCH (:Episode {tenantId: $tenantId, id: id})-[:HAS_SCENE]->()-[:STATES]->(c:Claim) WHERE c.version = 1
RETURN DISTINCT c.id AS id ORDER BY id`,
    { tenantId, episodes: [...episodes] },
  );
  const rows = records
    .filter((_, i) => i % 4 === 0)
    .map((record) => ({ id: record.get("id") as string, revisionId: ulid() }));
  await driver.executeQuery(
    `UNWIND $rows AS row
MATCH (n:Claim {tenantId: $tenantId, id: row.id})
CREATE (past:Revision {tenantId: $tenantId, id: row.revisionId})-[:REVISION_OF]->(n)
SET past += n {${VERSIONED.Claim.map((column) => `.${column}`).join(", ")}}, past.of = n.id, past.n = n.version, past.validFrom = n.versionFrom, past.validTo = $at, past.by = n.versionBy
SET n.status = "NEEDS_RECHECK", n.version = n.version + 1, n.versionFrom = $at`,
    toDriverValue({ tenantId, rows, at: LATER }) as Record<string, unknown>,
  );
}

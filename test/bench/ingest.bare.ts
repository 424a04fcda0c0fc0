import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Driver } from "neo4j-driver";
import { ulid } from "ulid";
import { FOREVER } from "../../graph-schema/time.js";
import { tenantKey } from "../../server/graph/life.js";
import { toDriverValue } from "../../server/graph/values.js";
import { LABEL_EDGES, parseClaimRow, type ClaimRow } from "../../server/imports/claim-row.js";

/*
 * The baseline: the same rows, a thousand to a transaction, as plain UNWIND and MERGE, with the same nodes, edges and
 * properties under the same constraints; no operation, no audit, no record of the row, no locks.
 */

const BATCH = 1_000;
const LIFE = "validFrom: $at, validTo: $forever, version: 1, versionFrom: $at, versionBy: 'bare'";
const EDGE = "validFrom: $at, validTo: $forever, openedBy: 'bare'";

const STATEMENTS = [
  `UNWIND $rows AS row MERGE (n:Source {tenantId: $tenantId, key: row.sourceKey})
ON CREATE SET n += {id: row.ids[0], title: row.sourceTitle, url: row.sourceKey, publisher: row.publisher, tier: 3, reliability: 'F', retrievedAt: $at, independenceGroup: row.independenceGroup, status: 'ACTIVE', tenantKey: $tenantKey, labelKey: 'source', ${LIFE}}`,
  `UNWIND $rows AS row MATCH (s:Source {tenantId: $tenantId, key: row.sourceKey})
MERGE (n:Snapshot {tenantId: $tenantId, key: row.snapshotKey})
ON CREATE SET n += {id: row.ids[1], title: row.snapshotTitle, url: row.snapshotUrl, revision: row.revision, sha256: row.sha256, mediaType: 'text/plain', capturedAt: $at, kind: 'EXCERPT', bytes: row.bytes, cut: false, ${LIFE}}
WITH n, s, row WHERE n.id = row.ids[1]
MERGE (b:Body {tenantId: $tenantId, sha256: row.sha256}) ON CREATE SET b.text = row.evidence
CREATE (n)-[:HAS_BODY {${EDGE}}]->(b) CREATE (n)-[:CAPTURED_FROM {${EDGE}}]->(s)`,
  `UNWIND $rows AS row MATCH (s:Snapshot {tenantId: $tenantId, key: row.snapshotKey})
MERGE (n:Fact {tenantId: $tenantId, key: row.factKey})
ON CREATE SET n += {id: row.ids[2], title: row.evidence, kind: 'KEY_FACT', quotePrefix: '', quoteExact: row.evidence, quoteSuffix: '', tenantKey: $tenantKey, labelKey: 'fact', ${LIFE}}
WITH n, s, row WHERE n.id = row.ids[2] CREATE (n)-[:QUOTED_FROM {${EDGE}}]->(s)`,
  `UNWIND $rows AS row MERGE (n:Claim {tenantId: $tenantId, key: row.claimKey})
ON CREATE SET n += {id: row.ids[3], title: row.claim, kind: 'OTHER', status: 'STATED', tenantKey: $tenantKey, labelKey: 'claim', ${LIFE}}`,
  ...Object.values(LABEL_EDGES).map(
    (edge) => `UNWIND $rows AS row WITH row WHERE row.edge = '${edge}'
MATCH (c:Claim {tenantId: $tenantId, key: row.claimKey}), (f:Fact {tenantId: $tenantId, key: row.factKey})
MERGE (c)-[r:${edge} {validTo: $forever}]->(f) ON CREATE SET r += {${EDGE}, basis: 'FILE', assertingRows: 1}`,
  ),
];

/** Milliseconds of a load: from the file to the end, and of that in the database. */
export interface BareTime {
  readonly whole: number;
  readonly database: number;
}

/** Loads a file. The rows are read and given their keys by our own parser, as whoever merges by key needs keys. */
export async function loadBare(driver: Driver, tenantId: string, path: string): Promise<BareTime> {
  const start = performance.now();
  let spent = 0;
  let rows: object[] = [];
  const flush = async (): Promise<void> => {
    const at = Date.now();
    const given = toDriverValue({ tenantId, tenantKey: tenantKey(tenantId), at, forever: FOREVER, rows }) as object;
    rows = [];
    const began = performance.now();
    const session = driver.session();
    try {
      await session.executeWrite(async (tx) => {
        for (const statement of STATEMENTS) await tx.run(statement, given);
      });
    } finally {
      await session.close();
    }
    spent += performance.now() - began;
  };
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const parsed = parseClaimRow(line);
    if ("problems" in parsed) throw new Error(`the benchmark wrote a bad row: ${line}`);
    const row: ClaimRow = parsed.row;
    rows.push({ ...row, ids: [ulid(), ulid(), ulid(), ulid()] });
    if (rows.length === BATCH) await flush();
  }
  if (rows.length > 0) await flush();
  return { whole: performance.now() - start, database: spent };
}

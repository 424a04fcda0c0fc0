import type { Driver } from "neo4j-driver";
import { ulid } from "ulid";
import { SHELF_LIFE_DAYS } from "../../graph-schema/nodes/claim.js";
import { FOREVER } from "../../graph-schema/time.js";
import { claimKey } from "../../server/domains/claim/claim-text.js";
import { tenantKey } from "../../server/graph/life.js";
import { toDriverValue } from "../../server/graph/values.js";

/*
 * The baseline: the same claim with the same properties under the same constraints, and the same edge from the same scene, in
 * a managed transaction of two statements. No operation, no policy, no audit, no event, and no lock before the instant is taken.
 */

const DAY_MS = 86_400_000;

const MERGE_CLAIM = `MERGE (n:Claim {tenantId: $tenantId, key: $key})
ON CREATE SET n.id = $id, n += $properties`;

const OPEN_EDGE = `MATCH (a:Scene {tenantId: $tenantId, id: $sceneId}), (b:Claim {tenantId: $tenantId, id: $id})
MERGE (a)-[r:STATES {validTo: $forever}]->(b)
ON CREATE SET r.validFrom = $at, r.openedBy = $openedBy`;

/** States a claim in a scene, as plainly as can be. */
export async function stateBare(driver: Driver, tenantId: string, sceneId: string, text: string): Promise<void> {
  const id = ulid();
  const at = Date.now();
  const shelfLife = SHELF_LIFE_DAYS.OTHER;
  const given = toDriverValue({
    tenantId,
    key: claimKey(text),
    id,
    sceneId,
    at,
    forever: FOREVER,
    openedBy: `bare/${id}`,
    properties: {
      title: text,
      kind: "OTHER",
      status: "STATED",
      recheckBy: shelfLife === null ? null : at + shelfLife * DAY_MS,
      validFrom: at,
      validTo: FOREVER,
      version: 1,
      versionFrom: at,
      versionBy: `bare/${id}`,
      tenantKey: tenantKey(tenantId),
      labelKey: "claim",
    },
  }) as object;
  const session = driver.session();
  try {
    await session.executeWrite(async (tx) => {
      await tx.run(MERGE_CLAIM, given);
      await tx.run(OPEN_EDGE, given);
    });
  } finally {
    await session.close();
  }
}

import { z } from "zod";
import { EVIDENCE_BASES } from "../../../graph-schema/edges.js";
import { CLAIM_KINDS, CLAIM_STATUSES } from "../../../graph-schema/nodes/claim.js";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";
import { settingsFrom, type GovernanceSettings } from "./settings.js";

/* What the rules of governance are judged on: an episode's claims with their evidence, the sources under them, the settings. */

/** What holds now, for whoever holds locks on it. */
export const PRESENT: Instant = FOREVER - 1;
/** Claims of an episode that are judged; an episode with more can't be published (see frozen-episode.service.ts). */
export const MOST_CLAIMS = 5_000;
/** Quotes of one claim that are looked at. */
const MOST_SUPPORTS = 200;
/** Facts that were computed from others are followed so far. */
const MOST_DERIVED = 8;

export const governedEpisode = defineQuery({
  name: "governedEpisode",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; most: number }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $id})
WHERE ${holdsAt("e")}
CALL (e) {
  MATCH (e)-[hs:HAS_SCENE]->(:Scene)-[st:STATES]->(c:Claim)
  WHERE ${holdsAt("hs")} AND ${holdsAt("st")}
  WITH DISTINCT c ORDER BY c.id LIMIT $most
  RETURN collect(c.id) AS claimIds
}
RETURN claimIds`,
  row: z.object({ claimIds: z.array(z.string()) }),
});

const support = z.tuple([
  z.string(),
  z.string(),
  z.enum(EVIDENCE_BASES),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
]);
const named = z.tuple([z.string(), z.string()]);

export const governedClaims = defineQuery({
  name: "governedClaims",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; asOf: Instant; supports: number }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})
CALL (c) {
  MATCH (c)-[r:SUPPORTED_BY]->(f:Fact)-[q:QUOTED_FROM]->(n:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
  WHERE ${holdsAt("r")} AND ${holdsAt("q")} AND ${holdsAt("t")}
  WITH r, f, n, s ORDER BY f.id LIMIT $supports
  RETURN collect([f.id, f.quoteExact, r.basis, r.openedBy, n.id, n.sha256, s.id]) AS supports
}
CALL (c) {
  MATCH (c)-[path:SUPPORTED_BY|DERIVED_FROM*1..${MOST_DERIVED + 1}]->(f:Fact)
  WHERE all(r IN path WHERE ${holdsAt("r")})
  WITH f, min(size(path)) AS far
  MATCH (f)-[q:QUOTED_FROM]->(:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
  WHERE ${holdsAt("q")} AND ${holdsAt("t")}
  RETURN collect(DISTINCT s.id) AS under
}
CALL (c) {
  MATCH (c)-[x:CONTRADICTED_BY]->(f:Fact)
  WHERE ${holdsAt("x")}
  OPTIONAL MATCH (c)<-[a:ABOUT]-(d:Decision)-[b:BASED_ON]->(f)
  WHERE ${holdsAt("a")} AND ${holdsAt("b")}
  WITH f, count(d) AS decisions ORDER BY f.id
  WITH f, decisions, ${versionAt("f")} AS fv
  RETURN collect(CASE WHEN decisions = 0 THEN [f.id, fv.title] END) AS opposed
}
CALL (c) {
  MATCH (c)-[x:CONFLICTS_WITH]-(o:Claim)
  WHERE ${holdsAt("x")}
  OPTIONAL MATCH (c)<-[p:PICKS]-(:Decision)-[a:ABOUT]->(o)
  WHERE ${holdsAt("p")} AND ${holdsAt("a")}
  WITH o, count(p) AS picks ORDER BY o.id
  WITH o, picks, ${versionAt("o")} AS ov
  RETURN collect(CASE WHEN picks = 0 THEN [o.id, ov.title] END) AS conflicts
}
WITH c, supports, under, opposed, conflicts, ${versionAt("c")} AS cv
RETURN c.id AS id, cv.title AS title, cv.kind AS kind, cv.status AS status, cv.recheckBy AS recheckBy, supports, under, opposed, conflicts`,
  row: z.object({
    id: z.string(),
    title: z.string(),
    kind: z.enum(CLAIM_KINDS),
    status: z.enum(CLAIM_STATUSES),
    recheckBy: z.number().nullable(),
    /** Fact, its quote, who says that it supports and by which operation, snapshot, the SHA-256 of its text, source. */
    supports: z.array(support),
    under: z.array(z.string()),
    opposed: z.array(named),
    conflicts: z.array(named),
  }),
});
export type GovernedClaim = z.infer<typeof governedClaims.row>;

export const governedSources = defineQuery({
  name: "governedSources",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; asOf: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (s:Source {tenantId: $tenantId, id: id})
WITH s, ${versionAt("s")} AS sv
RETURN s.id AS id, sv.title AS title, sv.tier AS tier, sv.status AS status, sv.independenceGroup AS independenceGroup`,
  row: z.object({
    id: z.string(),
    title: z.string(),
    tier: z.number(),
    status: z.enum(SOURCE_STATUSES),
    independenceGroup: z.string(),
  }),
});
export type GovernedSource = z.infer<typeof governedSources.row>;

export const governanceSettingsOf = defineQuery({
  name: "governanceSettingsOf",
  mode: "read",
  scope: "tenant",
  params: params<{ asOf: Instant; present: Instant }>(),
  // What holds now is judged by the database's clock, as are all writes.
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
WITH t, ${versionAt("t")} AS tv
RETURN tv.governance AS settings, CASE WHEN $asOf < $present THEN $asOf ELSE datetime.realtime().epochMillis END AS now`,
  row: z.object({ settings: z.string().nullable(), now: z.number() }),
});

export const governanceQueries: readonly AnyQuery[] = [
  governedEpisode,
  governedClaims,
  governedSources,
  governanceSettingsOf,
];

/** The studio's settings at an instant, and that instant: the database's own for PRESENT. */
export async function readSettings(
  reader: Reader,
  asOf: Instant = PRESENT,
): Promise<{ settings: GovernanceSettings; now: Instant }> {
  const [row] = await reader.run(governanceSettingsOf, { asOf, present: PRESENT });
  return { settings: settingsFrom(row?.settings ?? null), now: row?.now ?? asOf };
}

/** The claims that an episode states, in order of id; null when there is no such episode at the instant. */
export async function readGovernedClaims(
  reader: Reader,
  episodeId: string,
  asOf: Instant,
): Promise<{ claims: GovernedClaim[]; whole: boolean } | null> {
  const [episode] = await reader.run(governedEpisode, { id: episodeId, asOf, most: MOST_CLAIMS + 1 });
  if (episode === undefined) return null;
  const ids = episode.claimIds.slice(0, MOST_CLAIMS);
  const claims = ids.length === 0 ? [] : await reader.run(governedClaims, { ids, asOf, supports: MOST_SUPPORTS });
  return { claims, whole: ids.length === episode.claimIds.length };
}

export async function readGovernedSources(
  reader: Reader,
  claims: readonly GovernedClaim[],
  asOf: Instant,
): Promise<ReadonlyMap<string, GovernedSource>> {
  const ids = [
    ...new Set(claims.flatMap(({ under, supports }) => [...under, ...supports.map((one) => one[6])])),
  ].sort();
  const rows = ids.length === 0 ? [] : await reader.run(governedSources, { ids, asOf });
  return new Map(rows.map((row) => [row.id, row]));
}

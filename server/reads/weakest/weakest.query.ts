import { z } from "zod";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt, nodeRow, nodeRowOf, versionAt } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery, type Query } from "../../graph/query.js";
import { bitOf, type SourceVersion } from "./risk.js";
import { FIRST, inOrder, pageOf, Stretches, type Position, type Ranked, type Stretch } from "./stretch.js";

/** Claims that one statement looks at. */
const CHUNK = 10_000;
/** Claims that are looked at in all; a larger studio's answer says that it saw no more. */
export const MAX_LOOKED = 250_000;
/** Facts computed from facts are followed this far down to the sources under them. */
export const MAX_DERIVED = 4;

/** Kinds of risk as bits, sound independent groups, id of the claim. */
const ranked = z.tuple([z.number(), z.number(), z.string()]);

interface RankParams extends Position {
  asOf: Instant;
  live: readonly string[];
  channelId: string | null;
  /** The last claim that was looked at. */
  behind: string;
  chunk: number;
  limit: number;
}
const rankRow = z.object({
  looked: z.number(),
  last: z.string().nullable(),
  risky: z.number(),
  top: z.array(ranked),
});

/** Claims in order of id, straight from the index: those that a live episode states are sorted out behind it. */
const OF_ALL = `MATCH (c:Claim {tenantId: $tenantId})
WHERE c.id > $behind AND ${holdsAt("c")}
WITH c ORDER BY c.tenantId, c.id LIMIT $chunk
WITH collect(c) AS looked
CALL (looked) {
  UNWIND looked AS c
  MATCH (c)<-[st:STATES]-(:Scene)<-[hs:HAS_SCENE]-(e:Episode)
  WHERE ${holdsAt("st")} AND ${holdsAt("hs")}
  WITH c, e, ${versionAt("e")} AS ev
  WHERE ev.status IN $live
  RETURN collect(DISTINCT c) AS stated
}`;

/** A channel's own, so that a small channel costs little in a large studio. */
const OF_CHANNEL = `MATCH (ch:Channel {tenantId: $tenantId, id: $channelId})
CALL (ch) {
  MATCH (ch)<-[o:ON]-(e:Episode)
  WHERE ${holdsAt("o")}
  WITH e, ${versionAt("e")} AS ev
  WHERE ev.status IN $live
  MATCH (e)-[hs:HAS_SCENE]->(:Scene)-[st:STATES]->(c:Claim)
  WHERE ${holdsAt("hs")} AND ${holdsAt("st")} AND c.id > $behind
  WITH DISTINCT c ORDER BY c.id LIMIT $chunk
  RETURN collect(c) AS looked
}
WITH looked, looked AS stated`;

/**
 * Each claim's risks as bits of one number, so that one comparison puts them in order: whoever has a graver kind comes
 * first, whatever else the other has. The facts under a claim are found breadth first and each once, as lineage finds them (a
 * test holds the plan to that): a fact supports it itself (one hop), or was computed into one that does. What counts as a source's group, and which sources count, is written in risk.ts once
 * more, where the reasons are told; a test holds the two together.
 */
const rankText = (source: string): string => `${source}
CALL (stated) {
  UNWIND stated AS c
  CALL (c) {
    MATCH (c)-[path:SUPPORTED_BY|DERIVED_FROM*1..${MAX_DERIVED + 1}]->(f)
    WHERE all(r IN path WHERE ${holdsAt("r")})
    WITH f, min(size(path)) AS far
    MATCH (f)-[q:QUOTED_FROM]->(:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
    WHERE ${holdsAt("q")} AND ${holdsAt("t")}
    WITH s, min(far) AS far
    WITH s, far, ${versionAt("s")} AS sv
    RETURN count(DISTINCT CASE WHEN far = 1 AND sv.status <> "RETRACTED" THEN sv.independenceGroup END) AS groups,
      count(DISTINCT CASE WHEN far = 1 AND sv.status = "ACTIVE" THEN sv.independenceGroup END) AS sound,
      count(CASE WHEN sv.status = "RETRACTED" THEN 1 END) AS retracted,
      count(CASE WHEN sv.status IN ["STALE", "DEAD"] THEN 1 END) AS stale,
      count(CASE WHEN far = 1 THEN s END) AS quoted
  }
  CALL (c) {
    OPTIONAL MATCH (c)-[r:CONTRADICTED_BY]->(:Fact)
    WHERE ${holdsAt("r")}
    RETURN count(r) AS contradicted
  }
  CALL (c) {
    OPTIONAL MATCH (c)-[x:CONFLICTS_WITH]-(o:Claim)
    WHERE ${holdsAt("x")}
    OPTIONAL MATCH (c)<-[p:PICKS]-(:Decision)-[a:ABOUT]->(o)
    WHERE ${holdsAt("p")} AND ${holdsAt("a")}
    WITH o, count(p) AS picks
    RETURN count(CASE WHEN picks = 0 THEN o END) AS disputed
  }
  WITH c, groups, sound, retracted, stale, quoted, contradicted + disputed AS contradicted, ${versionAt("c")} AS cv
  WITH c.id AS id, sound,
    CASE WHEN retracted > 0 OR cv.status = "WRONG" THEN ${bitOf("RETRACTED")} ELSE 0 END +
    CASE WHEN stale > 0 OR cv.status = "NEEDS_RECHECK" OR coalesce(cv.recheckBy <= $asOf, false) THEN ${bitOf("STALE")} ELSE 0 END +
    CASE WHEN groups < 2 THEN ${bitOf("SINGLE_SOURCE")} ELSE 0 END +
    CASE WHEN contradicted > 0 THEN ${bitOf("CONTRADICTED")} ELSE 0 END +
    CASE WHEN quoted = 0 THEN ${bitOf("UNQUOTED")} ELSE 0 END AS mask
  WHERE mask > 0
  RETURN collect([mask, sound, id]) AS risks
}
CALL (risks) {
  UNWIND risks AS risk
  WITH risk, risk[0] AS mask, risk[1] AS sound, risk[2] AS id
  WHERE CASE WHEN mask <> $mask THEN mask < $mask WHEN sound <> $sound THEN sound > $sound ELSE id > $id END
  WITH risk ORDER BY mask DESC, sound, id LIMIT $limit
  RETURN collect(risk) AS top
}
RETURN size(looked) AS looked, looked[-1].id AS last, size(risks) AS risky, top`;

const rankQuery = (name: string, source: string): Query<RankParams, z.infer<typeof rankRow>> =>
  defineQuery({
    name,
    mode: "read",
    scope: "tenant",
    params: params<RankParams>(),
    cypher: rankText(source),
    row: rankRow,
  });
const rankAll = rankQuery("weakestClaims", OF_ALL);
const rankChannel = rankQuery("weakestClaimsOfChannel", OF_CHANNEL);

/* What risk.ts works with. */
const link = z.tuple([z.number(), z.number(), z.string(), z.string().nullable()]);
const claimVersion = z.tuple([z.number(), z.string().nullable(), z.string(), z.number().nullable()]);
const sourceVersion = z.tuple([z.number(), z.string().nullable(), z.string(), z.string()]);
const chain = z.tuple([
  z.enum(["SUPPORTED_BY", "CONTRADICTED_BY"]),
  z.string(),
  z.string().nullable(),
  z.number(),
  z.array(link),
]);

const conflict = z.tuple([z.string(), link, z.array(link)]);
const linkOf = (r: string): string => `[${r}.validFrom, ${r}.validTo, ${r}.openedBy, ${r}.closedBy]`;

/** Facts of a claim that its reasons are worked out from, the newest first. */
const MAX_FACTS = 1_000;
/** Ways from one of its facts down to sources: those without a computation between come first. */
const MAX_WAYS = 100;
const MAX_CHAINS = 20_000;
const MAX_CONFLICTS = 200;
/** Live episodes that are listed with a claim. */
export const MAX_EPISODES = 20;

const evidenceQuery = defineQuery({
  name: "evidenceOfClaims",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[]; asOf: Instant; live: readonly string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})
CALL (c) {
  UNWIND [c] AS v
  WITH v WHERE v.versionFrom <= $asOf
  RETURN v.versionFrom AS at, v.versionBy AS by, v
  UNION ALL
  MATCH (v:Revision)-[:REVISION_OF]->(c)
  WHERE v.validFrom <= $asOf
  RETURN v.validFrom AS at, v.by AS by, v
}
WITH c, at, by, v ORDER BY at
WITH c, collect([at, by, v.status, v.recheckBy]) AS versions
CALL (c) {
  MATCH (c)-[r:SUPPORTED_BY|CONTRADICTED_BY]->(f:Fact)
  WHERE r.validFrom <= $asOf
  WITH r, f ORDER BY r.validFrom DESC LIMIT ${MAX_FACTS}
  CALL (f) {
    OPTIONAL MATCH (f)-[d:DERIVED_FROM*0..${MAX_DERIVED}]->(:Fact)-[q:QUOTED_FROM]->(:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
    WHERE all(x IN d WHERE x.validFrom <= $asOf) AND q.validFrom <= $asOf AND t.validFrom <= $asOf
    RETURN d, q, t, s LIMIT ${MAX_WAYS}
  }
  WITH r, f, s, coalesce(d, []) AS d, [x IN [r] + coalesce(d, []) + [q, t] WHERE x IS NOT NULL] AS links
  LIMIT ${MAX_CHAINS}
  RETURN collect([type(r), f.id, s.id, size(d), [x IN links | ${linkOf("x")}]]) AS chains
}
CALL (c) {
  MATCH (c)-[x:CONFLICTS_WITH]-(o:Claim)
  WHERE x.validFrom <= $asOf
  WITH x, o ORDER BY x.validFrom DESC LIMIT ${MAX_CONFLICTS}
  OPTIONAL MATCH (c)<-[p:PICKS]-(:Decision)-[a:ABOUT]->(o)
  WHERE p.validFrom <= $asOf AND a.validFrom <= $asOf
  WITH x, o, collect(CASE WHEN p IS NOT NULL THEN ${linkOf("p")} END) AS picks
  RETURN collect([o.id, ${linkOf("x")}, picks]) AS conflicts
}
CALL (c) {
  MATCH (c)<-[st:STATES]-(:Scene)<-[hs:HAS_SCENE]-(e:Episode)
  WHERE ${holdsAt("st")} AND ${holdsAt("hs")}
  WITH DISTINCT e
  WITH e, ${versionAt("e")} AS ev
  WHERE ev.status IN $live
  WITH e, ev ORDER BY e.id
  WITH collect([e, ev]) AS episodes
  RETURN size(episodes) AS episodeCount, [pair IN episodes[0..${MAX_EPISODES}] | ${nodeRow("pair[0]", "pair[1]", ["Episode"])}] AS episodes
}
WITH c, versions, chains, conflicts, episodeCount, episodes, ${versionAt("c")} AS cv
RETURN ${nodeRow("c", "cv", ["Claim"])} AS claim, versions, chains, conflicts, episodeCount, episodes`,
  row: z.object({
    claim: nodeRowOf("Claim"),
    versions: z.array(claimVersion),
    chains: z.array(chain),
    conflicts: z.array(conflict),
    episodeCount: z.number(),
    episodes: z.array(nodeRowOf("Episode")),
  }),
});

const sourcesQuery = defineQuery({
  name: "versionsOfSources",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[]; asOf: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (s:Source {tenantId: $tenantId, id: id})
CALL (s) {
  UNWIND [s] AS v
  WITH v WHERE v.versionFrom <= $asOf
  RETURN v.versionFrom AS at, v.versionBy AS by, v
  UNION ALL
  MATCH (v:Revision)-[:REVISION_OF]->(s)
  WHERE v.validFrom <= $asOf
  RETURN v.validFrom AS at, v.by AS by, v
}
WITH id, at, by, v ORDER BY at
RETURN id, collect([at, by, v.status, v.independenceGroup]) AS versions`,
  row: z.object({ id: z.string(), versions: z.array(sourceVersion) }),
});

export const weakestQueries: readonly AnyQuery[] = [rankAll, rankChannel, evidenceQuery, sourcesQuery];

/** Positions that one ranking brings, of which a page shows the first few. */
const AHEAD = 1_000;
/** Stretches that are kept, of all tenants together: some five megabytes. */
const MOST_KEPT = 50;
const keptFrom = new WeakMap<Graph, Stretches>();

/**
 * The page behind `after` of all live claims with a risk, the gravest first. Only the first page of a question is always ranked
 * anew: those behind it are of its instant, so what was ranked for it holds for them, and on another process is found again.
 */
export async function rankClaims(
  graph: Graph,
  scope: Scope,
  question: { channelId: string | null; asOf: Instant; after: Position | null; first: number },
  ahead: number = AHEAD,
): Promise<Ranked> {
  const { channelId, asOf, first } = question;
  const kept = keptFrom.get(graph) ?? new Stretches(MOST_KEPT);
  keptFrom.set(graph, kept);
  const asked = JSON.stringify([scope.tenantId, channelId, asOf]);
  const after = question.after ?? FIRST;
  const known = question.after === null ? null : kept.page(asked, after, first);
  if (known !== null) return known;
  const stretch = await rankBehind(graph, scope, { channelId, asOf, after, length: Math.max(first, ahead) });
  kept.keep(asked, stretch);
  return pageOf(stretch, after, first)!;
}

/** Claims are looked at in chunks that each cost a second at most. */
async function rankBehind(
  graph: Graph,
  scope: Scope,
  question: { channelId: string | null; asOf: Instant; after: Position; length: number },
): Promise<Stretch> {
  const { channelId, asOf, after, length } = question;
  let positions: Position[] = [];
  let [looked, risky, behind, whole] = [0, 0, "", false];
  while (!whole && looked < MAX_LOOKED) {
    const [row] = await graph.read(scope, channelId === null ? rankAll : rankChannel, {
      ...after,
      asOf,
      channelId,
      live: LIVE_STATUSES,
      behind,
      chunk: CHUNK,
      limit: length + 1,
    });
    if (row === undefined) return { after, positions: [], more: false, risky: 0, whole: true };
    const found = row.top.map(([mask, sound, id]) => ({ mask, sound, id }));
    positions = [...positions, ...found].sort(inOrder).slice(0, length + 1);
    looked += row.looked;
    risky += row.risky;
    behind = row.last ?? "";
    whole = row.looked < CHUNK;
  }
  return { after, positions: positions.slice(0, length), more: positions.length > length, risky, whole };
}

export type { Position as RiskPosition };
export type ClaimEvidence = z.infer<typeof evidenceQuery.row>;

/** What the claims stand on and ever stood on, in the order of `ids`, and every version of the sources under them. */
export async function readEvidenceOf(
  graph: Graph,
  scope: Scope,
  ids: readonly string[],
  asOf: Instant,
): Promise<{ claims: ClaimEvidence[]; sources: Map<string, SourceVersion[]> }> {
  if (ids.length === 0) return { claims: [], sources: new Map() };
  const rows = await graph.read(scope, evidenceQuery, { ids: [...ids], asOf, live: LIVE_STATUSES });
  const claims = new Map(rows.map((row) => [row.claim.ulid, row]));
  const sourceIds = [...new Set(rows.flatMap(({ chains }) => chains.flatMap(([, , source]) => source ?? [])))];
  const sources = sourceIds.length === 0 ? [] : await graph.read(scope, sourcesQuery, { ids: sourceIds, asOf });
  return {
    claims: ids.flatMap((id) => claims.get(id) ?? []),
    sources: new Map(sources.map(({ id, versions }) => [id, versions])),
  };
}

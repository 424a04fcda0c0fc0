import { createHash } from "node:crypto";
import { z } from "zod";
import { EVIDENCE_EDGES } from "../../graph-schema/catalog.js";
import { formatNodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import { freezeNode, itemsOf, sealContent } from "../../server/domains/proposal/content.js";
import type { Scope } from "../../server/graph/graph.js";
import { holdsAt, nodeRow, nodeRowSchema, versionAt } from "../../server/graph/projection.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { testGraph } from "../kit/graph.js";

/*
 * Judges a tenant's publications by the graph's history alone: whatever was published, when, by whose approvals, and what
 * stood in the graph at that very instant. It asks none of the code that let it happen but the form of the sealed text.
 */

const decision = z.object({
  episode: z.string(),
  /** Number, status, instant and operation of each version. */
  versions: z.array(z.tuple([z.number(), z.string(), z.number(), z.string().nullable()])),
  channel: z.string(),
  proposals: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      by: z.string(),
      proposer: z.string(),
      contentHash: z.string(),
      arguments: z.string(),
      approvals: z.array(
        z.object({ approver: z.string(), verdict: z.string(), contentHash: z.string(), at: z.number() }),
      ),
    }),
  ),
});

const decisions = defineQuery({
  name: "testDecisions",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId})
RETURN e.id AS episode,
  [[e.version, e.status, e.versionFrom, e.versionBy]] +
    [(past:Revision)-[:REVISION_OF]->(e) | [past.n, past.status, past.validFrom, past.by]] AS versions,
  head([(e)-[:ON]->(c) | "Channel:" + c.id]) AS channel,
  [(e)<-[:PROPOSES]-(p:Proposal) WHERE p.action = "publishEpisode" | {
    id: p.id, status: p.status, by: p.versionBy, proposer: p.proposer, contentHash: p.contentHash, arguments: p.arguments,
    approvals: [(p)<-[:OF]-(a:Approval) | {approver: a.approver, verdict: a.verdict, contentHash: a.contentHash, at: a.givenAt}]
  }] AS proposals`,
  row: decision,
});

const contentAt = defineQuery({
  name: "testContentAt",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant }>(),
  cypher: `MATCH (root:Episode {tenantId: $tenantId, id: $id})
MATCH (root)-[path:${EVIDENCE_EDGES.join("|")}*0..12]->(n)
WHERE all(r IN path WHERE ${holdsAt("r")})
WITH DISTINCT n
WITH n, ${versionAt("n")} AS v,
  [(n)-[r:${EVIDENCE_EDGES.join("|")}|ON]->(m) WHERE ${holdsAt("r")} | [type(r), labels(m)[0] + ":" + m.id, r.basis]] AS edges
RETURN ${nodeRow("n", "v")} AS node, edges`,
  row: z.object({ node: nodeRowSchema, edges: z.array(z.tuple([z.string(), z.string(), z.string().nullable()])) }),
});

const standingAt = defineQuery({
  name: "testStandingAt",
  mode: "read",
  scope: "tenant",
  params: params<{ asOf: Instant; hash: string }>(),
  cypher: `MATCH (b:Body {tenantId: $tenantId, sha256: $hash})
RETURN b.text AS text,
  COLLECT { MATCH (p:Principal {tenantId: $tenantId}) WHERE ${holdsAt("p")} WITH p, ${versionAt("p")} AS v RETURN [p.key, v.roles] } AS people,
  COLLECT { MATCH (s:KillSwitch {tenantId: $tenantId}) WHERE ${holdsAt("s")} WITH ${versionAt("s")} AS v WHERE v.status = "ON" RETURN [v.scope, v.target] } AS switches`,
  row: z.object({
    text: z.string(),
    people: z.array(z.tuple([z.string(), z.array(z.string())])),
    switches: z.array(z.tuple([z.string(), z.string().nullable()])),
  }),
});

/** What is wrong with the publications of a tenant, and how many there were. */
export async function judgeHistory(scope: Scope): Promise<{ published: number; wrong: string[] }> {
  const wrong: string[] = [];
  let published = 0;
  for (const row of await testGraph().read({ ...scope, timeoutMs: 60_000 }, decisions, {})) {
    const versions = row.versions.toSorted(([a], [b]) => a - b);
    const firsts = versions.filter(([, status], i) => status === "PUBLISHED" && versions[i - 1]?.[1] !== "PUBLISHED");
    published += firsts.length;
    if (firsts.length > 1) wrong.push(`${row.episode} was published ${firsts.length} times`);
    for (const [, , at, by] of firsts)
      wrong.push(...(await problemsOf(scope, row, at, by)).map((problem) => `${row.episode}: ${problem}`));
  }
  return { published, wrong };
}

async function problemsOf(
  scope: Scope,
  { episode, channel, proposals }: z.infer<typeof decision>,
  at: Instant,
  by: string | null,
): Promise<string[]> {
  const [proposal, ...more] = proposals.filter((one) => one.status === "DONE" && one.by === by);
  if (proposal === undefined || more.length > 0) return ["no one proposal was carried out by the same operation"];
  const [standing] = await testGraph().read(scope, standingAt, { asOf: at, hash: proposal.contentHash });
  if (standing === undefined) return ["the text of what was approved is missing"];
  const roles = new Map(standing.people);
  const given = proposal.approvals.filter(
    ({ verdict, contentHash, approver, at: when }) =>
      verdict === "APPROVED" &&
      contentHash === proposal.contentHash &&
      approver !== proposal.proposer &&
      when <= at &&
      (roles.get(approver)?.includes("approver") ?? false),
  );
  const rows = await testGraph().read(scope, contentAt, { id: episode, asOf: at });
  const items = rows.map(({ node, edges }) =>
    freezeNode(
      node,
      edges.map(([type, to, basis]) => ({ type, to, basis })),
      node.label === "Episode" ? ["status", "publishedAt"] : [],
    ),
  );
  const { hash } = sealContent({
    action: "publishEpisode",
    subjectId: formatNodeId("Episode", episode),
    arguments: JSON.parse(proposal.arguments) as Record<string, unknown>,
    items,
  });
  const stopped = standing.switches.some(
    ([scopeOf, target]) => scopeOf === "TENANT" || target === "episode.publish" || target === channel,
  );
  return [
    ...(new Set(given.map(({ approver }) => approver)).size < 1 ? ["nobody who could had approved it"] : []),
    ...(hash === proposal.contentHash ? [] : ["it isn't what was approved"]),
    ...(createHash("sha256").update(standing.text).digest("hex") === proposal.contentHash
      ? []
      : ["the text was changed"]),
    ...(itemsOf(standing.text).length === items.length ? [] : ["the text says something else"]),
    ...(roles.get(proposal.proposer)?.includes("editor") ? [] : ["its proposer had no right to it"]),
    ...(stopped ? ["a kill switch was on"] : []),
    ...(items.some(({ id, properties }) => id.startsWith("Claim:") && properties.status === "WRONG")
      ? ["a claim of it was wrong"]
      : []),
  ];
}

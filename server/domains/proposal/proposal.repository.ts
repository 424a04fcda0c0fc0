import { z } from "zod";
import { EDGES, LABELS, type NodeLabel } from "../../../graph-schema/catalog.js";
import { parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { approval, VERDICTS } from "../../../graph-schema/nodes/approval.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { WriteTx } from "../../graph/graph.js";
import { nodeRow, nodeRowOf, type AnyNode } from "../../graph/projection.js";
import { bodiesByHash, keepBody } from "../../graph/body.query.js";
import { defineQuery, params } from "../../graph/query.js";

const subjectLabels = EDGES.PROPOSES.endpoints
  .map(([, to]) => to)
  .filter((to): to is NodeLabel => LABELS[to] === "content");

const subjectQueries = new Map(
  subjectLabels.map((label) => [
    label,
    defineQuery({
      name: `subjectOf${label}`,
      mode: "read",
      scope: "tenant",
      params: params<{ id: string }>(),
      cypher: `MATCH (s:${label} {tenantId: $tenantId, id: $id}) RETURN ${nodeRow("s", "s", [label])} AS node`,
      row: z.object({ node: nodeRowOf(label) }),
    }),
  ]),
);

const openQueries = new Map(
  subjectLabels.map((label) => [
    label,
    defineQuery({
      name: `openProposalsOf${label}`,
      mode: "read",
      scope: "tenant",
      params: params<{ id: string; action: string; forever: number }>(),
      cypher: `MATCH (s:${label} {tenantId: $tenantId, id: $id})<-[:PROPOSES {validTo: $forever}]-(p:Proposal)
WHERE p.status = "OPEN" AND p.action = $action
RETURN p.id AS id ORDER BY id`,
      row: z.object({ id: z.string() }),
    }),
  ]),
);

const tiesQuery = defineQuery({
  name: "tiesOfProposal",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (p:Proposal {tenantId: $tenantId, id: $id})-[:PROPOSES {validTo: $forever}]->(s)
OPTIONAL MATCH (p)<-[:OF]-(a:Approval)
RETURN labels(s)[0] + ":" + s.id AS subject,
  collect(CASE WHEN a IS NOT NULL THEN [a.verdict, a.approver, a.contentHash] END) AS approvals`,
  row: z.object({
    subject: z.string(),
    approvals: z.array(z.tuple([z.enum(VERDICTS), z.string(), z.string()])),
  }),
});

const principalsQuery = defineQuery({
  name: "principalsByKey",
  mode: "read",
  scope: "tenant",
  params: params<{ keys: string[] }>(),
  cypher: `UNWIND $keys AS key
MATCH (p:Principal {tenantId: $tenantId, key: key})
RETURN key, p.id AS id`,
  row: z.object({ key: z.string(), id: z.string() }),
});

const wordsQuery = defineQuery({
  name: "approvalsOfProposal",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (p:Proposal {tenantId: $tenantId, id: $id})<-[:OF {validTo: $forever}]-(a:Approval)
RETURN a.id AS id, a.verdict AS verdict, a.approver AS approver, a.approverName AS approverName,
  a.contentHash AS contentHash, a.reason AS reason, a.givenAt AS givenAt ORDER BY id`,
  row: approval.shape.extend({ id: z.string() }),
});

const lastApprovalQuery = defineQuery({
  name: "lastApprovalOfSubject",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (:Proposal {tenantId: $tenantId, id: $id})-[:PROPOSES {validTo: $forever}]->(s)
MATCH (s)<-[:PROPOSES {validTo: $forever}]-(:Proposal)<-[:OF]-(a:Approval)
WHERE a.verdict = "APPROVED"
RETURN a.contentHash AS contentHash, a.givenAt AS at ORDER BY at DESC, a.id DESC LIMIT 1`,
  row: z.object({ contentHash: z.string(), at: z.number() }),
});

const due = (label: "Proposal" | "Exemption" | "KillSwitch", status: string) =>
  defineQuery({
    name: `due${label}s`,
    mode: "read",
    scope: "tenant",
    params: params<{ now: Instant; most: number }>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId, status: "${status}"})
WHERE n.expiresAt <= $now
RETURN n.id AS id ORDER BY id LIMIT $most`,
    row: z.object({ id: z.string() }),
  });
const dueQueries = {
  Proposal: due("Proposal", "OPEN"),
  Exemption: due("Exemption", "ACTIVE"),
  KillSwitch: due("KillSwitch", "ON"),
} as const;

export const proposalQueries = [
  ...subjectQueries.values(),
  ...openQueries.values(),
  tiesQuery,
  principalsQuery,
  wordsQuery,
  lastApprovalQuery,
  ...Object.values(dueQueries),
];

function pick<Q>(queries: ReadonlyMap<NodeLabel, Q>, { label }: NodeId): Q {
  const query = queries.get(label);
  if (query === undefined) throw new Error(`nothing is proposed of a ${label}`);
  return query;
}

/** The subject as it is now. */
export const readSubject = async (reader: Reader, subject: NodeId): Promise<AnyNode | undefined> =>
  (await reader.run(pick(subjectQueries, subject), { id: subject.id }))[0]?.node as AnyNode | undefined;

/** Ids of the open proposals of this action on the subject: one at most, seen under the subject's lock. */
export const openProposals = async (reader: Reader, subject: NodeId, action: string): Promise<string[]> =>
  (await reader.run(pick(openQueries, subject), { id: subject.id, action, forever: FOREVER })).map((row) => row.id);

export interface Given {
  readonly verdict: (typeof VERDICTS)[number];
  readonly approver: string;
  readonly contentHash: string;
}

/** What a proposal acts on, and what was said of it so far. */
export async function readTies(
  reader: Reader,
  id: string,
): Promise<{ subject: NodeId; approvals: Given[] } | undefined> {
  const [row] = await reader.run(tiesQuery, { id, forever: FOREVER });
  const subject = row === undefined ? null : parseNodeId(row.subject);
  if (row === undefined || subject === null) return undefined;
  return {
    subject,
    approvals: row.approvals.map(([verdict, approver, contentHash]) => ({ verdict, approver, contentHash })),
  };
}

/** Those of the keys that are principals of the tenant. */
export async function principalsByKey(reader: Reader, keys: readonly string[]): Promise<ReadonlyMap<string, NodeId>> {
  const rows = await reader.run(principalsQuery, { keys: [...new Set(keys)] });
  return new Map(rows.map(({ key, id }) => [key, { label: "Principal", id }]));
}

/** Keeps the text of a content under its hash, beside the texts of snapshots. */
export const keepContent = (tx: WriteTx, { text, hash }: { text: string; hash: string }) =>
  tx.run(keepBody, { sha256: hash, text });

export const readContent = async (reader: Reader, hash: string): Promise<string | undefined> =>
  (await reader.run(bodiesByHash, { hashes: [hash] }))[0]?.text;

/** What approvers said of a proposal, each in full, oldest first. */
export const readApprovals = (reader: Reader, proposalId: string) =>
  reader.run(wordsQuery, { id: proposalId, forever: FOREVER });

/** The newest approval of any proposal on the same subject. */
export const readLastApproval = async (reader: Reader, proposalId: string) =>
  (await reader.run(lastApprovalQuery, { id: proposalId, forever: FOREVER }))[0];

/** Ids of what has expired and doesn't say so yet. */
export const readDue = async (
  reader: Reader,
  label: keyof typeof dueQueries,
  limits: { now: Instant; most: number },
): Promise<string[]> => (await reader.run(dueQueries[label], limits)).map((row) => row.id);

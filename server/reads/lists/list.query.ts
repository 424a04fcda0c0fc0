import { z } from "zod";
import type { EdgeType, NodeLabel } from "../../../graph-schema/catalog.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt, nodeRow, nodeRowSchema, versionAt, type AnyNode } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery, type Query } from "../../graph/query.js";

/** Rows of a list are counted exactly up to here. */
export const EXACT_COUNT = 10_000;

/** Lists by label: what they filter by a property's value, and by a neighbour. */
export const LISTS = {
  Principal: { by: ["kind"], of: {} },
  Channel: { by: [], of: {} },
  Topic: { by: [], of: {} },
  Source: { by: ["status", "tier"], of: {} },
  Claim: { by: ["status", "kind"], of: {} },
  Scene: { by: [], of: { episodeId: ["HAS_SCENE", "from", ["Episode"]] } },
  Episode: {
    by: ["status"],
    of: { channelId: ["ON", "to", ["Channel"]], topicId: ["ABOUT", "to", ["Topic"]] },
    titled: true,
    newestFirst: true,
  },
  Incident: { by: ["status", "severity"], of: {} },
  Proposal: {
    by: ["status", "action", "proposer"],
    of: { subjectId: ["PROPOSES", "to", ["Episode", "Channel", "Source", "Tenant"]] },
  },
  KillSwitch: { by: ["status", "scope"], of: {} },
  Exemption: { by: ["status", "rule"], of: {} },
  PipelineRun: {
    by: ["status", "flow"],
    of: { channelId: ["ON", "to", ["Channel"]], topicId: ["ABOUT", "to", ["Topic"]] },
    newestFirst: true,
  },
  Experiment: { by: ["status", "kind"], of: { episodeId: ["TESTED_ON", "to", ["Episode"]] } },
  KpiRecord: { by: [], of: { subjectId: ["MEASURES", "to", ["Episode", "Channel"]] } },
  SpecVersion: { by: ["kind", "name", "current"], of: {} },
  CorrectionTask: {
    by: ["state"],
    of: {
      ownerId: ["OWNED_BY", "to", ["Principal"]],
      episodeId: ["CORRECTS", "to", ["Episode"]],
      incidentId: ["PART_OF", "to", ["Incident"]],
    },
  },
  Decision: { by: [], of: { aboutId: ["ABOUT", "to", ["Topic", "Source", "Claim", "Scene", "Episode", "Incident"]] } },
} as const satisfies Partial<Record<NodeLabel, ListDefinition>>;

interface ListDefinition {
  readonly by: readonly string[];
  /** Field -> the edge to the neighbour, its end, and the labels that it may have. */
  readonly of: Readonly<Record<string, readonly [type: EdgeType, end: "from" | "to", labels: readonly NodeLabel[]]>>;
  /** Whether it filters by words of the title. */
  readonly titled?: true;
  /** Whether it can begin at its newest row. */
  readonly newestFirst?: true;
}

export type ListLabel = keyof typeof LISTS;

interface ListParams {
  asOf: Instant;
  /** The last id of the page before; for the first page what lies before every id, or behind every one where the newest come first. */
  after: string;
  limit: number;
  /** Allowed values by property; null allows all. */
  values: Record<string, readonly (string | number)[] | null>;
  /** Ids of neighbours, without label, by field; the list begins at one of them and asks each row for the others. */
  neighbours: Record<string, string | null>;
  /** Words in lower case that the title must have, all of them; null for any title. */
  words: readonly string[] | null;
}

const definitionOf = (label: ListLabel): ListDefinition => LISTS[label];

function conditions(label: ListLabel): string {
  const values = definitionOf(label).by.map((name) => `($values.${name} IS NULL OR v.${name} IN $values.${name})`);
  if (definitionOf(label).titled)
    values.push("($words IS NULL OR all(word IN $words WHERE toLower(v.title) CONTAINS word))");
  return values.length === 0 ? "" : `WITH n, ${versionAt("n")} AS v\nWHERE ${values.join(" AND ")}\n`;
}

/** Ids are in the order of their making. */
type Way = "oldest" | "newest";
const BEHIND: Readonly<Record<Way, string>> = { oldest: "n.id > $after", newest: "n.id < $after" };
/** Before every id, and behind every one. */
const FIRST_AFTER: Readonly<Record<Way, string>> = { oldest: "", newest: "~" };

/** Everything of a label in order of id, straight from the index, so that a page costs a page. */
const keyset = (label: ListLabel, way: Way) => `MATCH (n:${label} {tenantId: $tenantId})
WHERE ${BEHIND[way]} AND ${holdsAt("n")}
${conditions(label)}`;

/** What stands beside one neighbour, and beside the others that were asked for. */
function beside(label: ListLabel, field: string, neighbour: NodeLabel, way: Way): string {
  const step = (name: string, edge: string, near: string, far: string) => {
    const [type, end] = definitionOf(label).of[name]!;
    return end === "from" ? `${near}-[${edge}:${type}]->${far}` : `${near}<-[${edge}:${type}]-${far}`;
  };
  const others = Object.entries(definitionOf(label).of).flatMap(([name, [, , labels]]) =>
    name === field
      ? []
      : [
          ` AND ($neighbours.${name} IS NULL OR EXISTS { MATCH ${step(name, "other", `(o:${labels.join("|")})`, "(n)")} WHERE o.tenantId = $tenantId AND o.id = $neighbours.${name} AND ${holdsAt("other")} })`,
        ],
  );
  return `MATCH ${step(field, "r", `(x:${neighbour} {tenantId: $tenantId, id: $neighbours.${field}})`, `(n:${label})`)}
WHERE ${holdsAt("r")} AND ${BEHIND[way]} AND ${holdsAt("n")}${others.join("")}
${conditions(label)}`;
}

interface ListQueries {
  readonly page: Query<ListParams, { node: AnyNode }>;
  readonly count: Query<ListParams, { count: number }>;
}

function listQueries(label: ListLabel, name: string, source: string, order: string): ListQueries {
  const page = conditions(label) === "" ? `WITH n\n` : "";
  return {
    page: defineQuery({
      name: `${name}Page`,
      mode: "read",
      scope: "tenant",
      params: params<ListParams>(),
      cypher: `${source}${page}ORDER BY ${order} LIMIT $limit
WITH n, ${versionAt("n")} AS v
RETURN ${nodeRow("n", "v", [label])} AS node`,
      row: z.object({ node: nodeRowSchema }),
    }),
    count: defineQuery({
      name: `${name}Count`,
      mode: "read",
      scope: "tenant",
      params: params<ListParams>(),
      cypher: `${source}WITH n LIMIT $limit
RETURN count(n) AS count`,
      row: z.object({ count: z.number() }),
    }),
  };
}

const queries = new Map<string, ListQueries>();
const keyOf = (label: ListLabel, way: Way, field?: string, neighbour?: NodeLabel) =>
  [label, way, field ?? "all", neighbour ?? ""].join(" ");
for (const label of Object.keys(LISTS) as ListLabel[]) {
  const ways: readonly Way[] = definitionOf(label).newestFirst ? ["oldest", "newest"] : ["oldest"];
  for (const way of ways) {
    const [down, newest] = way === "newest" ? [" DESC", "Newest"] : ["", ""];
    const order = `n.tenantId${down}, n.id${down}`;
    queries.set(keyOf(label, way), listQueries(label, `list${newest}${label}`, keyset(label, way), order));
    for (const [field, step] of Object.entries(definitionOf(label).of)) {
      for (const neighbour of step[2]) {
        const name = `list${newest}${label}By${neighbour}`;
        const source = beside(label, field, neighbour, way);
        queries.set(keyOf(label, way, field, neighbour), listQueries(label, name, source, `n.id${down}`));
      }
    }
  }
}
export const listAllQueries: readonly AnyQuery[] = [...queries.values()].flatMap(({ page, count }) => [page, count]);

export interface ListQuestion {
  readonly asOf: Instant;
  /** The last id of the page before; null for the first page. */
  readonly after: string | null;
  readonly first: number;
  /** Only of lists that can. */
  readonly newestFirst?: boolean;
  /** Words of the title in lower case; only of lists that filter by them. */
  readonly words?: readonly string[] | null;
  readonly values: Readonly<Record<string, readonly (string | number)[] | null>>;
  /** What each row must stand beside. */
  readonly neighbours: readonly { readonly field: string; readonly node: NodeId }[];
}

const wayOf = ({ newestFirst }: ListQuestion): Way => (newestFirst ? "newest" : "oldest");

const pick = (label: ListLabel, question: ListQuestion): ListQueries => {
  const [first] = question.neighbours;
  const found = queries.get(keyOf(label, wayOf(question), first?.field, first?.node.label));
  if (found === undefined) throw new Error(`no list of ${label} by ${first?.field} ${first?.node.label}`);
  return found;
};

const paramsOf = (
  label: ListLabel,
  question: ListQuestion,
  limit: number,
  after: string | null = null,
): ListParams => ({
  asOf: question.asOf,
  after: after ?? FIRST_AFTER[wayOf(question)],
  limit,
  words: question.words ?? null,
  values: { ...Object.fromEntries(definitionOf(label).by.map((name) => [name, null])), ...question.values },
  neighbours: {
    ...Object.fromEntries(Object.keys(definitionOf(label).of).map((field) => [field, null])),
    ...Object.fromEntries(question.neighbours.map(({ field, node }) => [field, node.id])),
  },
});

/** One page in order of id, and whether there is more. */
export async function readList(
  graph: Graph,
  scope: Scope,
  label: ListLabel,
  question: ListQuestion,
): Promise<{ nodes: AnyNode[]; more: boolean }> {
  const rows = await graph.read(
    scope,
    pick(label, question).page,
    paramsOf(label, question, question.first + 1, question.after),
  );
  return { nodes: rows.slice(0, question.first).map((row) => row.node), more: rows.length > question.first };
}

/** How many the whole list has, exact up to EXACT_COUNT. */
export async function countList(
  graph: Graph,
  scope: Scope,
  label: ListLabel,
  question: ListQuestion,
): Promise<{ count: number; exact: boolean }> {
  const [row] = await graph.read(scope, pick(label, question).count, paramsOf(label, question, EXACT_COUNT + 1));
  const count = row?.count ?? 0;
  return { count: Math.min(count, EXACT_COUNT), exact: count <= EXACT_COUNT };
}

import { NODE_LABELS, type NodeLabel } from "../../../graph-schema/catalog.js";
import { formatNodeId, parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";
import type { AnyNode } from "../../graph/projection.js";
import type { Filter } from "../lineage/filter.js";
import type { Direction } from "../lineage/lineage.query.js";
import { WEAKEST_FIRST, type LineageStatus } from "../lineage/standing.js";
import { standingOf } from "../lineage/standing.query.js";
import { Allowance, labelOf, TooMuch, ulidOf, Walk, within } from "../lineage/walk.query.js";
import { neighbours } from "../node/neighbours.query.js";
import { nodesById } from "../node/node.query.js";
import { expressionOf } from "./link.js";

export const ROLL_UPS = ["EPISODE", "CHANNEL", "TOPIC"] as const;
export type RollUpBy = (typeof ROLL_UPS)[number];

/** Nodes that are gathered, of the lineage and of what stands on it. */
export const MAX_GATHERED = 50_000;
/** Nodes and relations that are read for one question. */
const MAX_READ = 300_000;
/** Nodes that are looked at while groups are told, each as often as it belongs to one. */
const MAX_BELONGING = 3_000_000;

export interface RollUpQuestion extends Filter {
  readonly root: NodeId;
  readonly direction: Direction;
  readonly by: RollUpBy;
  readonly depth: number;
  readonly asOf: Instant;
  /** Groups shown on earlier pages. */
  readonly skip: number;
  readonly first: number;
}

export interface Count {
  readonly label: NodeLabel;
  readonly count: number;
}

export interface Group {
  readonly node: AnyNode;
  readonly total: number;
  readonly totals: readonly Count[];
  readonly weakest: LineageStatus | null;
  /** Null when `select` has no words for it. */
  readonly expression: string | null;
}

export interface RollUp {
  readonly groups: readonly Group[];
  readonly groupCount: number;
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly totals: readonly Count[];
  readonly ungrouped: number;
  readonly ungroupedTotals: readonly Count[];
}

function counted(ids: Iterable<string>): Count[] {
  const counts = new Map<NodeLabel, number>();
  for (const id of ids) counts.set(labelOf(id), (counts.get(labelOf(id)) ?? 0) + 1);
  return NODE_LABELS.flatMap((label) => (counts.has(label) ? [{ label, count: counts.get(label)! }] : []));
}

/**
 * The lineage of a node, by what its nodes belong to. A node belongs to each episode that stands on it by evidence, and to
 * the channels and topics of these; an episode, a channel or a topic to itself. Null when the root isn't there.
 */
export async function readRollUp(graph: Graph, scope: Scope, question: RollUpQuestion): Promise<RollUp | null> {
  const { root, asOf, skip, first } = question;
  const rootId = formatNodeId(root.label, root.id);
  if (!(await nodesById(graph, scope, [root], asOf)).has(rootId)) return null;
  try {
    const { members, belonging } = await gather(graph, scope, question, rootId);
    const grouped = [...belonging].filter(([, ids]) => ids.length > 0);
    grouped.sort(([a, one], [b, other]) => other.length - one.length || (ulidOf(a) < ulidOf(b) ? -1 : 1));
    const some = grouped.slice(skip, skip + first);
    const groupIds = some.map(([id]) => parseNodeId(id)!);
    const nodes = await nodesById(graph, scope, groupIds, asOf);
    const inGroups = new Set(grouped.flatMap(([, ids]) => ids));
    const alone = [...members.keys()].filter((id) => !inGroups.has(id));
    return {
      groups: some.map(([id, ids]) => ({
        node: nodes.get(id)!,
        total: ids.length,
        totals: counted(ids),
        weakest: WEAKEST_FIRST.find((status) => ids.some((one) => members.get(one) === status)) ?? null,
        expression: expressionOf(question, rootId, id),
      })),
      groupCount: grouped.length,
      total: members.size,
      totalIsExact: true,
      totals: counted(members.keys()),
      ungrouped: alone.length,
      ungroupedTotals: counted(alone),
    };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    const most = MAX_GATHERED.toLocaleString("en-GB");
    throw DomainError.badInput(
      "depth",
      `\`depth\`: the lineage, and what stands on it, has more than ${most} nodes. Ask for fewer hops, or begin at a node that fewer stand on.`,
    );
  }
}

interface Gathered {
  /** The lineage's nodes, each with its status where it has one. */
  readonly members: ReadonlyMap<string, LineageStatus | null>;
  /** Of each group its members. */
  readonly belonging: ReadonlyMap<string, readonly string[]>;
}

async function gather(
  graph: Graph,
  scope: Scope,
  { direction, by, depth, asOf, edgeTypes, nodes }: RollUpQuestion,
  root: string,
): Promise<Gathered> {
  const allowance = new Allowance(MAX_READ);
  const reached = await new Walk(graph, scope, { asOf, edgeTypes }, allowance).reach(
    [root],
    direction,
    depth,
    MAX_GATHERED,
  );
  const members = new Map(await standingOf(graph, scope, reached, asOf, nodes ?? {}));
  if (!members.has(root)) members.set(root, (await standingOf(graph, scope, [root], asOf)).get(root) ?? null);
  const walk = new Walk(graph, scope, { asOf, edgeTypes: null }, allowance);
  const standing = await walk.reach(members.keys(), "DOWNSTREAM", Number.POSITIVE_INFINITY, MAX_GATHERED);
  const stoodOn = walk.back("UPSTREAM", standing);
  const seeds = await groupsOf(graph, scope, by, [...standing], asOf);
  const belonging = new Map<string, readonly string[]>();
  let looked = 0;
  for (const [group, episodes] of seeds) {
    const ids = within([group, ...episodes], stoodOn, Number.POSITIVE_INFINITY);
    looked += ids.size;
    if (looked > MAX_BELONGING) throw new TooMuch();
    belonging.set(
      group,
      [...ids].filter((id) => members.has(id)),
    );
  }
  return { members, belonging };
}

const STEPS = {
  CHANNEL: ["Channel", { from: "Episode", type: "ON", direction: "out" }],
  TOPIC: ["Topic", { from: "Episode", type: "ABOUT", direction: "out" }],
} as const;

/** The groups that there may be, each with the episodes by which nodes belong to it. */
async function groupsOf(
  graph: Graph,
  scope: Scope,
  by: RollUpBy,
  standing: readonly string[],
  asOf: Instant,
): Promise<Map<string, readonly string[]>> {
  const episodes = standing.filter((id) => labelOf(id) === "Episode");
  if (by === "EPISODE") return new Map(episodes.map((id) => [id, []]));
  const [label, step] = STEPS[by];
  const groups = new Map<string, string[]>(standing.filter((id) => labelOf(id) === label).map((id) => [id, []]));
  const found = await neighbours(graph, scope, step, episodes.map(ulidOf), asOf);
  for (const [episode, beside] of found) {
    for (const { node } of beside) groups.set(node.id, [...(groups.get(node.id) ?? []), `Episode:${episode}`]);
  }
  return groups;
}

import { Field, ID, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import type { EdgeType, NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { formatCursor } from "../../graphql/cursor.js";
import { EdgeTypeEnum, GraphNode, NodeLabelEnum } from "../../graphql/graph-node.type.js";
import { at } from "../../graphql/loaders.js";
import { DateTime } from "../../graphql/scalars.js";
import { DIRECTIONS, knownAt, type LineagePage } from "./lineage.query.js";
import {
  CONFIDENCES,
  FRESHNESS,
  WEAKEST_FIRST,
  type Confidence,
  type Freshness,
  type LineageStatus,
} from "./standing.js";

export const LineageDirectionEnum = enumOf(DIRECTIONS);
registerEnumType(LineageDirectionEnum, {
  name: "LineageDirection",
  description: "UPSTREAM: what it stands on. DOWNSTREAM: what stands on it. BOTH: either, at every hop.",
});

export const LineageStatusEnum = enumOf(WEAKEST_FIRST);
registerEnumType(LineageStatusEnum, {
  name: "LineageStatus",
  description: "A status of a source, claim, episode or incident; what each means stands with that kind's own.",
});
export const FreshnessEnum = enumOf(FRESHNESS);
registerEnumType(FreshnessEnum, {
  name: "Freshness",
  description:
    "FRESH: a source that is ACTIVE, a claim whose `recheckBy` is still to come. STALE: a source that isn't ACTIVE, a claim that is NEEDS_RECHECK or whose `recheckBy` has come at the instant asked for. TIMELESS: a claim without `recheckBy`. Nothing else has a freshness.",
});
export const ConfidenceEnum = enumOf(CONFIDENCES);
registerEnumType(ConfidenceEnum, {
  name: "Confidence",
  description:
    "Of a source: reliability A and B are HIGH, C is MEDIUM, D to F are LOW, and so is a RETRACTED one. Of a fact: its source's. Of a claim: HIGH when facts of HIGH or MEDIUM confidence support it from two independence groups, MEDIUM from one, else LOW; always LOW when it is WRONG or a fact speaks against it. Nothing else has one.",
});

@InputType({
  description:
    "What lineage follows, and which nodes it shows. A node must pass every list that is given, and one without that property doesn't pass; the node asked for is always shown. Nodes that don't pass are neither shown nor counted, and the way goes on through them.",
})
export class LineageFilter {
  @Field(() => [EdgeTypeEnum], {
    nullable: true,
    description:
      "Edge types to follow; without it the evidence: HAS_SCENE, STATES, SUPPORTED_BY, CONTRADICTED_BY, CONSIDERED, QUOTED_FROM, CAPTURED_FROM, CITES, DERIVED_FROM.",
  })
  edgeTypes?: EdgeType[] | null;

  @Field(() => [NodeLabelEnum], { nullable: true, description: "Kinds of nodes to show; without it all." })
  labels?: NodeLabel[] | null;

  @Field(() => [Int], { nullable: true, description: "Tiers of sources to show, 1 to 3." })
  tiers?: number[] | null;

  @Field(() => [LineageStatusEnum], { nullable: true, description: "Statuses to show." })
  statuses?: LineageStatus[] | null;

  @Field(() => [FreshnessEnum], { nullable: true, description: "How fresh a source or a claim must be to be shown." })
  freshness?: Freshness[] | null;

  @Field(() => [ConfidenceEnum], {
    nullable: true,
    description: "How far a source, a fact or a claim must be trusted to be shown.",
  })
  confidence?: Confidence[] | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A relation between two nodes, arrow from the one that stands on the other.",
})
export class LineageEdge {
  @Field(() => EdgeTypeEnum, { description: "What kind of relation." })
  type!: EdgeType;

  @Field(() => ID, { description: "Id of the node that stands on the other." })
  from!: string;

  @Field(() => ID, { description: "Id of the node that is stood on." })
  to!: string;

  @Field(() => DateTime, { description: "Since when it holds, in recorded time." })
  validFrom!: Instant;

  @Field(() => DateTime, { description: "Until when it held; 9999-12-31T23:59:59.999Z while it does." })
  validTo!: Instant;

  @Field(() => String, { description: "Id of the operation that opened it." })
  openedBy!: string;

  @Field(() => String, { description: "Who made it." })
  by?: string;

  @Field(() => String, { description: "Why, in their words." })
  why?: string;
}

@ObjectType({ simpleResolvers: true, description: "How many neighbours of a node aren't shown." })
export class HiddenCount {
  @Field(() => ID, { description: "The node." })
  id!: string;

  @Field(() => Int, {
    description:
      "Its distinct neighbours in the asked direction (of a selection: in either) that aren't on this page or an earlier one, a filter's included; exact.",
  })
  count!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: "A part of the graph, around one node or selected, for one instant.",
})
export class Lineage {
  @Field(() => [GraphNode], {
    description:
      "This page's nodes, by level and then id; the first page begins with the node asked for. Those of a selection by kind and then id.",
  })
  nodes!: readonly unknown[];

  @Field(() => [LineageEdge], {
    description: "Relations whose ends are both shown by now, one of them at least on this page.",
  })
  edges!: readonly LineageEdge[];

  @Field(() => Int, { description: "Nodes on this page." })
  shown!: number;

  @Field(() => Int, {
    description:
      "Distinct nodes within depth and filter, the one asked for included, or selected; exact up to 10,000, then a lower bound.",
  })
  total!: number;

  @Field(() => Boolean, { description: "False when `total` is a lower bound." })
  totalIsExact!: boolean;

  @Field(() => [HiddenCount], {
    description: "For each node of this page, and for earlier ones that gained a neighbour on it: what stays hidden.",
  })
  hiddenByNode!: readonly HiddenCount[];

  @Field(() => String, { nullable: true, description: "`after` for the next page." })
  endCursor!: string | null;

  @Field(() => Boolean, { description: "True when there are more nodes than shown by now." })
  hasNextPage!: boolean;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;
}

/** A page of nodes with what joins them, as every question that answers with one tells it; `skip` nodes came before it. */
export function toLineage(page: LineagePage, asOf: Instant, skip: number, question: unknown): Lineage {
  const end = skip + page.nodes.length;
  return {
    nodes: page.nodes.map((node) => at(node, asOf)),
    edges: page.edges.map((edge) => knownAt(edge, asOf)),
    shown: page.nodes.length,
    total: page.total,
    totalIsExact: page.totalIsExact,
    hiddenByNode: page.hidden,
    endCursor: page.nodes.length === 0 ? null : formatCursor({ asOf, position: end }, question),
    hasNextPage: page.total > end || !page.totalIsExact,
    asOf,
  };
}

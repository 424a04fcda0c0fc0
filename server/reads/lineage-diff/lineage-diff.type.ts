import { Field, ID, Int, ObjectType } from "type-graphql";
import type { EdgeType } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { EdgeTypeEnum, GraphNode } from "../../graphql/graph-node.type.js";
import { PropertyChange } from "../../graphql/property-change.js";
import { DateTime } from "../../graphql/scalars.js";
import { ToldAt } from "../../graphql/told.js";
import { LineageDirectionEnum } from "../lineage/lineage.type.js";
import type { Direction } from "../lineage/lineage.query.js";

/** Nodes and relations of each kind of difference that are listed; they are counted beyond. */
export const MAX_LISTED = 500;

@ObjectType({
  simpleResolvers: true,
  description:
    "A node that came, went or is another version, and who did it: for one that came or went, whoever opened or closed the relation that decided it.",
})
export class NodeDifference extends ToldAt {
  @Field(() => ID, { description: "Id of the node." })
  id!: string;

  @Field(() => GraphNode, {
    description: "The node: as it was at the later instant; one that was removed, at the earlier.",
  })
  node!: unknown;

  @Field(() => Int, { nullable: true, description: "Its version at the earlier instant; null for one that was added." })
  versionBefore!: number | null;

  @Field(() => Int, { nullable: true, description: "Its version at the later instant; null for one that was removed." })
  versionAfter!: number | null;

  @Field(() => [PropertyChange], {
    description: "What differs from the earlier instant to the later; empty for what was added or removed.",
  })
  properties!: readonly PropertyChange[];
}

@ObjectType({
  simpleResolvers: true,
  description:
    "A relation that came or went, with whoever opened or closed it; or, where it held all the time, with whoever brought its end into the view or took it out. One that changed was closed and opened again.",
})
export class EdgeDifference extends ToldAt {
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
}

@ObjectType({ simpleResolvers: true, description: "One kind of difference." })
export class LineageDifferences {
  @Field(() => [NodeDifference], { description: `Nodes, by level and then id; at most ${MAX_LISTED}.` })
  nodes!: readonly NodeDifference[];

  @Field(() => Int, { description: "How many nodes; a lower bound when `totalsAreExact` is false." })
  nodeCount!: number;

  @Field(() => [EdgeDifference], { description: `Relations; at most ${MAX_LISTED}.` })
  edges!: readonly EdgeDifference[];

  @Field(() => Int, { description: "How many relations; a lower bound when `totalsAreExact` is false." })
  edgeCount!: number;
}

@ObjectType({ simpleResolvers: true, description: "What differs between a node's lineage at two instants." })
export class LineageDiff {
  @Field(() => ID, { description: "The node asked about." })
  id!: string;

  @Field(() => LineageDirectionEnum, { description: "Which way was gone." })
  direction!: Direction;

  @Field(() => Int, { description: "Hops that were gone." })
  depth!: number;

  @Field(() => DateTime, { description: "The earlier recorded instant that this answers for." })
  from!: Instant;

  @Field(() => DateTime, { description: "The later recorded instant that this answers for." })
  to!: Instant;

  @Field(() => Int, {
    description: "Distinct nodes at the earlier instant, the one asked for included; 0 when it wasn't there yet.",
  })
  totalBefore!: number;

  @Field(() => Int, { description: "Distinct nodes at the later instant, the one asked for included." })
  totalAfter!: number;

  @Field(() => LineageDifferences, { description: "What is there at the later instant and wasn't at the earlier." })
  added!: LineageDifferences;

  @Field(() => LineageDifferences, { description: "What was there at the earlier instant and isn't at the later." })
  removed!: LineageDifferences;

  @Field(() => LineageDifferences, {
    description:
      "What is there at both and differs: nodes in another version, relations that were closed and opened again.",
  })
  changed!: LineageDifferences;

  @Field(() => Boolean, {
    description:
      "False when more than 10,000 nodes were there at one of the instants: only what is certain is told then, and all counts are lower bounds.",
  })
  totalsAreExact!: boolean;

  @Field(() => Boolean, {
    description:
      "False while a change could still be recorded at or before the later instant: a change takes 75 seconds at most. Asked again after that, the answer stays.",
  })
  settled!: boolean;

  @Field(() => [String], { description: "What must be known to read the answer right; empty when nothing must." })
  notes!: readonly string[];
}

import { Field, ID, Int, InterfaceType, registerEnumType } from "type-graphql";
import { LINEAGE_EDGES, NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import type { Instant } from "../../graph-schema/time.js";
import { DateTime } from "./scalars.js";

const upper = (label: string) => label.replace(/(?<=[a-z0-9])[A-Z]/g, (c) => `_${c}`).toUpperCase();

/** CLAIM outside, Claim inside. */
export const NodeLabelEnum = Object.fromEntries(NODE_LABELS.map((label) => [upper(label), label]));
registerEnumType(NodeLabelEnum, { name: "NodeLabel", description: "What a node is." });

export const EdgeTypeEnum = Object.fromEntries(LINEAGE_EDGES.map((type) => [type, type]));
registerEnumType(EdgeTypeEnum, {
  name: "EdgeType",
  description:
    "A relation that lineage can follow; its arrow points upstream, to what the node stands on or came from.",
});

/** The generic door to the graph. Values are nodes as the graph reads them, with the instant they were read for. */
@InterfaceType({
  description: "Anything in the graph that has a life of its own.",
  resolveType: (value: { label: NodeLabel }) => value.label,
})
export abstract class GraphNode {
  @Field(() => ID, { description: "The node's id for life, through all versions: `Label:key`." })
  id!: string;

  @Field(() => NodeLabelEnum, { description: "What it is." })
  label!: NodeLabel;

  @Field(() => String, { description: "What to call it: a claim's text, a fact's statement, a name." })
  title!: string;

  @Field(() => DateTime, { description: "When it was recorded first." })
  createdAt!: Instant;

  @Field(() => DateTime, { description: "When its life in the graph began." })
  validFrom!: Instant;

  @Field(() => DateTime, {
    description: "When its life in the graph ended; 9999-12-31T23:59:59.999Z while it goes on.",
  })
  validTo!: Instant;

  @Field(() => Int, { description: "Counts its versions from 1; the one that held at the instant asked for." })
  version!: number;

  @Field(() => DateTime, {
    description: "The recorded instant that it was read for; what its fields lead to is read for the same one.",
  })
  asOf!: Instant;
}

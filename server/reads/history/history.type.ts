import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { EdgeType } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { PropertyChange } from "../../graphql/property-change.js";
import { DateTime } from "../../graphql/scalars.js";
import { ToldAt } from "../../graphql/told.js";
import { RELATIONS } from "./history.query.js";

export const HISTORY_KINDS = ["CREATED", "REVISED", "EDGE_OPENED", "EDGE_CLOSED"] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];
export const HistoryKindEnum = enumOf(HISTORY_KINDS);
registerEnumType(HistoryKindEnum, {
  name: "HistoryKind",
  description:
    "CREATED: its life began. REVISED: properties changed. EDGE_OPENED and EDGE_CLOSED: a relation of it began or ended.",
});

export const RelationTypeEnum = enumOf(RELATIONS);
registerEnumType(RelationTypeEnum, {
  name: "RelationType",
  description: "Any relation between two nodes, those included that lineage doesn't follow.",
});

@ObjectType({
  simpleResolvers: true,
  description: "A relation that began or ended, as it stands at the instant answered for.",
})
export class HistoryRelation {
  @Field(() => RelationTypeEnum, { description: "What kind of relation." })
  type!: EdgeType;

  @Field(() => ID, { description: "Id of the node that its arrow leaves." })
  from!: string;

  @Field(() => ID, { description: "Id of the node that its arrow reaches." })
  to!: string;

  @Field(() => ID, { description: "Id of its other end: the one whose history isn't asked for." })
  otherId!: string;

  @Field(() => DateTime, { description: "When it began." })
  validFrom!: Instant;

  @Field(() => DateTime, {
    description: "When it ended; 9999-12-31T23:59:59.999Z when it hadn't at the instant answered for.",
  })
  validTo!: Instant;

  /** The instant that the other end is read for. */
  asOf!: Instant;
}

@ObjectType({
  simpleResolvers: true,
  description: "Something that happened to a node: who did what, on whose behalf, why, when, in which operation.",
})
export class HistoryChange extends ToldAt {
  @Field(() => ID, { description: "Names the change within the node's history." })
  id!: string;

  @Field(() => HistoryKindEnum, { description: "What kind of change." })
  kind!: HistoryKind;

  @Field(() => Int, { nullable: true, description: "The version that began; null for a change of a relation." })
  version!: number | null;

  @Field(() => [PropertyChange], {
    description:
      "The properties that this version changed, or that the node began with; empty for a change of a relation.",
  })
  properties!: readonly PropertyChange[];

  @Field(() => HistoryRelation, {
    nullable: true,
    description: "The relation that began or ended; null for a version.",
  })
  relation!: HistoryRelation | null;
}

import { Field, Float, ObjectType, registerEnumType } from "type-graphql";
import { FACT_KINDS, type FactProperties } from "../../../graph-schema/nodes/fact.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

export const FactKindEnum = enumOf(FACT_KINDS);
registerEnumType(FactKindEnum, {
  name: "FactKind",
  description: "KEY_FACT: a statement. DATA_POINT: a number with its unit and day.",
});

@ObjectType({
  simpleResolvers: true,
  description: "A W3C TextQuoteSelector: the words as they stand in the snapshot, and what stands around them.",
})
export class Quote {
  @Field(() => String, { description: "What stands right before the words; tells equal words apart." })
  prefix!: string;

  @Field(() => String, { description: "The words, to the letter." })
  exact!: string;

  @Field(() => String, { description: "What stands right after the words." })
  suffix!: string;
}

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "A statement with the quote that it stands on.",
})
export class Fact extends GraphNode implements Pick<FactProperties, "kind" | "value" | "unit" | "asOfDate"> {
  @Field(() => FactKindEnum, { description: "A statement or a number." })
  kind!: FactProperties["kind"];

  @Field(() => Float, { nullable: true, description: "The number of a data point, in `unit`." })
  value!: number | null;

  @Field(() => String, { nullable: true, description: "The unit of `value`, such as `kWh`." })
  unit!: string | null;

  @Field(() => String, { nullable: true, description: "The day that `value` holds for, YYYY-MM-DD." })
  asOfDate!: string | null;

  quotePrefix!: string;
  quoteExact!: string;
  quoteSuffix!: string;
}

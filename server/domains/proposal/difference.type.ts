import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { enumOf } from "../../graphql/enum.js";
import type { Difference } from "./content.js";
import { DIFFERENCE_BASES } from "./present.service.js";

export const DifferenceBaseEnum = enumOf(DIFFERENCE_BASES);
registerEnumType(DifferenceBaseEnum, {
  name: "DifferenceBase",
  description:
    "What a difference counts from: what was approved last of the same subject, by this proposal or an earlier one; or what was proposed.",
});

@ObjectType({ description: "A node that came or went." })
export class ContentItem {
  @Field(() => ID, { description: "Its id." })
  id!: string;

  @Field(() => String, { description: "What it is called." })
  title!: string;
}

@ObjectType({ description: "A node that is there before and after, and isn't the same." })
export class ContentChange extends ContentItem {
  @Field(() => String, { description: "What differs as it was, a line `name: value` each." })
  before!: string;

  @Field(() => String, { description: "The same lines as they are now." })
  after!: string;
}

@ObjectType({ description: "What became of the content of a proposal, up to now." })
export class ContentDifference implements Difference {
  @Field(() => String, { description: "SHA-256, in hex, of the content that it counts from." })
  contentHash!: string;

  @Field(() => [ContentItem], { description: "What came to it." })
  added!: ContentItem[];

  @Field(() => [ContentItem], { description: "What is gone from it." })
  removed!: ContentItem[];

  @Field(() => [ContentChange], { description: "What isn't as it was." })
  changed!: ContentChange[];
}

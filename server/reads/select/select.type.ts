import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { enumOf } from "../../graphql/enum.js";
import { COMPLETION_KINDS, type CompletionKind } from "./complete.js";

export const CompletionKindEnum = enumOf(COMPLETION_KINDS);
registerEnumType(CompletionKindEnum, {
  name: "CompletionKind",
  description:
    "KEYWORD: and, or, not, a parenthesis, a plus. FIELD: what to ask of a node, such as `tier:`. VALUE: one of a field's few values. TITLE: the title of something there is.",
});

@ObjectType({ simpleResolvers: true, description: "What could stand at a place of a selection's expression." })
export class SelectionCompletion {
  @Field(() => String, { description: "The text to put in place of characters `from` to `to`." })
  text!: string;

  @Field(() => CompletionKindEnum, { description: "What the text is." })
  kind!: CompletionKind;

  @Field(() => String, { description: "What it means, in a few words; of a title, the kind of node." })
  detail!: string;

  @Field(() => Int, { description: "Where the replaced text begins: characters before it." })
  from!: number;

  @Field(() => Int, { description: "Where the replaced text ends: characters up to its end." })
  to!: number;
}

import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, ArgsType, Ctx, Field, Info, Int, Query, Resolver } from "type-graphql";
import type { EdgeType } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { parseCursor, skipOf } from "../../graphql/cursor.js";
import { EdgeTypeEnum } from "../../graphql/graph-node.type.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { DateTime } from "../../graphql/scalars.js";
import { selects } from "../../graphql/selection.js";
import { instantOf } from "../../graphql/instant.js";
import { filterOf } from "../lineage/filter.js";
import { Lineage, toLineage } from "../lineage/lineage.type.js";
import { completeSelection } from "./complete.js";
import { meaningOf } from "./expression.js";
import { parseExpression } from "./grammar.js";
import { readSelection } from "./select.js";
import { SelectionCompletion } from "./select.type.js";

@ArgsType()
class SelectArguments {
  @Field(() => String, {
    description: `Which nodes, such as \`source:"WHO"+ and +episode:* and not label:topic\`; up to ${LIMITS.selectionText.max} characters and ${LIMITS.selectionTerms} terms. docs/select.md has the grammar.`,
  })
  expression!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "The recorded instant to answer for; without it now. A cursor brings its own.",
  })
  asOf?: Instant | null;

  @Field(() => [EdgeTypeEnum], {
    nullable: true,
    description: "Edge types that `+` follows and that are shown; without it the evidence.",
  })
  edgeTypes?: EdgeType[] | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: LIMITS.lineageFirst.default,
    description: `Nodes of the page, ${LIMITS.lineageFirst.min} to ${LIMITS.lineageFirst.max}.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

@Resolver()
export class SelectResolver {
  @Query(() => Lineage, {
    description: "The nodes that an expression selects, and what joins them.",
  })
  async select(
    @Ctx() context: Context,
    @Args(() => SelectArguments) args: SelectArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Lineage> {
    callerOf(context);
    const first = within("first", args.first ?? LIMITS.lineageFirst.default, LIMITS.lineageFirst);
    const expression = parseExpression(args.expression);
    const { edgeTypes } = filterOf({ edgeTypes: args.edgeTypes });
    // Two spellings of one expression are one question.
    const question = ["select", meaningOf(expression), edgeTypes];
    const cursor = args.after ? parseCursor(context, args.after, question, args.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, args.asOf);
    const skip = skipOf(cursor);
    const page = await readSelection(context.services.graph, context.scope, {
      expression,
      asOf,
      edgeTypes,
      skip,
      first,
      counted: selects(info, "hiddenByNode", ["__typename", "id", "count"]),
      told: selects(info, "edges", ["by", "why"]),
    });
    return toLineage(page, asOf, skip, question);
  }

  @Query(() => [SelectionCompletion], {
    description:
      "What could stand at a place of a selection's expression: keywords, fields, values, and titles that begin so.",
  })
  async completeSelection(
    @Ctx() context: Context,
    @Arg("expression", () => String, { description: "What is written so far." }) expression: string,
    @Arg("position", () => Int, { description: "Characters before the place, 0 to the length of the expression." })
    position: number,
    @Arg("first", () => Int, {
      nullable: true,
      defaultValue: LIMITS.completions.default,
      description: `Most that are wanted, ${LIMITS.completions.min} to ${LIMITS.completions.max}.`,
    })
    first?: number | null,
  ): Promise<SelectionCompletion[]> {
    callerOf(context);
    return completeSelection(context.services.graph, context.scope, {
      expression,
      position,
      first: within("first", first ?? LIMITS.completions.default, LIMITS.completions),
      asOf: context.now,
    });
  }
}

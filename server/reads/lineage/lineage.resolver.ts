import type { GraphQLResolveInfo } from "graphql";
import { Args, ArgsType, Ctx, Field, ID, Info, Int, Query, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { parseCursor } from "../../graphql/cursor.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { DateTime } from "../../graphql/scalars.js";
import { selects, selectsOnly } from "../../graphql/selection.js";
import { filterOf } from "./filter.js";
import { readLineage, type Direction } from "./lineage.query.js";
import { Lineage, LineageDirectionEnum, LineageFilter, toLineage } from "./lineage.type.js";

@ArgsType()
class LineageArguments {
  @Field(() => ID, { description: "The node to start from." })
  id!: string;

  @Field(() => LineageDirectionEnum, { defaultValue: "UPSTREAM", description: "Which way to go." })
  direction!: Direction;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1,
    description: `Hops, ${LIMITS.depth.min} to ${LIMITS.depth.max}.`,
  })
  depth?: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "The recorded instant to answer for; without it now. A cursor brings its own.",
  })
  asOf?: Instant | null;

  @Field(() => LineageFilter, { nullable: true, description: "What to follow, and what to show." })
  filter?: LineageFilter | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: LIMITS.lineageFirst.default,
    description: `Nodes of the page, ${LIMITS.lineageFirst.min} to ${LIMITS.lineageFirst.max}.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

@Resolver(() => Lineage)
export class LineageResolver {
  @Query(() => Lineage, {
    description: "What a node stands on, or what stands on it: graph, table and export ask this one question.",
  })
  async lineage(
    @Ctx() context: Context,
    @Args(() => LineageArguments) args: LineageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Lineage> {
    callerOf(context);
    const root = idArgument("id", args.id);
    const { direction } = args;
    const depth = within("depth", args.depth ?? 1, LIMITS.depth);
    const first = within("first", args.first ?? LIMITS.lineageFirst.default, LIMITS.lineageFirst);
    const { edgeTypes, nodes } = filterOf(args.filter);
    const question = ["lineage", args.id, direction, depth, edgeTypes, ...(nodes === null ? [] : [nodes])];
    const cursor = args.after ? parseCursor(args.after, question, args.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, args.asOf);
    const skip = Number(cursor?.position ?? 0);
    const counted = selects(info, "hiddenByNode", ["__typename", "id", "count"]);
    const told = selects(info, "edges", ["by", "why"]);
    const onlyTotal = cursor === null && selectsOnly(info, ["__typename", "total", "totalIsExact", "asOf"]);
    const page = await readLineage(context.services.graph, context.scope, {
      root,
      direction,
      depth,
      asOf,
      edgeTypes,
      nodes,
      skip,
      first: onlyTotal ? 0 : first,
      counted,
      told,
    });
    if (page === null) throw await absentAt(context, asOf);
    return toLineage(page, asOf, skip, question);
  }
}

import { Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { formatCursor, parseCursor, skipOf } from "../../graphql/cursor.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { at } from "../../graphql/loaders.js";
import { DateTime } from "../../graphql/scalars.js";
import { instantOf } from "../../graphql/instant.js";
import { filterOf } from "../lineage/filter.js";
import type { Direction } from "../lineage/lineage.query.js";
import { LineageDirectionEnum, LineageFilter } from "../lineage/lineage.type.js";
import { readRollUp, type RollUpBy } from "./roll-up.js";
import { LineageRollUp, RollUpByEnum } from "./roll-up.type.js";

@ArgsType()
class RollUpArguments {
  @Field(() => ID, { description: "The node to start from." })
  id!: string;

  @Field(() => LineageDirectionEnum, { defaultValue: "UPSTREAM", description: "Which way to go." })
  direction!: Direction;

  @Field(() => RollUpByEnum, { description: "What to group by." })
  by!: RollUpBy;

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

  @Field(() => LineageFilter, { nullable: true, description: "What to follow, and which nodes count." })
  filter?: LineageFilter | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: LIMITS.first.default,
    description: `Groups of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

@Resolver(() => LineageRollUp)
export class RollUpResolver {
  @Query(() => LineageRollUp, {
    description: "The lineage of a node, grouped by the episodes, channels or topics that its nodes belong to.",
  })
  async lineageRollUp(
    @Ctx() context: Context,
    @Args(() => RollUpArguments) args: RollUpArguments,
  ): Promise<LineageRollUp> {
    callerOf(context);
    const root = idArgument("id", args.id);
    const depth = within("depth", args.depth ?? 1, LIMITS.depth);
    const first = within("first", args.first ?? LIMITS.first.default, LIMITS.first);
    const filter = filterOf(args.filter);
    const { direction, by } = args;
    const question = ["lineageRollUp", args.id, direction, by, depth, filter];
    const cursor = args.after ? parseCursor(context, args.after, question, args.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, args.asOf);
    const skip = skipOf(cursor);
    const asked = { root, direction, by, depth, asOf, ...filter, skip, first };
    const found = await readRollUp(context.services.graph, context.scope, asked);
    if (found === null) throw DomainError.notFound();
    const end = skip + found.groups.length;
    return {
      ...found,
      groups: found.groups.map(({ node, ...group }) => ({ ...group, node: at(node, asOf) })),
      shown: found.groups.length,
      endCursor: found.groups.length === 0 ? null : formatCursor({ asOf, position: end }, question),
      hasNextPage: found.groupCount > end,
      asOf,
    };
  }
}

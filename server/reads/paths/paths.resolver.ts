import { Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { at } from "../../graphql/loaders.js";
import { DateTime } from "../../graphql/scalars.js";
import { instantOf } from "../../graphql/instant.js";
import { filterOf } from "../lineage/filter.js";
import { LineageFilter } from "../lineage/lineage.type.js";
import { readPaths } from "./paths.js";
import { LineagePaths } from "./paths.type.js";

@ArgsType()
class PathsArguments {
  @Field(() => ID, { description: "The node to start from." })
  from!: string;

  @Field(() => ID, { description: "The node to reach." })
  to!: string;

  @Field(() => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
  asOf?: Instant | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: LIMITS.paths.default,
    description: `Most paths to show, ${LIMITS.paths.min} to ${LIMITS.paths.max}.`,
  })
  first?: number | null;

  @Field(() => LineageFilter, {
    nullable: true,
    description: "What to follow; nodes between the two ends must pass the rest of it.",
  })
  filter?: LineageFilter | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      "Also ways that turn, such as between two claims that share a source; without it only those by which one end stands on the other.",
  })
  mixed?: boolean | null;
}

@Resolver(() => LineagePaths)
export class PathsResolver {
  @Query(() => LineagePaths, {
    description: "How two nodes hang together: the shortest ways between them, whichever of them stands on the other.",
  })
  async paths(@Ctx() context: Context, @Args(() => PathsArguments) args: PathsArguments): Promise<LineagePaths> {
    callerOf(context);
    const asOf = instantOf(context, args.asOf);
    const found = await readPaths(context.services.graph, context.scope, {
      from: idArgument("from", args.from),
      to: idArgument("to", args.to),
      asOf,
      first: within("first", args.first ?? LIMITS.paths.default, LIMITS.paths),
      mixed: args.mixed ?? false,
      ...filterOf(args.filter),
    });
    if (found === null) throw DomainError.notFound();
    const { paths, ...rest } = found;
    return {
      ...rest,
      paths: paths.map(({ nodes, ...path }) => ({ ...path, nodes: nodes.map((node) => at(node, asOf)) })),
      shown: paths.length,
      asOf,
    };
  }
}

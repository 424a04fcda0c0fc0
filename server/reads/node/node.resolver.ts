import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";

@Resolver()
export class NodeResolver {
  @Query(() => GraphNode, {
    nullable: true,
    description: "The node as it was at the instant; null when it wasn't there, or isn't yours to see.",
  })
  async node(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "Its id, `Label:key`." }) id: string,
    @Arg("asOf", () => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
    asOf?: Instant | null,
  ) {
    callerOf(context);
    return context.loaders.node.load({ key: idArgument("id", id), asOf: instantOf(context, asOf) });
  }
}

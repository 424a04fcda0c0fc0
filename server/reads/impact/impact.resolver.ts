import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { at } from "../../graphql/loaders.js";
import { DateTime } from "../../graphql/scalars.js";
import { readImpact } from "./impact.query.js";
import { Impact } from "./impact.type.js";

@Resolver()
export class ImpactResolver {
  @Query(() => Impact, { description: "What stands on a node, and what would fall with it." })
  async impact(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "The node." }) id: string,
    @Arg("asOf", () => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
    given?: Instant | null,
  ): Promise<Impact> {
    callerOf(context);
    const asOf = instantOf(context, given);
    const found = await readImpact(context.services.graph, context.scope, idArgument("id", id), asOf);
    if (found === null) throw await absentAt(context, asOf);
    return {
      id,
      asOf,
      totals: found.totals.map(([label, count]) => ({ label, count })),
      totalIsExact: found.totalIsExact,
      liveEpisodes: found.liveEpisodes.nodes.map((node) => at(node, asOf)),
      liveEpisodeCount: found.liveEpisodes.count,
      owners: found.owners.map((node) => at(node, asOf)),
      claimsLosingSupport: found.losingSupport.nodes.map((node) => at(node, asOf)),
      claimsLosingSupportCount: found.losingSupport.count,
      claimsLosingContradiction: found.losingContradiction.nodes.map((node) => at(node, asOf)),
      claimsLosingContradictionCount: found.losingContradiction.count,
    };
  }
}

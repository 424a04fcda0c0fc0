import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { readCacheUse } from "./cache-use.query.js";
import { CacheUse } from "./cache-use.type.js";

@Resolver(() => CacheUse)
export class CacheUseResolver {
  @Query(() => CacheUse, {
    description:
      "The hit rate of the cache for a channel's runs, whichever channel's run had computed what was found. NOT_FOUND for a channel that isn't there at the instant.",
  })
  async cacheUse(
    @Ctx() context: Context,
    @Arg("channelId", () => ID, { description: "The channel." }) channelId: string,
    @Arg("from", () => DateTime, { nullable: true, description: "Counts tries that were begun then or later." })
    from?: Instant | null,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for, and to count up to; now without it.",
    })
    asOf?: Instant | null,
  ): Promise<CacheUse> {
    callerOf(context);
    const key = idArgument("channelId", channelId, ["Channel"]);
    const at = instantOf(context, asOf);
    if (from != null && from > at) throw DomainError.badInput("from", "`from` must not lie after `asOf`.");
    if ((await context.loaders.node.load({ key, asOf: at })) === null) throw await absentAt(context, at);
    const wanted = { channelId: key.id, since: from ?? 0, asOf: at };
    const rows = await readCacheUse(context.services.graph, context.scope, wanted);
    const sum = (of: "lookups" | "hits") => rows.reduce((total, row) => total + row[of], 0);
    const [lookups, hits] = [sum("lookups"), sum("hits")];
    return {
      channelId: formatNodeId(key.label, key.id),
      from: from ?? null,
      asOf: at,
      lookups,
      hits,
      rate: lookups === 0 ? null : hits / lookups,
      stages: rows.map((row) => ({ ...row, rate: row.hits / row.lookups })),
    };
  }
}

import { Arg, Args, Ctx, ID, Query, Resolver } from "type-graphql";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { formatCursor, parseCursor } from "../../graphql/cursor.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { PageArguments } from "../../graphql/page-args.js";
import { pageInfo, type Connection } from "../../graphql/pagination.js";
import { countClaimsOfEpisode, readClaimsOfEpisode } from "./episode-claims.query.js";
import { kindsOf, maskOf, standingAt } from "./risk.js";
import { readEvidenceOf } from "./weakest.query.js";
import { ClaimRiskConnection, riskOf } from "./weakest.resolver.js";
import type { ClaimRisk } from "./weakest.type.js";

@Resolver()
export class EpisodeClaimsResolver {
  @Query(() => ClaimRiskConnection, {
    description:
      "The claims that an episode states, live or not, in order of id, each once: what makes each weak, and no `risks` for one that nothing does. NOT_FOUND for an episode that isn't there at the instant.",
  })
  async episodeClaims(
    @Ctx() context: Context,
    @Arg("episodeId", () => ID, { description: "The episode." }) episodeId: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<ClaimRisk>> {
    callerOf(context);
    const key = idArgument("episodeId", episodeId, ["Episode"]);
    const first = within("first", page.first, LIMITS.first);
    const asked = ["episodeClaims", episodeId];
    const cursor = page.after ? parseCursor(context, page.after, asked, page.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
    if ((await context.loaders.node.load({ key, asOf })) === null) throw await absentAt(context, asOf);
    const { graph } = context.services;
    const wanted = { id: key.id, asOf, behind: String(cursor?.position ?? ""), first };
    const { ids, more } = await readClaimsOfEpisode(graph, context.scope, wanted);
    const { claims, sources } = await readEvidenceOf(graph, context.scope, ids, asOf);
    const edges = await Promise.all(
      claims.map(async (claim) => {
        const past = { ...claim, sources };
        const kinds = kindsOf(maskOf(standingAt(past, asOf), asOf));
        return {
          cursor: formatCursor({ asOf, position: claim.claim.ulid }, asked),
          node: await riskOf(context, claim, past, { kinds, asOf }),
        };
      }),
    );
    let counted: ReturnType<typeof countClaimsOfEpisode> | undefined;
    return {
      edges,
      pageInfo: pageInfo(edges, more, page.after),
      asOf,
      count: () => (counted ??= countClaimsOfEpisode(graph, context.scope, { id: key.id, asOf })),
    };
  }
}

import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Reader } from "../../commands/judge.js";
import { Refusal } from "../../commands/problem.js";
import type { Context } from "../../graphql/context.js";
import { EvidencePack } from "../../reads/evidence-pack/evidence-pack.type.js";
import { differenceOf } from "../proposal/content.js";
import { ContentDifference } from "../proposal/difference.type.js";
import { freezeEpisode } from "./frozen-episode.service.js";

@Resolver(() => EvidencePack)
export class PackDifferenceResolver {
  @FieldResolver(() => ContentDifference, {
    nullable: true,
    description:
      "What became since, up to this moment, of the nodes that were frozen: what came, went and changed, whatever instant the pack was read for. Null for an episode that stands on more than 5,000 nodes by now.",
  })
  async difference(@Root() { episodeId, contentHash, nodes }: EvidencePack, @Ctx() { services, scope }: Context) {
    const reader: Reader = {
      tenantId: scope.tenantId,
      run: (query, params) => services.graph.read(scope, query, params),
    };
    try {
      const present = await freezeEpisode(reader, parseNodeId(episodeId)!.id);
      return { ...differenceOf(nodes, present), contentHash };
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }
}

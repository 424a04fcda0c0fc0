import canonicalize from "canonicalize";
import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import { formatNodeId, parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { PackItem } from "../../domains/proposal/pack.js";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { DateTime } from "../../graphql/scalars.js";
import { evidencePack } from "./evidence-pack.query.js";
import { EvidencePack, type EvidencePackCount } from "./evidence-pack.type.js";

function contentsOf(items: readonly PackItem[]): EvidencePackCount[] {
  const counts = new Map<string, EvidencePackCount>();
  for (const { kind, id } of items) {
    const label = kind === "node" ? (parseNodeId(id)?.label ?? null) : null;
    const key = `${kind} ${label}`;
    const counted = counts.get(key) ?? { kind, label, count: 0 };
    counted.count++;
    counts.set(key, counted);
  }
  return [...counts.values()];
}

@Resolver(() => EvidencePack)
export class EvidencePackResolver {
  @Query(() => EvidencePack, {
    nullable: true,
    description:
      "What an episode was published on, or corrected, last before the instant; null for one that wasn't. `./throughline export pack` writes it as a signed file. NOT_FOUND for an episode that isn't there at the instant.",
  })
  async evidencePack(
    @Ctx() context: Context,
    @Arg("episodeId", () => ID, { description: "The episode." }) episodeId: string,
    @Arg("first", () => Int, {
      defaultValue: LIMITS.first.default,
      description: `How many items to answer with, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
    })
    first: number,
    @Arg("after", () => ID, { nullable: true, description: "The item that they follow: the `id` of the last one had." })
    after?: string | null,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for; now without it.",
    })
    asOf?: Instant | null,
  ): Promise<EvidencePack | null> {
    callerOf(context);
    const key = idArgument("episodeId", episodeId, ["Episode"]);
    within("first", first, LIMITS.first);
    const at = instantOf(context, asOf);
    if ((await context.loaders.node.load({ key, asOf: at })) === null) throw await absentAt(context, at);
    const pack = await evidencePack(context.services.graph, context.scope, { id: key.id, asOf: at });
    if (pack === undefined) return null;
    const { head, items, sha256 } = pack;
    const begin = after == null ? 0 : items.findIndex(({ id }) => id === after) + 1;
    if (after != null && begin === 0) throw DomainError.badInput("after", "The pack has no item of this `id`.");
    return {
      episodeId: formatNodeId(key.label, key.id),
      asOf: at,
      sha256,
      proposalId: head.proposalId,
      action: head.action,
      contentHash: head.contentHash,
      frozenAt: head.frozenAt,
      itemCount: items.length,
      contents: contentsOf(items),
      nodes: items.flatMap((item) => (item.kind === "node" ? [item] : [])),
      items: items.slice(begin, begin + first).map((item: PackItem) => ({
        id: item.id,
        kind: item.kind,
        json: canonicalize(item)!,
      })),
    };
  }
}

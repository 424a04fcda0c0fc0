import { Arg, Args, Ctx, ID, Query, Resolver } from "type-graphql";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { formatCursor, noCursor, parseCursor } from "../../graphql/cursor.js";
import { instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { at } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { tell, toldByTime } from "../../graphql/told.js";
import {
  detailOf,
  independentGroups,
  kindsOf,
  sinceWhen,
  soundGroups,
  sourcesOf,
  standingAt,
  type Past,
  type RiskKind,
  type Since,
  type Standing,
} from "./risk.js";
import { rankClaims, readEvidenceOf, type ClaimEvidence, type RiskPosition } from "./weakest.query.js";
import { ClaimRisk, MAX_NAMED, type IndependenceGroup, type Risk } from "./weakest.type.js";

export const { connection: ClaimRiskConnection } = connectionTypes("ClaimRisk", () => ClaimRisk);

@Resolver(() => ClaimRisk)
export class WeakestResolver {
  @Query(() => ClaimRiskConnection, {
    description:
      "Claims stated in a live episode that are weak, the weakest first: by the gravest kind of risk (RETRACTED, STALE, SINGLE_SOURCE, CONTRADICTED, UNQUOTED), where that is equal by the next one, then by fewest sound independent groups, then by id.",
  })
  async weakest(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("channelId", () => ID, { nullable: true, description: "Only claims in live episodes of this channel." })
    channelId?: string | null,
  ): Promise<Connection<ClaimRisk>> {
    callerOf(context);
    const first = within("first", page.first, LIMITS.first);
    const channel = channelId ? idArgument("channelId", channelId, ["Channel"]) : null;
    const asked = ["weakest", channelId ?? null];
    const cursor = page.after ? parseCursor(context, page.after, asked, page.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
    const { graph } = context.services;
    const ranked = await rankClaims(graph, context.scope, {
      channelId: channel?.id ?? null,
      asOf,
      after: cursor === null ? null : positionOf(String(cursor.position)),
      first,
    });
    const ids = ranked.page.map(({ id }) => id);
    const { claims, sources } = await readEvidenceOf(graph, context.scope, ids, asOf);
    const masks = new Map(ranked.page.map((position) => [position.id, position]));
    const edges = await Promise.all(
      claims.map(async (claim) => {
        const position = masks.get(claim.claim.ulid)!;
        return {
          cursor: formatCursor({ asOf, position: `${position.mask}/${position.sound}/${position.id}` }, asked),
          node: await riskOf(context, claim, { ...claim, sources }, { kinds: kindsOf(position.mask), asOf }),
        };
      }),
    );
    return {
      edges,
      pageInfo: pageInfo(edges, ranked.more, page.after),
      asOf,
      count: async () => ({ count: ranked.risky, exact: ranked.whole }),
    };
  }
}

function positionOf(text: string): RiskPosition {
  const [, mask, sound, id] = /^(\d{1,2})\/(\d{1,6})\/(\w{1,40})$/.exec(text) ?? [];
  if (mask === undefined || sound === undefined || id === undefined) throw noCursor();
  return { mask: Number(mask), sound: Number(sound), id };
}

/** A claim with what makes it weak. */
export async function riskOf(
  context: Context,
  { claim, episodes, episodeCount }: ClaimEvidence,
  past: Past,
  { kinds, asOf }: { kinds: readonly RiskKind[]; asOf: Instant },
): Promise<ClaimRisk> {
  const standing = standingAt(past, asOf);
  const since = sinceWhen(past, kinds, asOf);
  const born = { at: claim.validFrom, operationId: past.versions[0]?.[1] ?? "" };
  return {
    claim: at(claim, asOf),
    risks: await Promise.all(
      kinds.map((kind) => reasonOf(context, kind, { standing, since: since.get(kind) ?? born, asOf })),
    ),
    independentGroups: independentGroups(standing).length,
    soundGroups: soundGroups(standing).length,
    groups: groupsOf(standing),
    supportingFacts: standing.supportingFacts.length,
    contradictingFacts: standing.contradictingFacts.length,
    episodes: episodes.map((episode) => at(episode, asOf)),
    episodeCount,
  };
}

const named = (label: "Source" | "Fact" | "Claim", ids: readonly string[]): string[] =>
  ids.slice(0, MAX_NAMED).map((id) => formatNodeId(label, id));

async function reasonOf(
  context: Context,
  kind: RiskKind,
  { standing, since, asOf }: { standing: Standing; since: Since; asOf: Instant },
): Promise<Risk> {
  const facts =
    kind === "CONTRADICTED" ? standing.contradictingFacts : kind === "UNQUOTED" ? standing.supportingFacts : [];
  const told =
    since.operationId === null
      ? toldByTime("The day by which it was to be checked had come.")
      : await tell(context, since.operationId);
  return {
    ...told,
    kind,
    since: since.at,
    detail: detailOf(kind, standing, asOf),
    sourceIds: named("Source", sourcesOf(kind, standing)),
    factIds: named("Fact", facts),
    claimIds: named("Claim", kind === "CONTRADICTED" ? standing.conflictingClaims : []),
  };
}

function groupsOf(standing: Standing): IndependenceGroup[] {
  const counted = independentGroups(standing);
  const names = [...new Set(standing.quoted.map(({ group }) => group))].sort();
  return names.map((name) => ({
    name,
    sourceIds: named(
      "Source",
      standing.quoted.filter(({ group }) => group === name).map(({ id }) => id),
    ),
    counts: counted.includes(name),
  }));
}

import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from "type-graphql";
import type { EpisodeStatus } from "../../../graph-schema/nodes/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import { Episode } from "../../domains/episode/episode.type.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { formatCursor, parseCursor } from "../../graphql/cursor.js";
import { instantOf } from "../../graphql/instant.js";
import { within } from "../../graphql/limits.js";
import { at, type At } from "../../graphql/loaders.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { DateTime } from "../../graphql/scalars.js";
import { countList, readList, type ListQuestion } from "../lists/list.query.js";
import { readGovernance } from "./governance.js";
import { GovernanceRuleEnum } from "./governance.type.js";
import { RULE_CODES, type RuleCode } from "./rules.js";

/** Episodes of one page: every one of them is judged by all rules. */
const EPISODES = { min: 1, max: 50, default: 20 };
/** Claims that are judged for one page; the page ends with the episode that goes beyond. */
const MOST_CLAIMS = 5_000;
/** What could be published, or is: nothing stands against what was taken back. */
const JUDGED: readonly EpisodeStatus[] = ["DRAFT", "IN_REVIEW", "PUBLISHED", "CORRECTED"];

@ObjectType({ simpleResolvers: true, description: "How much a rule of governance found against an episode." })
export class StandingRule {
  @Field(() => GovernanceRuleEnum, { description: "The rule." })
  rule!: RuleCode;

  @Field(() => Int, { description: "How many things it found." })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: "An episode, and the rules of governance that stand against it." })
export class EpisodeStanding {
  @Field(() => Episode, { description: "The episode." })
  episode!: At;

  @Field(() => Int, { description: "Claims that were judged." })
  claims!: number;

  @Field(() => Boolean, { description: "False when it has more claims than are judged, 5,000: it can't be published." })
  whole!: boolean;

  @Field(() => Int, { description: "How many things all rules found; 0 for an episode that nothing stands against." })
  count!: number;

  @Field(() => [StandingRule], { description: "The rules that found something, in their fixed order." })
  rules!: readonly StandingRule[];
}

const { connection: EpisodeStandingConnection } = connectionTypes("EpisodeStanding", () => EpisodeStanding);

@Resolver(() => EpisodeStanding)
export class GovernanceStandingResolver {
  @Query(() => EpisodeStandingConnection, {
    description:
      "Drafts, episodes in review and live ones, the newest first, each held against every rule of governance; `governance` tells of one what was found. A page has fewer rows than `first` where they state more than 5,000 claims together.",
  })
  async governanceStanding(
    @Ctx() context: Context,
    @Arg("first", () => Int, {
      defaultValue: EPISODES.default,
      description: `Episodes of the page, ${EPISODES.min} to ${EPISODES.max}.`,
    })
    first: number,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
    @Arg("channelId", () => ID, { nullable: true, description: "Only episodes of this channel." })
    channelId?: string | null,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for; without it now. A cursor brings its own.",
    })
    given?: Instant | null,
  ): Promise<Connection<EpisodeStanding>> {
    callerOf(context);
    const most = within("first", first, EPISODES);
    const channel = channelId ? idArgument("channelId", channelId, ["Channel"]) : null;
    const asked = ["governanceStanding", channelId ?? null];
    const cursor = after ? parseCursor(context, after, asked, given) : null;
    const asOf = cursor?.asOf ?? instantOf(context, given);
    const question: ListQuestion = {
      asOf,
      after: cursor === null ? null : String(cursor.position),
      first: most,
      newestFirst: true,
      values: { status: JUDGED },
      neighbours: channel === null ? [] : [{ field: "channelId", node: channel }],
    };
    const { graph } = context.services;
    const { nodes, more } = await readList(graph, context.scope, "Episode", question);
    const reader = readerOf(context);
    const rows: EpisodeStanding[] = [];
    let judged = 0;
    for (const node of nodes) {
      if (judged > MOST_CLAIMS) break;
      const reading = await readGovernance(reader, node.ulid, asOf);
      // One that was erased meanwhile.
      if (reading === null) continue;
      const { findings, claims, whole } = reading;
      judged += claims;
      const rules = RULE_CODES.flatMap((rule) => {
        const count = findings.filter(({ code }) => code === rule).length;
        return count === 0 ? [] : [{ rule, count }];
      });
      rows.push({ episode: at(node, asOf), claims, whole, count: findings.length, rules });
    }
    const edges = rows.map((node) => ({
      cursor: formatCursor({ asOf, position: node.episode.ulid }, asked),
      node,
    }));
    let counted: ReturnType<typeof countList> | undefined;
    return {
      edges,
      pageInfo: pageInfo(edges, more || (judged > MOST_CLAIMS && rows.length < nodes.length), after),
      asOf,
      count: () => (counted ??= countList(graph, context.scope, "Episode", question)),
    };
  }
}

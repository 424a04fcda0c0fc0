import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Query, Resolver } from "type-graphql";
import { identityOf } from "../../commands/caller.js";
import { alertsOf } from "../../domains/watch/alert-id.js";
import { Alert, Watch } from "../../domains/watch/watch.type.js";
import { connectRows } from "../../graphql/connect-rows.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { LIMITS } from "../../graphql/limits.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { countAlerts, readAlerts, watchesOf } from "./watches.query.js";

const { connection: AlertConnection } = connectionTypes("Alert", () => Alert);

/** Unseen alerts are counted exactly up to here. */
const MOST_UNSEEN = 10_000;

@ArgsType()
class AlertsArguments {
  @Field(() => Boolean, { defaultValue: false, description: "True: those alone that aren't marked as seen." })
  unseen!: boolean;

  @Field(() => Int, {
    defaultValue: LIMITS.first.default,
    description: `Rows of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

const mine = (context: Context) => {
  const watcher = identityOf(callerOf(context));
  return { watcher, prefix: alertsOf(watcher) };
};

@Resolver()
export class WatchesResolver {
  @Query(() => [Watch], { description: "What the caller watches, what they began with last first; at most 200." })
  async watches(@Ctx() context: Context) {
    const { watcher } = mine(context);
    const found = await watchesOf(context.services.graph, context.scope, watcher);
    return found.map((watch) => ({ ...watch, id: `Watch:${watch.id}` }));
  }

  @Query(() => AlertConnection, {
    description:
      "Changes of what the caller watches, the newest first. It answers for now, whatever its cursor's `asOf`.",
  })
  async alerts(@Ctx() context: Context, @Args(() => AlertsArguments) { unseen, ...page }: AlertsArguments) {
    const question = { ...mine(context), unseen };
    const { services, scope } = context;
    const connection = await connectRows(context, page, ["alerts", question], {
      read: (before, first) => readAlerts(services.graph, scope, question, { before, first }),
      count: (most) => countAlerts(services.graph, scope, question, most),
    });
    const edges = connection.edges.map(({ cursor, node }) => ({ cursor, node: { ...node, id: `Alert:${node.id}` } }));
    return { ...connection, edges };
  }
}

@Resolver(() => AlertConnection)
export class AlertConnectionResolver {
  @FieldResolver(() => Int, {
    description:
      "How many of the caller's alerts aren't marked as seen, whatever the page; at most 10,000 are counted.",
  })
  unseenCount(@Ctx() context: Context): Promise<number> {
    return countAlerts(context.services.graph, context.scope, { ...mine(context), unseen: true }, MOST_UNSEEN);
  }
}

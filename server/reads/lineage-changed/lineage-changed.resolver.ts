import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, renew, type Context } from "../../graphql/context.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { DateTime } from "../../graphql/scalars.js";
import { LineageChange, LineageChanged } from "./lineage-changed.type.js";

interface Args {
  readonly id: string;
  readonly depth: number;
}

/** The first answer says that listening has begun, so that whoever asks then misses nothing. */
async function listenTo(context: Context, args: Args): Promise<AsyncIterableIterator<LineageChanged>> {
  const { tenantId } = callerOf(context);
  const node = idArgument("id", args.id);
  const depth = within("depth", args.depth, LIMITS.depth);
  const there = await context.loaders.node.load({ key: node, asOf: context.now });
  if (there === null) throw DomainError.notFound();
  const told = await context.services.lineageFeed.listen(tenantId, node, depth);
  let begun = false;
  const listening: AsyncIterableIterator<LineageChanged> = {
    async next() {
      if (!begun) {
        begun = true;
        renew(context, 0);
        return { done: false, value: { id: there.id, ready: true, at: context.now, changes: [], total: 0 } };
      }
      const { done, value } = await told.next();
      if (done === true) return { done, value: undefined };
      renew(context, value.at);
      return { done: false, value: { id: there.id, ready: false, ...value } };
    },
    async return() {
      await told.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => listening,
  };
  return listening;
}

@Resolver(() => LineageChanged)
export class LineageChangedResolver {
  @Subscription(() => LineageChanged, {
    subscribe: ({ args, context }) =>
      listenTo(context as Context, args as Args) as unknown as AsyncIterable<LineageChanged>,
    description:
      "Tells of each change of a node's lineage, whoever makes it: the node itself, the evidence that it stands on, and one step around it. Over Server-Sent Events at `/graphql/stream`.",
  })
  lineageChanged(
    @Root() change: LineageChanged,
    @Arg("id", () => ID, { description: "The node to listen to." }) _id: string,
    @Arg("depth", () => Int, {
      defaultValue: LIMITS.depth.max,
      description: `Hops upstream that count, ${LIMITS.depth.min} to ${LIMITS.depth.max}; downstream it is one.`,
    })
    _depth: number,
  ): LineageChanged {
    return change;
  }
}

@Resolver(() => LineageChange)
export class LineageChangeResolver {
  @FieldResolver(() => String, { description: "Who did it." })
  async by(@Root() { operationId }: LineageChange, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(operationId))?.actorName ?? "unknown";
  }

  @FieldResolver(() => String, { description: "Why, in their words." })
  async why(@Root() { operationId }: LineageChange, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(operationId))?.reason ?? "";
  }

  @FieldResolver(() => DateTime, { nullable: true, description: "When, in recorded time." })
  async at(@Root() { operationId }: LineageChange, @Ctx() { loaders }: Context): Promise<Instant | null> {
    return (await loaders.operation.load(operationId))?.at ?? null;
  }
}

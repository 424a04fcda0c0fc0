import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Context } from "../../graphql/context.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { LIMITS } from "../../graphql/limits.js";
import { mutate, MutationInput, MutationPayload, perform } from "../../graphql/payload.js";
import { markAlertsSeen } from "./alert.service.js";
import { unwatchNode, watchNode } from "./watch.service.js";
import { Alert, Watch } from "./watch.type.js";

@InputType()
class WatchNodeInput extends MutationInput {
  @Field(() => ID, { description: "The node to watch." })
  nodeId!: string;

  @Field(() => Int, {
    nullable: true,
    description: `Hops upstream that count, ${LIMITS.depth.min} to ${LIMITS.depth.max}; ${LIMITS.depth.max} without it.`,
  })
  depth?: number | null;
}

@InputType()
class UnwatchNodeInput extends MutationInput {
  @Field(() => ID, { description: "The node to watch no more." })
  nodeId!: string;
}

@InputType()
class MarkAlertsSeenInput extends MutationInput {
  @Field(() => [ID], { nullable: true, description: "The caller's own alerts, 1 to 500." })
  alertIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "True instead: all that aren't seen, up to 10,000." })
  all?: boolean | null;
}

@ObjectType()
class WatchNodePayload extends MutationPayload {
  @Field(() => GraphNode, { nullable: true, description: "The node that is watched." })
  node!: GraphNode | null;
}

@ObjectType()
class UnwatchNodePayload extends MutationPayload {
  @Field(() => GraphNode, { nullable: true, description: "The node that was watched." })
  node!: GraphNode | null;
}

@ObjectType()
class MarkAlertsSeenPayload extends MutationPayload {
  @Field(() => Int, { nullable: true, description: "How many alerts are seen by it." })
  seen!: number | null;
}

@Resolver(() => Watch)
export class WatchResolver {
  @FieldResolver(() => GraphNode, { nullable: true, description: "The node that is watched, as it is now." })
  node(@Root() { nodeId }: Watch, @Ctx() { loaders, now }: Context) {
    return loaders.node.load({ key: parseNodeId(nodeId)!, asOf: now });
  }

  @Mutation(() => WatchNodePayload, {
    description: "Wants an alert for the caller whenever the lineage of the node changes. At most 200 nodes a person.",
  })
  watchNode(@Ctx() context: Context, @Arg("input", () => WatchNodeInput) input: WatchNodeInput) {
    return mutate(context, watchNode, input, { node: "nodeId" });
  }

  @Mutation(() => UnwatchNodePayload, {
    description:
      "Wants no more alerts of the node; those of the past stay. NOT_LINKED when the caller doesn't watch it.",
  })
  unwatchNode(@Ctx() context: Context, @Arg("input", () => UnwatchNodeInput) input: UnwatchNodeInput) {
    return mutate(context, unwatchNode, input, { node: "nodeId" });
  }

  @Mutation(() => MarkAlertsSeenPayload, { description: "Marks the caller's own alerts as seen." })
  markAlertsSeen(@Ctx() context: Context, @Arg("input", () => MarkAlertsSeenInput) input: MarkAlertsSeenInput) {
    const told = async ({ seen }: { seen: number }) => ({ seen: seen as number | null });
    return perform(context, markAlertsSeen, input, told, { seen: null });
  }
}

@Resolver(() => Alert)
export class AlertResolver {
  @FieldResolver(() => GraphNode, { nullable: true, description: "The node that is watched, as it is now." })
  node(@Root() { nodeId }: Alert, @Ctx() { loaders, now }: Context) {
    return loaders.node.load({ key: parseNodeId(nodeId)!, asOf: now });
  }

  @FieldResolver(() => String, { description: "Who changed it." })
  async by(@Root() { operationId }: Alert, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(operationId))?.actorName ?? "unknown";
  }

  @FieldResolver(() => String, { description: "Why, in their words." })
  async why(@Root() { operationId }: Alert, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(operationId))?.reason ?? "";
  }
}

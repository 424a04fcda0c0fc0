import { Field, ObjectType, registerEnumType } from "type-graphql";
import { SWITCH_SCOPES, SWITCH_STATUSES, type KillSwitchProperties } from "../../../graph-schema/nodes/kill-switch.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const SwitchScopeEnum = enumOf(SWITCH_SCOPES);
registerEnumType(SwitchScopeEnum, {
  name: "SwitchScope",
  description: "What a switch stops: all changes of the tenant, those of a channel, or those of a kind.",
});

export const SwitchStatusEnum = enumOf(SWITCH_STATUSES);
registerEnumType(SwitchStatusEnum, { name: "SwitchStatus", description: "Whether a switch was lifted." });

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "Stops changes until it is lifted or ends, for everybody and from the moment that it is set.",
})
export class KillSwitch extends GraphNode implements KillSwitchProperties {
  @Field(() => SwitchScopeEnum, { description: "What kind of thing it stops." })
  scope!: KillSwitchProperties["scope"];

  @Field(() => String, {
    nullable: true,
    description: "The channel's id, or the capability such as `episode.publish`; null for the whole tenant.",
  })
  target!: string | null;

  @Field(() => SwitchStatusEnum, { description: "Whether it was lifted." })
  status!: KillSwitchProperties["status"];

  @Field(() => String, { description: "Why it was set." })
  reason!: string;

  @Field(() => String, { description: "Login of who set it." })
  setBy!: string;

  @Field(() => DateTime, { description: "When." })
  setAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When it ends by itself; null when it must be lifted." })
  expiresAt!: Instant | null;
}

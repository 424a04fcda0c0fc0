import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { DELIVERY_STATUSES, type DeliveryStatus } from "../../webhooks/delivery.query.js";
import { DISABLE_CAUSES } from "../../webhooks/disable.command.js";
import { DIRECTIONS, WEBHOOK_STATUSES, type StoredWebhook } from "../../webhooks/webhook.query.js";

export const WebhookDirectionEnum = enumOf(DIRECTIONS);
registerEnumType(WebhookDirectionEnum, {
  name: "WebhookDirection",
  description: "IN takes events that others report; OUT tells others of events here.",
});
export const WebhookStatusEnum = enumOf(WEBHOOK_STATUSES);
registerEnumType(WebhookStatusEnum, { name: "WebhookStatus", description: "Whether it takes or sends anything." });
export const DeliveryStatusEnum = enumOf(DELIVERY_STATUSES);
registerEnumType(DeliveryStatusEnum, {
  name: "DeliveryStatus",
  description:
    "PENDING until it has ended; DELIVERED when its receiver answered 2xx; FAILED after ten attempts or a 410; CANCELLED when its webhook was disabled or deleted, or the tenant doesn't allow its region any more.",
});
export const InboundStatusEnum = enumOf(["ACCEPTED", "REFUSED"]);
registerEnumType(InboundStatusEnum, {
  name: "InboundStatus",
  description: "ACCEPTED when it had its effect; REFUSED when it was only recorded.",
});

@ObjectType({ simpleResolvers: true, description: "An address outside that is told of events, or may report them." })
export class Webhook {
  @Field(() => ID, { description: "Its id: `Webhook:key`." })
  id!: string;

  @Field(() => String, { description: "What to call it." })
  title!: string;

  @Field(() => WebhookDirectionEnum, { description: "Whether it takes events or sends them." })
  direction!: StoredWebhook["direction"];

  @Field(() => WebhookStatusEnum, { description: "Whether it takes or sends anything." })
  status!: StoredWebhook["status"];

  @Field(() => String, { nullable: true, description: "OUT: where events are sent." })
  url!: string | null;

  @Field(() => String, { nullable: true, description: "IN: the path of this server that takes its messages." })
  path!: string | null;

  @Field(() => String, { nullable: true, description: "OUT: the region where the receiver keeps what it is told." })
  region!: string | null;

  @Field(() => [String], {
    description:
      "OUT: the types of events that it is told, such as `claim.status`, `episode.*` or `*`. IN: those that it may report.",
  })
  types!: string[];

  @Field(() => String, { nullable: true, description: "IN: the key of the principal whom its events count as." })
  principal!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Until when the secret before the present one counts too; null when none was replaced.",
  })
  previousUntil!: Instant | null;

  @Field(() => DateTime, { description: "When it was registered." })
  createdAt!: Instant;

  @Field(() => String, { description: "Key of the principal who registered it." })
  createdBy!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was disabled, if it is." })
  disabledAt!: Instant | null;

  @Field(() => String, {
    nullable: true,
    description: `Why it is disabled: \`${DISABLE_CAUSES[0]}\` by somebody, \`${DISABLE_CAUSES[1]}\` when its receiver answered 410.`,
  })
  disabledCause!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "One try to send an event." })
export class DeliveryAttempt {
  @Field(() => DateTime, { description: "When it began." })
  at!: Instant;

  @Field(() => Int, { description: "How long it took, in milliseconds." })
  ms!: number;

  @Field(() => Int, { nullable: true, description: "The HTTP status of the answer; null without one." })
  status!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Why there is no answer: `address` may not be reached, `name` isn't known, `region` that the tenant's data may not go to or be sent from, which stands in `policyDecisions`, `secret` can't be opened, `timeout`, `connection`.",
  })
  error!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "One event on its way to one webhook." })
export class WebhookDelivery {
  @Field(() => ID, { description: "Its id: `Delivery:key`." })
  id!: string;

  @Field(() => String, {
    description: "The event's id: `webhook-id` of every attempt, for the receiver to tell repetitions by.",
  })
  eventId!: string;

  @Field(() => String, { description: "The event's type." })
  type!: string;

  @Field(() => DeliveryStatusEnum, { description: "How it stands." })
  status!: DeliveryStatus;

  @Field(() => Int, { description: "Attempts so far, since it was replayed last." })
  attempts!: number;

  @Field(() => [DeliveryAttempt], { description: "Its attempts, the oldest first; at most the last 30." })
  log!: DeliveryAttempt[];

  @Field(() => DateTime, { description: "When it was handed to the webhook." })
  createdAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When it will be tried next; null when it has ended." })
  nextAt!: Instant | null;

  @Field(() => DateTime, { nullable: true, description: "When it ended, if it has." })
  endedAt!: Instant | null;
}

@ObjectType({ simpleResolvers: true, description: "Why an event from outside was refused." })
export class InboundProblem {
  @Field(() => String, { description: "What kind of reason." })
  code!: string;

  @Field(() => String, { description: "The reason, for people." })
  message!: string;

  @Field(() => String, { description: "The field of the body at fault; empty for the whole." })
  path!: string;
}

@ObjectType({
  simpleResolvers: true,
  description: "A signed message that a webhook in brought, once for each of its ids.",
})
export class InboundEvent {
  @Field(() => String, { description: "Its `webhook-id`, as the sender gave it." })
  messageId!: string;

  @Field(() => String, {
    description: "The type that it reported; empty when it wasn't one that the webhook may report.",
  })
  type!: string;

  @Field(() => InboundStatusEnum, { description: "Whether it had its effect." })
  status!: "ACCEPTED" | "REFUSED";

  @Field(() => [InboundProblem], { nullable: true, description: "Why it was refused; null when it wasn't." })
  problems!: InboundProblem[] | null;

  @Field(() => String, { description: "SHA-256 of its body as it came." })
  sha256!: string;

  @Field(() => DateTime, { description: "When it was taken." })
  at!: Instant;
}

import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Executed } from "../../commands/execute.js";
import { afterWrite, callerOf, type Context } from "../../graphql/context.js";
import { MutationInput, MutationPayload } from "../../graphql/payload.js";
import { findWebhook } from "../../reads/webhooks/webhooks.query.js";
import { disableWebhook } from "../../webhooks/disable.command.js";
import { DIRECTIONS } from "../../webhooks/webhook.query.js";
import { addWebhook, renewSecret } from "./secret.service.js";
import { webhookOf } from "./webhook.face.js";
import { deleteWebhook, enableWebhook, pingWebhook, replayDelivery } from "./webhook.service.js";
import { Webhook, WebhookDirectionEnum } from "./webhook.type.js";

const SECRET_GIVEN =
  "A secret that the other side made, `whsec_` and 24 to 64 bytes in base64; without it one is made here. It is never answered by a query.";

@InputType()
class CreateWebhookInput extends MutationInput {
  @Field(() => WebhookDirectionEnum, { description: "Whether it takes events or sends them." })
  direction!: (typeof DIRECTIONS)[number];

  @Field(() => String, { description: "What to call it, up to 200 characters." })
  title!: string;

  @Field(() => [String], {
    description:
      "OUT: the types of events to be told, such as `claim.status`, `episode.*` or `*`. IN: those that it may report. At most 50.",
  })
  types!: string[];

  @Field(() => String, { nullable: true, description: "OUT: where to send; https, and in no private network." })
  url?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "OUT: the region where the receiver keeps what it is told, one that the tenant allows; its first unless said.",
  })
  region?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "IN: the service or agent whom its events count as; never a person. It needs the right to `event.receive`.",
  })
  principalId?: string | null;

  @Field(() => String, { nullable: true, description: SECRET_GIVEN })
  secret?: string | null;
}

@InputType()
class WebhookInput extends MutationInput {
  @Field(() => ID, { description: "The webhook." })
  webhookId!: string;
}

@InputType()
class RotateWebhookSecretInput extends WebhookInput {
  @Field(() => String, { nullable: true, description: SECRET_GIVEN })
  secret?: string | null;
}

@InputType()
class ReplayDeliveryInput extends MutationInput {
  @Field(() => ID, { description: "The delivery; it must have ended." })
  deliveryId!: string;
}

@ObjectType()
class WebhookPayload extends MutationPayload {
  @Field(() => Webhook, { nullable: true, description: "The webhook." })
  webhook!: Webhook | null;
}

@ObjectType()
class WebhookSecretPayload extends WebhookPayload {
  @Field(() => String, {
    nullable: true,
    description: "The secret, answered this once; null for a repetition of the operation. Who lost it rotates.",
  })
  secret!: string | null;
}

async function told(context: Context, executed: Executed<{ webhookId: string }>): Promise<WebhookPayload> {
  const { operationId } = executed;
  if (!executed.ok) return { webhook: null, operationId, replayed: false, problems: [...executed.problems] };
  afterWrite(context, executed.bookmarks, executed.at);
  const id = executed.result.webhookId.slice("Webhook:".length);
  const found = await findWebhook(context.services.graph, context.scope, id);
  const webhook = found === undefined ? null : webhookOf(context.scope.tenantId, found);
  return { webhook, operationId, replayed: executed.replayed, problems: [] };
}

@Resolver()
export class WebhookResolver {
  @Mutation(() => WebhookSecretPayload, { description: "Registers a webhook and answers its secret, once." })
  async createWebhook(@Ctx() context: Context, @Arg("input", () => CreateWebhookInput) input: CreateWebhookInput) {
    const executed = await addWebhook(context.services, callerOf(context), { ...input });
    return { ...(await told(context, executed)), secret: executed.secret };
  }

  @Mutation(() => WebhookSecretPayload, {
    description: "Gives a webhook a new secret and answers it, once. The old one counts beside it for 24 hours.",
  })
  async rotateWebhookSecret(
    @Ctx() context: Context,
    @Arg("input", () => RotateWebhookSecretInput) input: RotateWebhookSecretInput,
  ) {
    const executed = await renewSecret(context.services, callerOf(context), { ...input });
    return { ...(await told(context, executed)), secret: executed.secret };
  }

  @Mutation(() => WebhookPayload, {
    description: "Stops a webhook: what is under way is cancelled, what comes in gets a 410.",
  })
  async disableWebhook(@Ctx() context: Context, @Arg("input", () => WebhookInput) input: WebhookInput) {
    return told(context, await context.services.execute(disableWebhook, callerOf(context), { ...input }));
  }

  @Mutation(() => WebhookPayload, { description: "Lets a disabled webhook take and send again, from now on." })
  async enableWebhook(@Ctx() context: Context, @Arg("input", () => WebhookInput) input: WebhookInput) {
    return told(context, await context.services.execute(enableWebhook, callerOf(context), input));
  }

  @Mutation(() => WebhookPayload, { description: "Ends a webhook for good; its secrets go, its log stays." })
  async deleteWebhook(@Ctx() context: Context, @Arg("input", () => WebhookInput) input: WebhookInput) {
    return told(context, await context.services.execute(deleteWebhook, callerOf(context), input));
  }

  @Mutation(() => WebhookPayload, { description: "Sends a webhook `webhook.ping`, whatever it listens to." })
  async pingWebhook(@Ctx() context: Context, @Arg("input", () => WebhookInput) input: WebhookInput) {
    return told(context, await context.services.execute(pingWebhook, callerOf(context), input));
  }

  @Mutation(() => WebhookPayload, {
    description: "Sends a delivery that has ended once more, under the id that it had.",
  })
  async replayDelivery(@Ctx() context: Context, @Arg("input", () => ReplayDeliveryInput) input: ReplayDeliveryInput) {
    return told(context, await context.services.execute(replayDelivery, callerOf(context), input));
  }
}

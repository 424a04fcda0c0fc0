import { Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver } from "type-graphql";
import { DomainError } from "../../errors.js";
import type { Context } from "../../graphql/context.js";
import { formatCursor, parseCursor } from "../../graphql/cursor.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { permitted } from "../../graphql/permitted.js";
import { webhookOf } from "../../domains/webhook/webhook.face.js";
import { InboundEvent, Webhook, WebhookDelivery } from "../../domains/webhook/webhook.type.js";
import { webhookId as webhookIdShape } from "../../webhooks/disable.command.js";
import { countLog, DELIVERIES, INBOUND, listWebhooks, readLog } from "./webhooks.query.js";

const { connection: WebhookDeliveryConnection } = connectionTypes("WebhookDelivery", () => WebhookDelivery);
const { connection: InboundEventConnection } = connectionTypes("InboundEvent", () => InboundEvent);

@ArgsType()
class LogArguments {
  @Field(() => ID, { description: "The webhook." })
  webhookId!: string;

  @Field(() => Int, {
    defaultValue: LIMITS.first.default,
    description: `Rows of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

/** Who looks into webhooks is who runs them: their addresses and logs are nobody else's. */
async function watcher(context: Context): Promise<Context["scope"]> {
  await permitted(context, "webhook.write");
  return context.scope;
}

/** A page of a webhook's log, by id. An unknown webhook's is empty, like another tenant's. */
async function logPage<R extends { readonly id: string }, F>(
  context: Context,
  log: Parameters<typeof readLog<R>>[2],
  args: LogArguments,
  face: (row: R) => F,
): Promise<Connection<F>> {
  const scope = await watcher(context);
  const first = within("first", args.first, LIMITS.first);
  const parsed = webhookIdShape.safeParse(args.webhookId);
  if (!parsed.success) throw DomainError.badInput("webhookId", "`webhookId` must be the id of a Webhook.");
  const webhookId = parsed.data;
  const question = [log.page.name, webhookId];
  const cursor = args.after ? parseCursor(context, args.after, question, undefined) : null;
  const asOf = cursor?.asOf ?? context.now;
  const { graph } = context.services;
  const { rows, more } = await readLog(graph, scope, log, {
    webhookId,
    before: placeOf(log, webhookId, cursor),
    first,
  });
  const edges = rows.map((row) => ({
    cursor: formatCursor({ asOf, position: row.id.slice(webhookId.length + 1) }, question),
    node: face(row),
  }));
  let counted: ReturnType<typeof countLog> | undefined;
  return {
    edges,
    pageInfo: pageInfo(edges, more, args.after),
    asOf,
    count: () => (counted ??= countLog(graph, scope, log, webhookId)),
  };
}

const placeOf = (
  log: { readonly separator: string },
  webhookId: string,
  cursor: { position: string | number } | null,
) => (cursor === null ? "" : `${webhookId}${log.separator}${cursor.position}`);

@Resolver()
export class WebhooksResolver {
  @Query(() => [Webhook], { description: "The studio's webhooks, oldest first; at most 100." })
  async webhooks(@Ctx() context: Context) {
    const scope = await watcher(context);
    return (await listWebhooks(context.services.graph, scope)).map((stored) => webhookOf(scope.tenantId, stored));
  }

  @Query(() => WebhookDeliveryConnection, {
    description:
      "What was sent to a webhook, the newest events first. It answers for now, whatever its cursor's `asOf`.",
  })
  webhookDeliveries(@Ctx() context: Context, @Args(() => LogArguments) args: LogArguments) {
    return logPage(context, DELIVERIES, args, (row) => ({ ...row, id: `Delivery:${row.id}` }));
  }

  @Query(() => InboundEventConnection, {
    description: "What a webhook in reported, by message id from the greatest down, with what was refused and why.",
  })
  inboundEvents(@Ctx() context: Context, @Args(() => LogArguments) args: LogArguments) {
    return logPage(context, INBOUND, args, (row) => row);
  }
}

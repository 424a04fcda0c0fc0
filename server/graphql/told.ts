import { Field, ObjectType } from "type-graphql";
import type { Instant } from "../../graph-schema/time.js";
import type { Context } from "./context.js";
import { DateTime } from "./scalars.js";

/** Who did it, on whose behalf, why and in which operation. */
@ObjectType({ simpleResolvers: true })
export abstract class Told {
  @Field(() => String, { description: "Name of who did it; `unknown` when no operation is kept." })
  by!: string;

  @Field(() => String, { nullable: true, description: "Key of who did it." })
  actor!: string | null;

  @Field(() => String, { nullable: true, description: "Key of the person whom an agent acted for." })
  onBehalfOf!: string | null;

  @Field(() => String, { description: "Why, in their words." })
  why!: string;

  @Field(() => String, { nullable: true, description: "Id of the operation; null where time alone did it." })
  operationId!: string | null;

  @Field(() => String, { nullable: true, description: "The command of that operation, such as `setClaimStatus`." })
  command!: string | null;
}

/** What is told of something that happened at an instant. */
@ObjectType({ simpleResolvers: true })
export abstract class ToldAt extends Told {
  @Field(() => DateTime, { description: "When, in recorded time." })
  at!: Instant;
}

/** Who did it, by the operation that did. */
export async function tell({ loaders }: Context, operationId: string): Promise<Told> {
  const found = await loaders.operation.load(operationId);
  return {
    by: found?.actorName ?? "unknown",
    actor: found?.actor ?? null,
    onBehalfOf: found?.onBehalfOf ?? null,
    why: found?.reason ?? "",
    operationId: operationId || null,
    command: found?.command ?? null,
  };
}

/** What nobody did: it came with time. */
export const toldByTime = (why: string): Told => ({
  by: "time",
  actor: null,
  onBehalfOf: null,
  why,
  operationId: null,
  command: null,
});

import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import type { Context } from "../../graphql/context.js";
import type { At, Loaders } from "../../graphql/loaders.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { Decision } from "../decision/decision.type.js";
import { Claim } from "./claim.type.js";
import { endConflict, recordConflict } from "./conflict.service.js";

@ObjectType({ description: "Another claim that a claim contradicts, and who says so. Both stand side by side." })
class ClaimConflict {
  @Field(() => Claim, { description: "The other claim." })
  claim!: At;

  @Field(() => DateTime, { description: "Since when it is recorded." })
  validFrom!: Instant;

  @Field(() => Decision, { nullable: true, description: "The decision in force that picks one of the two, if any." })
  decision!: At | null;

  @Field(() => ID, { nullable: true, description: "Id of the claim that the decision holds to; null while none does." })
  picked!: string | null;

  openedBy!: string;
}

@InputType()
class RecordConflictInput extends MutationInput {
  @Field(() => ID, { description: "One claim." })
  claimId!: string;

  @Field(() => ID, { description: "The claim that contradicts it." })
  otherId!: string;
}

@InputType()
class EndConflictInput extends RecordConflictInput {}

@ObjectType()
class RecordConflictPayload extends MutationPayload {
  @Field(() => Claim, { nullable: true, description: "One claim." })
  claim!: Claim | null;

  @Field(() => Claim, { nullable: true, description: "The other." })
  other!: Claim | null;
}

@ObjectType()
class EndConflictPayload extends RecordConflictPayload {}

const PICKED = { from: "Claim", type: "PICKS", direction: "in" } as const;
const DISCUSSED = { from: "Claim", type: "ABOUT", direction: "in" } as const;

/** The decision that is about both claims and picks one of them. */
async function decisionOf(loaders: Loaders, one: At, other: At): Promise<Pick<ClaimConflict, "decision" | "picked">> {
  for (const [picked, against] of [
    [one, other],
    [other, one],
  ] as const) {
    const about = new Set((await loaders.step(DISCUSSED, against)).map(({ node }) => node.id));
    const found = (await loaders.step(PICKED, picked)).find(({ node }) => about.has(node.id));
    if (found !== undefined) return { decision: found.node, picked: picked.id };
  }
  return { decision: null, picked: null };
}

@Resolver(() => ClaimConflict)
export class ClaimConflictResolver {
  @FieldResolver(() => String, { description: "Who recorded it." })
  async by(@Root() { openedBy }: ClaimConflict, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(openedBy))?.actorName ?? "unknown";
  }

  @FieldResolver(() => String, { description: "The reason that they gave." })
  async why(@Root() { openedBy }: ClaimConflict, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(openedBy))?.reason ?? "";
  }
}

@Resolver(() => Claim)
export class ConflictResolver {
  @FieldResolver(() => [ClaimConflict], {
    description: "Claims that are recorded as contradicting it, with the decision if there is one; at most 1,000.",
  })
  async conflicts(@Root() claim: At, @Ctx() { loaders }: Context): Promise<ClaimConflict[]> {
    const ways = await Promise.all(
      (["out", "in"] as const).map((direction) =>
        loaders.step({ from: "Claim", type: "CONFLICTS_WITH", direction }, claim),
      ),
    );
    return Promise.all(
      ways.flat().map(async ({ node, validFrom, openedBy }) => ({
        claim: node,
        validFrom,
        openedBy,
        ...(await decisionOf(loaders, claim, node)),
      })),
    );
  }

  @Mutation(() => RecordConflictPayload, {
    description: "Records that two claims contradict each other. Both stay, side by side; a decision may pick one.",
  })
  recordConflict(@Ctx() context: Context, @Arg("input", () => RecordConflictInput) input: RecordConflictInput) {
    return mutate(context, recordConflict, input, { claim: "claimId", other: "otherId" });
  }

  @Mutation(() => EndConflictPayload, {
    description: "Says that two claims don't contradict each other after all. NOT_LINKED when that isn't recorded.",
  })
  endConflict(@Ctx() context: Context, @Arg("input", () => EndConflictInput) input: EndConflictInput) {
    return mutate(context, endConflict, input, { claim: "claimId", other: "otherId" });
  }
}

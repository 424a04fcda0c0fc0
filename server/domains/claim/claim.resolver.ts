import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import { EVIDENCE_BASES } from "../../../graph-schema/edges.js";
import { CLAIM_KINDS, CLAIM_STATUSES } from "../../../graph-schema/nodes/claim.js";
import type { Instant } from "../../../graph-schema/time.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { enumOf } from "../../graphql/enum.js";
import type { GraphNode } from "../../graphql/graph-node.type.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { STANCES, type Stance } from "../evidence/evidence.service.js";
import { StanceEnum } from "../evidence/stance.type.js";
import { Fact } from "../fact/fact.type.js";
import { Scene } from "../scene/scene.type.js";
import { reviseClaim, setClaimStatus, stateClaim } from "./claim.service.js";
import { Claim, ClaimKindEnum, ClaimStatusEnum } from "./claim.type.js";

const { connection: ClaimConnection } = connectionTypes("Claim", () => Claim);

const EvidenceBasisEnum = enumOf(EVIDENCE_BASES);
registerEnumType(EvidenceBasisEnum, {
  name: "EvidenceBasis",
  description:
    "PERSON: somebody here linked it. FILE: an imported file asserts it, and nobody here has judged it. QUOTE: the words that supported the claim stand in a newer snapshot too, so the support was carried over. VERBATIM: the claim says a whole sentence of the quote word for word, and nobody here has judged more. AGENT: an agent or a run of the pipeline suggests it, and nobody here has judged it.",
});

@ObjectType({ description: "A fact that bears on a claim, and who says so." })
class ClaimEvidence {
  @Field(() => Fact, { description: "The fact." })
  fact!: GraphNode;

  @Field(() => StanceEnum, { description: "How it bears on the claim." })
  stance!: Stance;

  @Field(() => EvidenceBasisEnum, {
    description: "Whether somebody here says so, a file, the words themselves, or an agent.",
  })
  basis!: (typeof EVIDENCE_BASES)[number];

  @Field(() => DateTime, { description: "Since when." })
  validFrom!: Instant;

  openedBy!: string;
}

@Resolver(() => ClaimEvidence)
export class ClaimEvidenceResolver {
  @FieldResolver(() => String, { description: "Who linked it." })
  async by(@Root() { openedBy }: ClaimEvidence, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(openedBy))?.actorName ?? "unknown";
  }

  @FieldResolver(() => String, { description: "The reason that they gave." })
  async why(@Root() { openedBy }: ClaimEvidence, @Ctx() { loaders }: Context) {
    return (await loaders.operation.load(openedBy))?.reason ?? "";
  }
}

@InputType({ description: "Claims for which all that is given holds." })
class ClaimFilter {
  @Field(() => [ClaimStatusEnum], { nullable: true, description: "Any of these." })
  status?: (typeof CLAIM_STATUSES)[number][] | null;

  @Field(() => [ClaimKindEnum], { nullable: true, description: "Any of these." })
  kind?: (typeof CLAIM_KINDS)[number][] | null;
}

@InputType()
class StateClaimInput extends MutationInput {
  @Field(() => String, {
    description: "The claim, one sentence, up to 2,000 characters; one normalised text is one claim.",
  })
  text!: string;

  @Field(() => ClaimKindEnum, { nullable: true, description: "What it is about; OTHER without it." })
  kind?: (typeof CLAIM_KINDS)[number] | null;

  @Field(() => DateTime, { nullable: true, description: "When it wants checking again; by its kind without it." })
  recheckBy?: Instant | null;

  @Field(() => [ID], { nullable: true, description: "Scenes that say it; at most 100." })
  sceneIds?: string[] | null;
}

@InputType()
class SetClaimStatusInput extends MutationInput {
  @Field(() => ID, { description: "The claim." })
  claimId!: string;

  @Field(() => ClaimStatusEnum, { description: "Whether it stands." })
  status!: (typeof CLAIM_STATUSES)[number];
}

@InputType()
class ReviseClaimInput extends MutationInput {
  @Field(() => ID, { description: "The claim." })
  claimId!: string;

  @Field(() => String, {
    nullable: true,
    description: "Its new words, up to 2,000 characters; CONFLICT, with its id, when another claim has them.",
  })
  text?: string | null;

  @Field(() => ClaimKindEnum, { nullable: true, description: "What it is about." })
  kind?: (typeof CLAIM_KINDS)[number] | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it wants checking again; without it another kind brings its own shelf life, as if stated now.",
  })
  recheckBy?: Instant | null;

  @Field(() => ClaimStatusEnum, {
    nullable: true,
    description:
      "Whether it stands in these words, by your own judgement of what bears on it. Without it, other words make it NEEDS_RECHECK; what is WRONG stays so.",
  })
  status?: (typeof CLAIM_STATUSES)[number] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "The version that the change goes by: CONFLICT when another stands by now. Without it, whatever stands.",
  })
  version?: number | null;
}

@ObjectType()
class ReviseClaimPayload extends MutationPayload {
  @Field(() => Claim, { nullable: true, description: "The claim, in its new version." })
  claim!: Claim | null;
}

@ObjectType()
class SetClaimStatusPayload extends MutationPayload {
  @Field(() => Claim, { nullable: true, description: "The claim, in its new version." })
  claim!: Claim | null;
}

@ObjectType()
class StateClaimPayload extends MutationPayload {
  @Field(() => Claim, { nullable: true, description: "The claim; the earlier one when this text was stated already." })
  claim!: Claim | null;
}

@Resolver(() => Claim)
export class ClaimResolver {
  @Query(() => ClaimConnection, { description: "The claims, oldest first." })
  claims(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => ClaimFilter, { nullable: true, description: "Which ones." }) filter?: ClaimFilter | null,
  ) {
    return connect(context, "Claim", page, { ...filter });
  }

  @FieldResolver(() => String, { description: "What it says." })
  text(@Root() claim: Claim): string {
    return claim.title;
  }

  @FieldResolver(() => [ClaimEvidence], {
    description: "Facts that bear on it, by stance; at most 500 of each, `lineage` has the rest.",
  })
  async evidence(@Root() claim: At, @Ctx() { loaders }: Context): Promise<ClaimEvidence[]> {
    const stances = Object.entries(STANCES) as [Stance, (typeof STANCES)[Stance]][];
    const found = await Promise.all(
      stances.map(async ([stance, type]) => {
        const facts = await loaders.step({ from: "Claim", type, direction: "out" }, claim);
        return facts.map(({ node, validFrom, openedBy, basis }) => ({
          fact: node,
          stance,
          basis: basis ?? "PERSON",
          validFrom,
          openedBy,
        }));
      }),
    );
    return found.flat();
  }

  @FieldResolver(() => [Scene], { description: "Scenes that say it; at most 500, `lineage` has the rest." })
  async scenes(@Root() claim: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Claim", type: "STATES", direction: "in" }, claim)).map(({ node }) => node);
  }

  @Mutation(() => StateClaimPayload, {
    description: "States a claim, in scenes if any are named. One normalised text is one claim.",
  })
  stateClaim(@Ctx() context: Context, @Arg("input", () => StateClaimInput) input: StateClaimInput) {
    return mutate(context, stateClaim, input, { claim: "claimId" });
  }

  @Mutation(() => ReviseClaimPayload, {
    description:
      "Gives a claim other words, another kind or shelf life: a new version; what bears on it stays linked, and with other words it needs a recheck. One normalised text is one claim.",
  })
  reviseClaim(@Ctx() context: Context, @Arg("input", () => ReviseClaimInput) input: ReviseClaimInput) {
    return mutate(context, reviseClaim, input, { claim: "claimId" });
  }

  @Mutation(() => SetClaimStatusPayload, {
    description:
      "Says of a claim whether it stands; the version before stays in the history. FORBIDDEN for an agent that says STATED of a claim in doubt.",
  })
  setClaimStatus(@Ctx() context: Context, @Arg("input", () => SetClaimStatusInput) input: SetClaimStatusInput) {
    return mutate(context, setClaimStatus, input, { claim: "claimId" });
  }
}

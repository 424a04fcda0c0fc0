import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from "type-graphql";
import { FACT_KINDS } from "../../../graph-schema/nodes/fact.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Snapshot } from "../snapshot/snapshot.type.js";
import { extractFact } from "./fact.service.js";
import { Fact, FactKindEnum, Quote } from "./fact.type.js";

@InputType({ description: "A W3C TextQuoteSelector." })
class QuoteInput {
  @Field(() => String, { nullable: true, description: "What stands right before the words, up to 1,000 characters." })
  prefix?: string | null;

  @Field(() => String, { description: "The words, to the letter as they stand in the snapshot's text." })
  exact!: string;

  @Field(() => String, { nullable: true, description: "What stands right after the words, up to 1,000 characters." })
  suffix?: string | null;
}

@InputType()
class ExtractFactInput extends MutationInput {
  @Field(() => ID, { description: "The snapshot that it is taken out of." })
  snapshotId!: string;

  @Field(() => QuoteInput, { description: "The words that it stands on." })
  quote!: QuoteInput;

  @Field(() => FactKindEnum, {
    nullable: true,
    description: "Without it: DATA_POINT when there is a value, else KEY_FACT.",
  })
  kind?: (typeof FACT_KINDS)[number] | null;

  @Field(() => String, { nullable: true, description: "What the words say; the words themselves without it." })
  statement?: string | null;

  @Field(() => Float, { nullable: true, description: "The number of a data point." })
  value?: number | null;

  @Field(() => String, { nullable: true, description: "The unit of the value." })
  unit?: string | null;

  @Field(() => String, { nullable: true, description: "The day that the value holds for, YYYY-MM-DD." })
  asOfDate?: string | null;

  @Field(() => [ID], { nullable: true, description: "Facts that it was computed from; at most 100." })
  derivedFromIds?: string[] | null;
}

@ObjectType()
class ExtractFactPayload extends MutationPayload {
  @Field(() => Fact, {
    nullable: true,
    description: "The fact; the earlier one when this quote of this snapshot was taken already.",
  })
  fact!: Fact | null;
}

@Resolver(() => Fact)
export class FactResolver {
  @FieldResolver(() => String, { description: "What it says." })
  statement(@Root() fact: Fact): string {
    return fact.title;
  }

  @FieldResolver(() => Quote, { description: "The words that it stands on." })
  quote(@Root() fact: Fact): Quote {
    return { prefix: fact.quotePrefix, exact: fact.quoteExact, suffix: fact.quoteSuffix };
  }

  @FieldResolver(() => Snapshot, { nullable: true, description: "The snapshot that the words stand in." })
  async snapshot(@Root() fact: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Fact", type: "QUOTED_FROM", direction: "out" }, fact))[0]?.node ?? null;
  }

  @FieldResolver(() => [Fact], { description: "Facts that it was computed from." })
  async derivedFrom(@Root() fact: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Fact", type: "DERIVED_FROM", direction: "out" }, fact)).map(({ node }) => node);
  }

  @Mutation(() => ExtractFactPayload, {
    description:
      "Takes a fact out of a snapshot. The quote must stand in the snapshot's text, else QUOTE_NOT_FOUND. The same quote is the same fact.",
  })
  extractFact(@Ctx() context: Context, @Arg("input", () => ExtractFactInput) input: ExtractFactInput) {
    return mutate(context, extractFact, input, { fact: "factId" });
  }
}

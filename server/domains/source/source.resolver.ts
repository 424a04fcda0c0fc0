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
  Resolver,
  Root,
} from "type-graphql";
import { RELIABILITIES, SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { registerSource } from "./source.service.js";
import { ReliabilityEnum, Source, SourceStatusEnum } from "./source.type.js";

const { connection: SourceConnection } = connectionTypes("Source", () => Source);

@InputType({ description: "Sources for which all that is given holds." })
class SourceFilter {
  @Field(() => [SourceStatusEnum], { nullable: true, description: "Any of these." })
  status?: (typeof SOURCE_STATUSES)[number][] | null;

  @Field(() => [Int], { nullable: true, description: "Any of these tiers." })
  tier?: number[] | null;
}

@InputType()
class RegisterSourceInput extends MutationInput {
  @Field(() => String, { description: "Its http or https address; one normalised address is one source." })
  url!: string;

  @Field(() => String, { description: "What to call it, up to 500 characters." })
  title!: string;

  @Field(() => String, { nullable: true, description: "Who publishes it." })
  publisher?: string | null;

  @Field(() => String, { nullable: true, description: "Who wrote it, up to 300 characters." })
  byline?: string | null;

  @Field(() => String, { nullable: true, description: "What it is about, up to 500 characters." })
  excerpt?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "1 primary or official, 2 edited secondary, 3 anything else. Unknown is 3.",
  })
  tier?: number | null;

  @Field(() => ReliabilityEnum, {
    nullable: true,
    description: "How reliable it is, on the Admiralty scale. Unknown is F.",
  })
  reliability?: (typeof RELIABILITIES)[number] | null;

  @Field(() => DateTime, { nullable: true, description: "When it says that it was published." })
  publishedAt?: Instant | null;

  @Field(() => DateTime, { nullable: true, description: "When it was read last; now on a new source." })
  retrievedAt?: Instant | null;

  @Field(() => String, {
    nullable: true,
    description: "Whom it counts with as one; the registrable domain on a new source.",
  })
  independenceGroup?: string | null;

  @Field(() => SourceStatusEnum, {
    nullable: true,
    description: "Whether it can be relied on; ACTIVE on a new source.",
  })
  status?: (typeof SOURCE_STATUSES)[number] | null;

  @Field(() => [ID], { nullable: true, description: "Sources that it relies on; at most 500." })
  citesIds?: string[] | null;
}

@ObjectType()
class RegisterSourcePayload extends MutationPayload {
  @Field(() => Source, { nullable: true, description: "The source." })
  source!: Source | null;
}

@Resolver(() => Source)
export class SourceResolver {
  @Query(() => SourceConnection, { description: "The sources, oldest first." })
  sources(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => SourceFilter, { nullable: true, description: "Which ones." }) filter?: SourceFilter | null,
  ) {
    return connect(context, "Source", page, { ...filter });
  }

  @FieldResolver(() => [Source], { description: "Sources that it relies on; at most 500, `lineage` has the rest." })
  async cites(@Root() source: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Source", type: "CITES", direction: "out" }, source)).map(({ node }) => node);
  }

  @FieldResolver(() => Source, { nullable: true, description: "The source that took its place, if one did." })
  async supersededBy(@Root() source: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Source", type: "SUPERSEDED_BY", direction: "out" }, source))[0]?.node ?? null;
  }

  @FieldResolver(() => [Source], { description: "Sources whose place it took; at most 500." })
  async supersedes(@Root() source: At, @Ctx() { loaders }: Context) {
    const step = { from: "Source", type: "SUPERSEDED_BY", direction: "in" } as const;
    return (await loaders.step(step, source)).map(({ node }) => node);
  }

  @Mutation(() => RegisterSourcePayload, {
    description:
      "Registers a source under its address. One that stands gets a new version where the input says otherwise; what it leaves out stays.",
  })
  registerSource(@Ctx() context: Context, @Arg("input", () => RegisterSourceInput) input: RegisterSourceInput) {
    return mutate(context, registerSource, input, { source: "sourceId" });
  }
}

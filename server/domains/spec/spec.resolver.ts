import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { publishSpec, rollbackSpec } from "./spec.service.js";
import { SpecKindEnum, SpecVersion } from "./spec.type.js";

const { connection: SpecVersionConnection } = connectionTypes("SpecVersion", () => SpecVersion);

@InputType({ description: "Versions for which all that is given holds." })
class SpecFilter {
  @Field(() => [SpecKindEnum], { nullable: true, description: "Of any of these kinds." })
  kind?: SpecKind[] | null;

  @Field(() => [String], { nullable: true, description: "Of any of these names." })
  name?: string[] | null;

  @Field(() => [Boolean], { nullable: true, description: "`[true]` for those that their bare names mean." })
  current?: boolean[] | null;
}

@InputType()
class RollbackSpecInput extends MutationInput {
  @Field(() => SpecKindEnum, { description: "What it is." })
  kind!: SpecKind;

  @Field(() => String, { description: "The spec's name: lower-case letters, digits and hyphens, at most 40." })
  name!: string;

  @Field(() => String, { description: "A semantic version, such as 1.2.0." })
  version!: string;
}

@InputType()
class PublishSpecInput extends RollbackSpecInput {
  @Field(() => String, {
    description:
      "What it says, as a JSON object of at most 50,000 characters: docs/channels.md has the shape of each kind.",
  })
  content!: string;

  @Field(() => String, { description: "What is new, for people; up to 5,000 characters." })
  notes!: string;
}

@ObjectType()
class PublishSpecPayload extends MutationPayload {
  @Field(() => SpecVersion, { nullable: true, description: "The version that the bare name means now." })
  spec!: SpecVersion | null;
}

@ObjectType()
class RollbackSpecPayload extends PublishSpecPayload {}

@Resolver(() => SpecVersion)
export class SpecResolver {
  @Query(() => SpecVersionConnection, {
    description: "The studio's library: every version of its templates, prompts and QA specs, oldest first.",
  })
  specs(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => SpecFilter, { nullable: true, description: "Which ones." }) filter?: SpecFilter | null,
  ) {
    return connect(context, "SpecVersion", page, { ...filter });
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "What it says, as canonical JSON of at most 50,000 characters. At most 50 in one document.",
  })
  content(@Root() { contentHash }: Extract<At, { label: "SpecVersion" }>, @Ctx() { loaders }: Context) {
    return loaders.stageOutput(contentHash);
  }

  @Mutation(() => PublishSpecPayload, {
    description:
      "Publishes a version of a template, prompt or QA spec, which its bare name means from then on. CONFLICT when it isn't higher than every one before; FORBIDDEN for who is held to channels, while others go by the name.",
  })
  publishSpec(@Ctx() context: Context, @Arg("input", () => PublishSpecInput) input: PublishSpecInput) {
    return mutate(context, publishSpec, input, { spec: "specId" });
  }

  @Mutation(() => RollbackSpecPayload, {
    description:
      "Has a spec's bare name mean a version again that was published before. Runs that have begun keep what they pinned. FORBIDDEN for who is held to channels, while others go by the name.",
  })
  rollbackSpec(@Ctx() context: Context, @Arg("input", () => RollbackSpecInput) input: RollbackSpecInput) {
    return mutate(context, rollbackSpec, input, { spec: "specId" });
  }
}

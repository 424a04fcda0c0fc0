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
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Claim } from "../claim/claim.type.js";
import { Episode } from "../episode/episode.type.js";
import { createScene } from "./scene.service.js";
import { Scene } from "./scene.type.js";

const { connection: SceneConnection } = connectionTypes("Scene", () => Scene);

@InputType({ description: "Scenes for which all that is given holds." })
class SceneFilter {
  @Field(() => ID, { nullable: true, description: "Of this episode." })
  episodeId?: string | null;
}

@InputType()
class CreateSceneInput extends MutationInput {
  @Field(() => ID, { description: "The episode that it is a part of." })
  episodeId!: string;

  @Field(() => String, { description: "What to call it, up to 500 characters." })
  title!: string;

  @Field(() => Int, { description: "Its place in the episode, from 1; each place once." })
  ordinal!: number;

  @Field(() => String, { nullable: true, description: "What is said in it." })
  narration?: string | null;

  @Field(() => [ID], { nullable: true, description: "Claims that it says; at most 100." })
  claimIds?: string[] | null;
}

@ObjectType()
class CreateScenePayload extends MutationPayload {
  @Field(() => Scene, { nullable: true, description: "The scene." })
  scene!: Scene | null;
}

@Resolver(() => Scene)
export class SceneResolver {
  @Query(() => SceneConnection, { description: "The scenes, oldest first." })
  scenes(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => SceneFilter, { nullable: true, description: "Which ones." }) filter?: SceneFilter | null,
  ) {
    return connect(context, "Scene", page, { ...filter });
  }

  @FieldResolver(() => Episode, { nullable: true, description: "The episode that it is a part of." })
  async episode(@Root() scene: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Scene", type: "HAS_SCENE", direction: "in" }, scene))[0]?.node ?? null;
  }

  @FieldResolver(() => [Claim], { description: "Claims that it says; at most 500, `lineage` has the rest." })
  async claims(@Root() scene: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Scene", type: "STATES", direction: "out" }, scene)).map(({ node }) => node);
  }

  @Mutation(() => CreateScenePayload, {
    description: "Adds a scene to an episode. A place that is taken is a CONFLICT.",
  })
  createScene(@Ctx() context: Context, @Arg("input", () => CreateSceneInput) input: CreateSceneInput) {
    return mutate(context, createScene, input, { scene: "sceneId" });
  }
}

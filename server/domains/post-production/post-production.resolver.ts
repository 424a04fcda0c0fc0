import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { normaliseGiven, normaliseStored, type Mend } from "./normalise.js";
import { setPostProduction } from "./post-production.service.js";
import { PostProduction, SettingMend } from "./post-production.type.js";

type Stored = Extract<At, { label: "PostProduction" }>;

const json = (value: unknown): string => JSON.stringify(value) ?? "null";
export const mendsTold = (mends: readonly Mend[]): SettingMend[] =>
  mends.map(({ path, was, now, why }) => ({ path, was: json(was).slice(0, 1_000), now: json(now), why }));

@InputType()
class SetPostProductionInput extends MutationInput {
  @Field(() => ID, { description: "The episode." })
  episodeId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "All settings, as JSON of at most 20,000 characters by graph-schema/documents/post-production.schema.json; what it leaves out takes its default. Without it the settings stay.",
  })
  settings?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The cut plan, as JSON of at most 20,000 characters by graph-schema/documents/cut-plan.schema.json. Without it the cut plan stays.",
  })
  cutPlan?: string | null;

  @Field(() => Int, { nullable: true, description: "The version that you went by; CONFLICT when another one stands." })
  version?: number | null;
}

@ObjectType()
class SetPostProductionPayload extends MutationPayload {
  @Field(() => PostProduction, { nullable: true, description: "What is saved." })
  postProduction!: PostProduction | null;

  @Field(() => [SettingMend], { description: "Settings that were saved otherwise than given." })
  mends!: SettingMend[];
}

/** What was mended of settings that were given: read off them again, so that a replay tells the same. */
function mendsOf(settings: string | null | undefined): SettingMend[] {
  if (settings == null) return [];
  try {
    const normalised = normaliseGiven(JSON.parse(settings.normalize("NFC")));
    return normalised.ok ? mendsTold(normalised.mends) : [];
  } catch {
    return [];
  }
}

@Resolver(() => PostProduction)
export class PostProductionResolver {
  @FieldResolver(() => String, {
    description:
      "The settings, as JSON by graph-schema/documents/post-production.schema.json: what isn't valid any more is shown normalised.",
  })
  settings(@Root() { settings }: Stored): string {
    return json(normaliseStored(settings).settings);
  }

  @FieldResolver(() => [SettingMend], { description: "Settings that are shown otherwise than they were saved." })
  mends(@Root() { settings }: Stored): SettingMend[] {
    return mendsTold(normaliseStored(settings).mends);
  }

  @Mutation(() => SetPostProductionPayload, {
    description:
      "Says how an episode is finished. Values with a plain meaning are mended and told; others are refused, each by its path.",
  })
  async setPostProduction(
    @Ctx() context: Context,
    @Arg("input", () => SetPostProductionInput) input: SetPostProductionInput,
  ) {
    const done = await mutate(context, setPostProduction, input, { postProduction: "postProductionId" });
    return { ...done, mends: done.problems.length > 0 ? [] : mendsOf(input.settings) };
  }
}

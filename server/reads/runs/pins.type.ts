import { Field, ID, Int, ObjectType } from "type-graphql";
import { runPins } from "../../domains/channel/pins.js";

@ObjectType({ description: "A version that a run goes by." })
export class PinnedSpec {
  @Field(() => String, { description: "Its name and version, such as calm@1.2.0." })
  ref!: string;

  @Field(() => ID, {
    nullable: true,
    description: "The version in the studio's library; null for what comes with the installation.",
  })
  specId!: string | null;

  @Field(() => String, { nullable: true, description: "Of a prompt: the stage that it is for." })
  stage!: string | null;
}

@ObjectType({ description: "What a run took from its channel's config as it began." })
export class RunPins {
  @Field(() => Int, { description: "The version of the channel's config; 0 for a channel that had set nothing." })
  configVersion!: number;

  @Field(() => PinnedSpec, {
    nullable: true,
    description: "How its episode is told; null where the installation named no template.",
  })
  template!: PinnedSpec | null;

  @Field(() => PinnedSpec, { nullable: true, description: "The QA spec that its episode is held to; null for none." })
  qaSpec!: PinnedSpec | null;

  @Field(() => [PinnedSpec], { description: "What models are asked in its stages, where a model does one." })
  prompts!: PinnedSpec[];

  @Field(() => String, {
    description:
      "All of it as canonical JSON, at most 500,000 characters: texts, template with the channel's own lines, QA rules, KPI targets and budgets.",
  })
  document!: string;
}

/** As it is told, from the document that is kept. */
export function pinsFrom(document: string): RunPins {
  const pins = runPins.parse(JSON.parse(document));
  const face = ({ ref, spec_id: specId }: { ref: string; spec_id: string | null }, stage: string | null = null) => ({
    ref,
    specId,
    stage,
  });
  return {
    configVersion: pins.config_version,
    template: pins.template === null ? null : face(pins.template),
    qaSpec: pins.qa.ref === null ? null : face({ ...pins.qa, ref: pins.qa.ref }),
    prompts: pins.prompts.map((one) => face(one, one.stage)),
    document,
  };
}

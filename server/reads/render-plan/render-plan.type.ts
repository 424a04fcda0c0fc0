import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { SettingMend } from "../../domains/post-production/post-production.type.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { SUBTITLE_FAULTS, type SubtitleFault } from "./subtitles.js";

const SubtitleFaultEnum = enumOf(SUBTITLE_FAULTS);
registerEnumType(SubtitleFaultEnum, { name: "SubtitleFault", description: "What is wrong with a subtitle." });

@ObjectType({ description: "How an episode is finished, by what somebody saved or by the defaults." })
export class PostProductionOf {
  @Field(() => ID, { description: "The episode." })
  episodeId!: string;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;

  @Field(() => ID, { nullable: true, description: "What is saved; null while nothing is." })
  postProductionId!: string | null;

  @Field(() => String, {
    description: "The settings, as JSON by graph-schema/documents/post-production.schema.json.",
  })
  settings!: string;

  @Field(() => [SettingMend], { description: "Settings that are shown otherwise than they were saved." })
  mends!: SettingMend[];

  @Field(() => String, {
    nullable: true,
    description: "The cut plan, as JSON by graph-schema/documents/cut-plan.schema.json; null while nobody has cut.",
  })
  cutPlan!: string | null;

  @Field(() => Boolean, {
    description: "Whether a cut plan is saved that isn't valid any more, so that highlights are cut instead.",
  })
  cutPlanDropped!: boolean;
}

@ObjectType({ description: "A fault of a subtitle, for whoever reads along." })
export class SubtitleFinding {
  @Field(() => SubtitleFaultEnum, { description: "What is wrong." })
  code!: SubtitleFault;

  @Field(() => Int, { description: "The cue, from 1." })
  cue!: number;

  @Field(() => String, { description: "The fault, with its figures." })
  message!: string;

  @Field(() => String, { description: "What mends it." })
  remedy!: string;
}

@ObjectType({ description: "A part of the clip that is kept." })
export class RenderedCut {
  @Field(() => Float, { description: "Where it begins in the clip, in seconds." })
  from!: number;

  @Field(() => Float, { description: "Where it ends in the clip, in seconds." })
  to!: number;

  @Field(() => Float, { description: "Where it begins in what is rendered, in seconds." })
  at!: number;

  @Field(() => Int, { description: "The ordinal of the scene that it begins in." })
  scene!: number;
}

@ObjectType({ description: "Whether the server's machine can render." })
export class RendererState {
  @Field(() => Boolean, { description: "Whether ffmpeg is there." })
  found!: boolean;

  @Field(() => String, { description: "Which one, or what mends that there is none; for people." })
  said!: string;
}

@ObjectType({ description: "An episode's cut plan and settings, compiled." })
export class RenderPlan {
  @Field(() => ID, { description: "The episode." })
  episodeId!: string;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;

  @Field(() => Boolean, { description: "True when nobody had cut, so that these are highlights." })
  highlights!: boolean;

  @Field(() => Float, { description: "Length of what is rendered, in seconds." })
  durationSeconds!: number;

  @Field(() => [RenderedCut], { description: "What is kept of the clip, in order." })
  cuts!: RenderedCut[];

  @Field(() => String, {
    description: "All of it, as JSON by graph-schema/documents/render-plan.schema.json.",
  })
  timeline!: string;

  @Field(() => [String], {
    description: "What ffmpeg is started with, one by one and without a shell, in the folder of the clip.",
  })
  ffmpegArguments!: readonly string[];

  @Field(() => String, { description: "The subtitles, as WebVTT." })
  subtitles!: string;

  @Field(() => [SubtitleFinding], { description: "What is wrong with them; the first 500." })
  subtitleFindings!: readonly SubtitleFinding[];

  @Field(() => Int, { description: "How much is wrong with them." })
  subtitleFindingCount!: number;

  @Field(() => RendererState, { description: "Whether it could be rendered here; the plan stands either way." })
  ffmpeg!: RendererState;
}

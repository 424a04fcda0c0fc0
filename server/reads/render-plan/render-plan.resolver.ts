import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { normaliseStored } from "../../domains/post-production/normalise.js";
import { mendsTold } from "../../domains/post-production/post-production.resolver.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { compileRender } from "./compile.js";
import { readFinishedEpisode, type FinishedEpisode } from "./render-plan.query.js";
import { PostProductionOf, RenderPlan } from "./render-plan.type.js";

const MOST_FINDINGS = 500;
const AS_OF = { nullable: true, description: "The recorded instant to answer for; now without it." } as const;

async function finished(
  context: Context,
  episodeId: string,
  given: Instant | null | undefined,
): Promise<{ found: FinishedEpisode; asOf: Instant; episodeId: string }> {
  callerOf(context);
  const { label, id } = idArgument("episodeId", episodeId, ["Episode"]);
  const asOf = instantOf(context, given);
  const found = await readFinishedEpisode(readerOf(context), id, asOf);
  if (found === null) throw await absentAt(context, asOf);
  return { found, asOf, episodeId: formatNodeId(label, id) };
}

@Resolver()
export class RenderPlanResolver {
  @Query(() => PostProductionOf, {
    description:
      "How an episode is finished: what is saved, normalised where it isn't valid any more, or the defaults. NOT_FOUND for an episode that isn't there at the instant.",
  })
  async postProduction(
    @Ctx() context: Context,
    @Arg("episodeId", () => ID, { description: "The episode." }) given: string,
    @Arg("asOf", () => DateTime, AS_OF) at?: Instant | null,
  ): Promise<PostProductionOf> {
    const { found, asOf, episodeId } = await finished(context, given, at);
    const { settings, mends } = normaliseStored(found.settings);
    return {
      ...{ episodeId, asOf, postProductionId: found.postProductionId },
      settings: JSON.stringify(settings),
      mends: mendsTold(mends),
      cutPlan: found.cutPlan === null ? null : JSON.stringify(found.cutPlan),
      cutPlanDropped: found.cutPlanDropped,
    };
  }

  @Query(() => RenderPlan, {
    nullable: true,
    description:
      "An episode's cut plan and settings, compiled: timeline, ffmpeg's arguments and subtitles. Null for an episode without scenes. `./throughline export render` writes it as files.",
  })
  async renderPlan(
    @Ctx() context: Context,
    @Arg("episodeId", () => ID, { description: "The episode." }) given: string,
    @Arg("asOf", () => DateTime, AS_OF) at?: Instant | null,
  ): Promise<RenderPlan | null> {
    const { found, asOf, episodeId } = await finished(context, given, at);
    if (found.scenes.length === 0) return null;
    const { settings } = normaliseStored(found.settings);
    const { plan, webvtt, findings } = compileRender({ ...found, episodeId, settings });
    const ffmpeg = await context.services.ffmpeg();
    return {
      ...{ episodeId, asOf, highlights: plan.highlights, durationSeconds: plan.duration_s },
      cuts: plan.cuts.map(({ from_s, to_s, at_s, scene }) => ({ from: from_s, to: to_s, at: at_s, scene })),
      timeline: JSON.stringify(plan),
      ffmpegArguments: plan.arguments,
      subtitles: webvtt,
      subtitleFindings: findings.slice(0, MOST_FINDINGS),
      subtitleFindingCount: findings.length,
      // Where it lies is the machine's business.
      ffmpeg: { found: ffmpeg.found, said: ffmpeg.found ? ffmpeg.said : `ffmpeg isn't there: ${ffmpeg.remedy}` },
    };
  }
}

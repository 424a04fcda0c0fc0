import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { within } from "../../graphql/limits.js";
import { DateTime } from "../../graphql/scalars.js";
import { DOCUMENTS_OF_STAGES } from "../../pipeline/tasks.js";
import { readQaOfRun, readRounds } from "./qa-gate.query.js";
import { QaGate, Rewrites } from "./qa-gate.type.js";
import { rewritesOf, WEEK_MS, type Trend } from "./rewrites.js";

const MOST_TOLD = 500;
const MOST_TRIGGERS = 100;
const WEEKS = { min: 2, max: 52, default: 8 } as const;
const AS_OF = { nullable: true, description: "The recorded instant to answer for; now without it." } as const;
type QaDocument = z.infer<typeof DOCUMENTS_OF_STAGES.qa>;

const trendOf = ({ direction, change, low, high, certain }: Trend) => ({ direction, change, low, high, certain });

@Resolver()
export class QaGateResolver {
  @Query(() => QaGate, {
    nullable: true,
    description:
      "QA's last word on a run: verdict, findings, the checklist of each scene, and the channel's targets. Null before it has said anything. NOT_FOUND for a run that isn't there at the instant.",
  })
  async qaGate(
    @Ctx() context: Context,
    @Arg("runId", () => ID, { description: "The run." }) runId: string,
    @Arg("asOf", () => DateTime, AS_OF) given?: Instant | null,
  ): Promise<QaGate | null> {
    callerOf(context);
    const { label, id } = idArgument("runId", runId, ["PipelineRun"]);
    const asOf = instantOf(context, given);
    const judged = await readQaOfRun(readerOf(context), id, asOf);
    if (judged === undefined) throw await absentAt(context, asOf);
    const parsed = DOCUMENTS_OF_STAGES.qa.safeParse(judged?.document);
    if (judged === null || !parsed.success) return null;
    const { verdict, findings, checklist = [], kpi_targets = [] }: QaDocument = parsed.data;
    return {
      ...{ runId: formatNodeId(label, id), asOf, stageRunId: judged.stageRunId, round: judged.round, verdict },
      findings: findings.slice(0, MOST_TOLD),
      scenes: checklist,
      kpiTargets: kpi_targets,
    };
  }

  @Query(() => Rewrites, {
    description:
      "How often a channel's scenes and scripts were sent back, week by week, what for, and whether that rises; of runs that had ended by the instant. NOT_FOUND for a channel that isn't there at the instant.",
  })
  async rewrites(
    @Ctx() context: Context,
    @Arg("channelId", () => ID, { description: "The channel." }) channelId: string,
    @Arg("weeks", () => Int, {
      defaultValue: WEEKS.default,
      description: `How many weeks back from the instant, ${WEEKS.min} to ${WEEKS.max}.`,
    })
    weeks: number,
    @Arg("asOf", () => DateTime, AS_OF) given?: Instant | null,
  ): Promise<Rewrites> {
    callerOf(context);
    const key = idArgument("channelId", channelId, ["Channel"]);
    within("weeks", weeks, WEEKS);
    const asOf = instantOf(context, given);
    if ((await context.loaders.node.load({ key, asOf })) === null) throw await absentAt(context, asOf);
    const rounds = await readRounds(readerOf(context), key.id, asOf - weeks * WEEK_MS, asOf);
    const { triggers, runs, rewrites, weeks: each, ...trend } = rewritesOf(rounds, asOf, weeks);
    return {
      ...{ channelId: formatNodeId(key.label, key.id), asOf, runs, rewrites, weeks: each },
      trend: trendOf(trend),
      triggers: triggers
        .slice(0, MOST_TRIGGERS)
        .map((one) => ({ code: one.code, count: one.count, weeks: one.weeks, trend: trendOf(one) })),
    };
  }
}

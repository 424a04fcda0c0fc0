import { parseNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import { dayOf } from "../../domains/kpi/kpi-row.js";
import type { Reader } from "../../commands/judge.js";
import { figuresOfChannel } from "./kpi.query.js";
import type { Finding, Qa } from "./stage-documents.js";
import type { EpisodeTemplate } from "./template.js";

/*
 * Whether a channel's episodes did lately what it wants of them. An episode that isn't out has no figures, so its channel's say
 * what can be expected; a target that is missed is told, and holds nothing up.
 */

type Target = NonNullable<Qa["kpi_targets"]>[number];
type Metric = Target["metric"];

/** What is summed up over a channel's episodes. */
export interface Sums {
  readonly episodes: number;
  readonly views: number;
  readonly viewDays: number;
  readonly clicks: number;
  readonly clickImpressions: number;
  readonly watchedSeconds: number;
  readonly watchedViews: number;
  readonly earned: number;
  readonly earnedViews: number;
}

const SAID: Readonly<Record<Metric, string>> = {
  views_per_day: "views of an episode on a day",
  ctr: "clicks for each impression",
  avd_s: "seconds that a view lasts",
  rpm: "revenue for a thousand views",
};

/** Value of each figure, and what it was taken from: days, impressions or views. */
const measured = (sums: Sums): Record<Metric, { value: number; sample: number }> => ({
  views_per_day: { value: sums.views / sums.viewDays, sample: sums.viewDays },
  ctr: { value: sums.clicks / sums.clickImpressions, sample: sums.clickImpressions },
  avd_s: { value: sums.watchedSeconds / sums.watchedViews, sample: sums.watchedViews },
  rpm: { value: (sums.earned / sums.earnedViews) * 1_000, sample: sums.earnedViews },
});

export function judgeTargets({ targets }: EpisodeTemplate["qa"], sums: Sums): Target[] {
  const figures = measured(sums);
  return (Object.keys(SAID) as Metric[]).flatMap((metric): Target[] => {
    const target = targets[metric];
    if (target == null) return [];
    const { value, sample } = figures[metric];
    if (sample === 0) return [{ metric, target, value: null, sample: 0, verdict: "NO_FIGURES" }];
    return [{ metric, target, value, sample, verdict: value >= target ? "MET" : "MISSED" }];
  });
}

export const missedTargets = (targets: readonly Target[], days: number): Finding[] =>
  targets
    .filter(({ verdict }) => verdict === "MISSED")
    .map(({ metric, target, value, sample }) => ({
      code: "KPI_TARGET_MISSED",
      at: "channel",
      message: `The channel's ${SAID[metric]} were ${value!.toPrecision(3)} over the last ${days} days (of ${sample}); its target is ${target}.`,
      remedy:
        metric === "ctr"
          ? "Try other hooks or thumbnails in an experiment."
          : "Look at which episodes did better, and score topics by it.",
    }));

const MOST_EPISODES = 1_000;
const DAY_MS = 86_400_000;

/** The channel's targets beside its figures of the last days; empty where it has no targets. */
export async function readTargets(
  reader: Reader,
  channelId: string,
  qa: EpisodeTemplate["qa"],
  now: number,
): Promise<Target[]> {
  const channel = parseNodeId(channelId);
  if (channel === null || Object.values(qa.targets).every((target) => target == null)) return [];
  const since = dayOf(now - qa.days * DAY_MS);
  const rows = await reader.run(figuresOfChannel, {
    ...{ channelId: channel.id, forever: FOREVER, since, most: MOST_EPISODES },
  });
  const sum = (of: Exclude<keyof Sums, "episodes">) => rows.reduce((total, row) => total + row[of], 0);
  return judgeTargets(qa, {
    episodes: rows.length,
    ...{ views: sum("views"), viewDays: sum("viewDays") },
    ...{ clicks: sum("clicks"), clickImpressions: sum("clickImpressions") },
    ...{ watchedSeconds: sum("watchedSeconds"), watchedViews: sum("watchedViews") },
    ...{ earned: sum("earned"), earnedViews: sum("earnedViews") },
  });
}

import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { EXPERIMENT_KINDS } from "../../../graph-schema/nodes/experiment.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import type { Reader } from "../../commands/judge.js";
import { openEdge } from "../../graph/edge.js";
import { createNode, presentNode, reviseNode } from "../../graph/life.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { episodeOf, runningExperiment, variantsOf } from "./experiment.repository.js";
import { corrected, sampleSize } from "./statistics.js";
import { judgeExperiment, type Arm } from "./verdict.js";

export const MOST_VARIANTS = 6;
/** Smaller differences ask for samples that no studio has. */
const LEAST_EFFECT = 0.0005;
const MOST = 1e12;

const share = (low: number, high: number) => {
  const bound = `must be a ratio from ${low} to ${high}`;
  return z.number(bound).min(low, bound).max(high, bound);
};

/** Sets up variants of an episode's hook or thumbnail, with the sample that each must have before anything is said. */
export const createExperiment = defineCommand({
  name: "createExperiment",
  capability: "episode.write",
  input: z
    .object({
      episodeId: nodeId("Episode"),
      kind: z.enum(EXPERIMENT_KINDS),
      title: text(300),
      variants: z
        .array(z.object({ title: text(100), content: text(2_000) }))
        .min(2, "must be at least two: one is no comparison")
        .max(MOST_VARIANTS, `must be at most ${MOST_VARIANTS}`)
        .refine(
          (given) => new Set(given.map(({ title }) => title.toLowerCase())).size === given.length,
          "must have a title of its own each",
        ),
      baseCtr: share(0.0001, 0.9999),
      effect: share(LEAST_EFFECT, 0.9999),
      alpha: share(0.0001, 0.2).nullish(),
      power: share(0.5, 0.999).nullish(),
    })
    // What is out of its own bounds is told once, there.
    .refine(({ baseCtr, effect }) => baseCtr >= 1 || effect >= 1 || baseCtr + effect < 1, {
      path: ["effect"],
      message: "must leave the sum with `baseCtr` below 1",
    }),
  channels: (tx, { episodeId }) => channelsOf(tx, episodeId),
  async run({ tx, operationId, newId }, { episodeId, kind, title, variants, baseCtr, effect, alpha, power }) {
    const { at } = await lockAll(tx, [episodeId], ["episodeId"]);
    const running = await runningExperiment(tx, episodeId.id, kind);
    if (running !== undefined)
      throw refuse(
        "CONFLICT",
        "kind",
        `Experiment:${running} runs on this episode: two at once would tell nothing of either.`,
      );
    const design = { baseCtr, effect, alpha: alpha ?? 0.05, power: power ?? 0.8 };
    const planned = sampleSize({
      ...{ base: baseCtr, effect, power: design.power },
      alpha: corrected(design.alpha, variants.length),
    });
    const stamp = { at, operationId };
    const experiment = { label: "Experiment", id: newId() } as const;
    await createNode(
      tx,
      experiment,
      { title, kind, status: "RUNNING", ...design, planned, endedAt: null, winnerId: null },
      stamp,
    );
    await openEdge(tx, { type: "TESTED_ON", from: experiment, to: episodeId }, stamp);
    for (const [i, { title: name, content }] of variants.entries()) {
      const variant = { label: "Variant", id: newId() } as const;
      await createNode(tx, variant, { title: name, ordinal: i + 1, content, impressions: 0, clicks: 0 }, stamp);
      await openEdge(tx, { type: "VARIES", from: variant, to: episodeId }, stamp);
      await openEdge(tx, { type: "ARM_OF", from: variant, to: experiment }, stamp);
    }
    const id = formatNodeId("Experiment", experiment.id);
    return {
      result: { experimentId: id },
      at,
      events: [{ type: "experiment.started", subject: id, data: { kind, variants: variants.length, planned } }],
    };
  },
});

/** The channels of the episode that an experiment is about. */
async function channelsOfExperiment(reader: Reader, id: string): Promise<readonly string[]> {
  const episode = await episodeOf(reader, id);
  return episode === undefined ? [] : channelsOf(reader, { label: "Episode", id: episode });
}

const count = z.int("must be a whole number").min(0, "must not be negative").max(MOST, `must be at most ${MOST}`);

/**
 * Records how often variants were shown and taken since the experiment began: totals, so that the same ones again change nothing.
 * The experiment ends with the figures that fill its sample, and is asked once, then.
 */
export const recordVariantFigures = defineCommand({
  name: "recordVariantFigures",
  capability: "import",
  input: z.object({
    experimentId: nodeId("Experiment"),
    figures: z
      .array(
        z
          .object({ variantId: nodeId("Variant"), impressions: count, clicks: count })
          .refine(({ impressions, clicks }) => clicks <= impressions, {
            path: ["clicks"],
            message: "must be at most `impressions`",
          }),
      )
      .min(1)
      .max(MOST_VARIANTS)
      .refine(
        (given) => new Set(given.map(({ variantId }) => variantId.id)).size === given.length,
        "must name each variant once",
      ),
  }),
  channels: (tx, { experimentId }) => channelsOfExperiment(tx, experimentId.id),
  async run({ tx, operationId, newId }, { experimentId, figures }) {
    const named = figures.map(({ variantId }) => variantId);
    const { at } = await lockAll(
      tx,
      [experimentId, ...named],
      ["experimentId", ...named.map((_, i) => `figures.${i}.variantId`)],
    );
    const experiment = (await presentNode(tx, "Experiment", experimentId.id))!;
    const variants = await variantsOf(tx, experimentId.id);
    const stamp = { at, operationId };
    const given = new Map(figures.map((one, i) => [one.variantId.id, { ...one, i }]));
    const arms: Arm[] = variants.map(({ ulid, id, impressions, clicks }) => {
      const told = given.get(ulid);
      return { id, shown: told?.impressions ?? impressions, taken: told?.clicks ?? clicks };
    });
    const changed = variants.filter(({ ulid, impressions, clicks }) => {
      const told = given.get(ulid);
      return told !== undefined && (told.impressions !== impressions || told.clicks !== clicks);
    });
    for (const { i, variantId } of given.values())
      if (!variants.some(({ ulid }) => ulid === variantId.id))
        throw refuse("BAD_INPUT", `figures.${i}.variantId`, "The experiment has no such variant.");
    if (changed.length > 0 && experiment.status !== "RUNNING")
      throw refuse("CONFLICT", "experimentId", "The experiment has ended: later figures would be a second look at it.");
    for (const variant of changed) {
      const { i, impressions, clicks } = given.get(variant.ulid)!;
      const falls = impressions < variant.impressions ? "impressions" : clicks < variant.clicks ? "clicks" : null;
      if (falls !== null)
        throw refuse(
          "BAD_INPUT",
          `figures.${i}.${falls}`,
          `Totals since the experiment began don't fall: ${variant[falls]} were recorded.`,
        );
      await reviseNode(tx, variant, { impressions, clicks }, newId(), stamp);
    }
    const judged = judgeExperiment(arms, { alpha: experiment.alpha, planned: experiment.planned, stopped: false });
    const { verdict, winner } = judged;
    const ends = changed.length > 0 && verdict !== "TOO_EARLY";
    if (ends) await reviseNode(tx, experiment, { status: "CONCLUDED", endedAt: at, winnerId: winner }, newId(), stamp);
    const { id } = experiment;
    return {
      result: { experimentId: id },
      at,
      events: [
        ...(changed.length > 0
          ? [{ type: "experiment.measured", subject: id, data: { variants: changed.length } }]
          : []),
        ...(ends ? [{ type: "experiment.ended", subject: id, data: { verdict, winnerId: winner } }] : []),
      ],
    };
  },
});

/** Ends an experiment before its sample is whole; nobody has won it then. */
export const stopExperiment = defineCommand({
  name: "stopExperiment",
  capability: "episode.write",
  input: z.object({ experimentId: nodeId("Experiment") }),
  channels: (tx, { experimentId }) => channelsOfExperiment(tx, experimentId.id),
  async run({ tx, operationId, newId }, { experimentId }) {
    const { at } = await lockAll(tx, [experimentId], ["experimentId"]);
    const experiment = (await presentNode(tx, "Experiment", experimentId.id))!;
    if (experiment.status !== "RUNNING")
      throw refuse("CONFLICT", "experimentId", `The experiment has ended already (${experiment.status}).`);
    await reviseNode(tx, experiment, { status: "STOPPED", endedAt: at }, newId(), { at, operationId });
    const { id } = experiment;
    const data = { verdict: "STOPPED", winnerId: null };
    return { result: { experimentId: id }, at, events: [{ type: "experiment.ended", subject: id, data }] };
  },
});

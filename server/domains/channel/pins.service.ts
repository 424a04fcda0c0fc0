import type { Reader } from "../../commands/judge.js";
import { refuse, Refusal } from "../../commands/problem.js";
import { toProblems } from "../../commands/input.js";
import { episodeTemplate, type EpisodeTemplate } from "../spec/episode-template.js";
import { NO_RULES, type QaRules } from "../spec/qa-rules.js";
import { resolveSpec, type ResolvedSpec } from "../spec/resolve.service.js";
import { specReference, type Prompt } from "../spec/spec.js";
import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import { presentNode } from "../../graph/life.js";
import type { WriteTx } from "../../graph/graph.js";
import { configFrom, type ConfigValues, type ChannelConfigState } from "./channel-config.js";
import type { House, RunPins } from "./pins.js";

const refOf = ({ node }: ResolvedSpec): string => `${node.name}@${node.semver}`;

/** What a run of the channel that begins now goes by. */
export async function pinsOfChannel(tx: WriteTx, id: string, house: House | null): Promise<RunPins> {
  const channel = (await presentNode(tx, "Channel", id))!;
  try {
    return await pinsOf(tx, channel.id, configFrom(channel.config), house);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // A name may mean another version since the config was set: whoever starts a run named the channel, and not this.
    throw new Refusal(
      error.problems.map(({ path, message }) => ({
        code: "CONFLICT",
        path: "channelId",
        message: `The channel's config can't be gone by: ${path}: ${message} Mend it with setChannelConfig.`,
      })),
    );
  }
}

/** Everything that a config means just now. Refuses what isn't there, and what doesn't go together, by its field. */
export async function pinsOf(
  reader: Reader,
  channelId: string,
  config: ChannelConfigState,
  house: House | null,
): Promise<RunPins> {
  const resolve = (kind: SpecKind, text: string, path: string) =>
    resolveSpec(reader, kind, specReference.parse(text), path);
  const template = config.template === null ? null : await resolve("TEMPLATE", config.template, "template");
  const qa = config.qaSpec === null ? null : await resolve("QA", config.qaSpec, "qaSpec");
  const prompts: RunPins["prompts"] = [];
  for (const [i, text] of config.prompts.entries()) {
    const found = await resolve("PROMPT", text, `prompts.${i}`);
    const { stage, text: asked } = found.content as Prompt;
    if (prompts.some((one) => one.stage === stage))
      throw refuse("BAD_INPUT", `prompts.${i}`, `A second prompt for the stage ${stage}: name one.`);
    prompts.push({ ref: refOf(found), spec_id: found.node.id, stage, text: asked });
  }
  for (const { stage, version, text } of house?.prompts ?? [])
    if (!prompts.some((one) => one.stage === stage))
      prompts.push({ ref: `built-in@${version}`, spec_id: null, stage, text });
  const base = template === null ? (house?.template ?? null) : (template.content as EpisodeTemplate);
  return {
    channel_id: channelId,
    config_version: config.version,
    template:
      base === null
        ? null
        : {
            ref: template === null ? `${base.template}@${base.version}` : refOf(template),
            spec_id: template?.node.id ?? null,
            content: templateWith(base, config),
          },
    qa: {
      ref: qa === null ? null : refOf(qa),
      spec_id: qa?.node.id ?? null,
      rules: rulesWith((qa?.content as QaRules | undefined) ?? NO_RULES, config.qa),
    },
    prompts,
    kpi_targets: config.kpiTargets,
    budgets: config.budgets,
  };
}

/** The template with what the channel says in its place. */
function templateWith(base: EpisodeTemplate, { planner, metadata, kpiTargets }: ConfigValues): EpisodeTemplate {
  const parsed = episodeTemplate.safeParse({
    ...base,
    planner: {
      duration_s: planner.durationS ?? base.planner.duration_s,
      questions: planner.questions ?? base.planner.questions,
    },
    qa: {
      ...base.qa,
      targets: {
        views_per_day: kpiTargets.viewsPerDay ?? base.qa.targets.views_per_day,
        ctr: kpiTargets.ctr ?? base.qa.targets.ctr,
        avd_s: kpiTargets.avdSeconds ?? base.qa.targets.avd_s,
        rpm: kpiTargets.rpm ?? base.qa.targets.rpm,
      },
    },
    metadata: {
      title: metadata.title ?? base.metadata.title,
      description: metadata.description ?? base.metadata.description,
      chapter: metadata.chapter ?? base.metadata.chapter,
      source: metadata.source ?? base.metadata.source,
      most_tags: metadata.mostTags ?? base.metadata.most_tags,
    },
  });
  if (parsed.success) return parsed.data;
  // Only what both say together can be wrong: each was judged by itself.
  throw new Refusal(
    toProblems(parsed.error).map(({ path, message }) => ({
      code: "BAD_INPUT",
      path: path === "planner.duration_s" ? "planner.durationS" : path,
      message: `with the template ${base.template}: ${message}`,
    })),
  );
}

const rulesWith = (spec: QaRules, own: ConfigValues["qa"]): QaRules => ({
  banned: own.banned ?? spec.banned,
  mostSceneSeconds: own.mostSceneSeconds ?? spec.mostSceneSeconds,
  leastScenes: own.leastScenes ?? spec.leastScenes,
  leastSources: own.leastSources ?? spec.leastSources,
  mostWords: own.mostWords ?? spec.mostWords,
});

import { createHash } from "node:crypto";
import { z } from "zod";
import { episode as episodeDocument, type EpisodeDocument } from "../../../../graph-schema/documents/episode.js";
import { PACINGS } from "../../../../graph-schema/documents/scene.js";
import { CLAIM_KINDS } from "../../../../graph-schema/nodes/claim.js";
import { toProblems } from "../../../commands/input.js";
import type { Executor, StageContext } from "../../executor.js";
import { checkEpisode, factsOf } from "../check-episode.js";
import { checkScript } from "../check-script.js";
import { metadataOf } from "../metadata.js";
import { kindOf } from "../figures.js";
import { mendScenes, secondsOf, type ScenesInput } from "../scenes.js";
import { refuseScenes, scriptOf, type ScriptInput } from "../script.js";
import type { Finding, Plan } from "../stage-documents.js";
import type { TemplateOf } from "../by-channel.js";
import { templateText, type EpisodeTemplate } from "../template.js";
import type { Models } from "./checked-answer.js";
import { modelResearch } from "./model-research.js";
import { promptOf, PROMPTS_VERSION } from "./prompts.js";
import type { ModelStage } from "./settings.js";

/*
 * Stages that a model does. It is asked for as little as possible: names of nodes, sources of claims, lengths and counts are put
 * in here, and what it says passes the checks that the embedded stage's output passes.
 */

/** The executors of these stages, each in place of its embedded one. */
export function modelExecutors(
  stages: readonly ModelStage[],
  embedded: readonly Executor[],
  models: Models,
  templateOf: TemplateOf,
): Executor[] {
  const run = {
    planner: (context: StageContext, input: unknown) =>
      planner(models, context, () => embedded.find(({ name }) => name === "planner")!.run(context, input)),
    research: (context: StageContext, input: unknown) => modelResearch(models, context, input as never, templateOf),
    scenes: (context: StageContext, input: unknown) => {
      // What was found wrong is mended by rule, whoever said it; a model is asked again only where that leaves too little.
      const given = input as ScenesInput;
      const mended = mendScenes(given, templateOf(given.plan.channel_id), context.round);
      return mended === null
        ? scenes(models, context, given, templateOf)
        : Promise.resolve({ output: mended, provider: "embedded" });
    },
    script: (context: StageContext, input: unknown) => script(models, context, input as ScriptInput, templateOf),
  } satisfies Record<ModelStage, Executor["run"]>;
  const version = createHash("sha256").update(`${PROMPTS_VERSION} ${models.chain.id}`).digest("hex").slice(0, 12);
  return embedded.map((one) => {
    const stage = stages.find((name) => name === one.name);
    return stage === undefined ? one : { ...one, version: `${one.version}+${version}`, run: run[stage] };
  });
}

const problemsOf = (findings: readonly Finding[]): string[] =>
  findings.map(({ at, message, remedy }) => `${at}: ${message} ${remedy}`);

async function planner(models: Models, context: StageContext, byTemplate: () => ReturnType<Executor["run"]>) {
  const plan = (await byTemplate()).output as Plan;
  const { value, ...told } = await models.ask(context, {
    name: "questions",
    schema: z.strictObject({ questions: z.array(z.string().min(5).max(300)).min(1).max(12) }),
    system: promptOf(context, "planner"),
    user: JSON.stringify({ topic: plan.title, for_example: plan.questions }),
    check: ({ questions }) => ({ value: questions }),
  });
  return { output: { ...plan, questions: value }, ...told };
}

/** How the channel wants it told. */
const manner = ({ tone, format, cta }: EpisodeTemplate) => ({
  ...(tone === "" ? {} : { tone }),
  ...(format === "LONG" ? {} : { format }),
  ...(cta === "" ? {} : { last_words: cta }),
});

const told = z.strictObject({
  title: z.string().min(1).max(500),
  scenes: z
    .array(
      z.strictObject({
        title: z.string().min(1).max(500),
        narration: z.string().min(1).max(20_000),
        pacing: z.enum(PACINGS),
        claims: z
          .array(
            z.strictObject({
              text: z.string().min(1).max(2_000),
              kind: z.enum(CLAIM_KINDS),
              evidence: z.array(z.string().max(40)).min(1).max(20),
            }),
          )
          .max(50),
      }),
    )
    .min(1)
    .max(100),
});

async function scenes(
  models: Models,
  context: StageContext,
  { plan, research, repair }: ScenesInput,
  templateOf: TemplateOf,
) {
  const template = templateOf(plan.channel_id);
  const facts = factsOf(research);
  const { value, ...cost } = await models.ask(context, {
    name: "scenes",
    schema: told,
    system: promptOf(context, "scenes"),
    user: JSON.stringify({
      topic: plan.title,
      seconds: plan.duration_s,
      ...manner(template),
      most_scenes: template.scenes.most,
      words_per_minute: template.scenes.words_per_minute,
      facts: [...facts.values()].map(({ ref, statement, quote }) => ({ ref, statement, quote: quote.exact })),
      findings: (repair?.findings ?? []).map(({ at, message, remedy }) => ({ at, message, remedy })),
    }),
    check(answer): { value: EpisodeDocument } | { problems: string[] } {
      const made = {
        title: answer.title,
        channel_id: plan.channel_id,
        topic_id: plan.topic_id,
        scenes: answer.scenes.map((scene, i) => ({
          ordinal: i + 1,
          ...scene,
          duration_s: secondsOf(scene.narration, scene.pacing, template),
          claims: scene.claims.map((claim) => {
            const refs = [...new Set(claim.evidence.flatMap((ref) => facts.get(ref)?.source_ref ?? []))];
            // How long a claim keeps isn't the model's to say.
            return { ...claim, kind: kindOf(claim.text), source_refs: refs, evidence_sources: refs };
          }),
        })),
      };
      const unknown = answer.scenes.flatMap(({ claims }, i) =>
        claims.flatMap(({ evidence }) =>
          evidence
            .filter((ref) => !facts.has(ref))
            .map((ref) => `scene ${i + 1}: there is no fact ${ref.slice(0, 40)}`),
        ),
      );
      if (unknown.length > 0) return { problems: unknown };
      const parsed = episodeDocument.safeParse(made);
      if (!parsed.success)
        return { problems: toProblems(parsed.error).map(({ path, message }) => `${path}: ${message}`) };
      const findings = checkEpisode(parsed.data, research);
      return findings.length > 0 ? { problems: problemsOf(findings) } : { value: parsed.data };
    },
  });
  return { output: value, ...cost };
}

async function script(
  models: Models,
  context: StageContext,
  { episode, research }: ScriptInput,
  templateOf: TemplateOf,
) {
  refuseScenes(episode, research);
  const template = templateOf(episode.channel_id);
  const facts = factsOf(research);
  const { value, ...cost } = await models.ask(context, {
    name: "script",
    schema: z.strictObject({
      title: z.string().min(1).max(500),
      parts: z
        .array(z.strictObject({ scene: z.int().min(1), text: z.string().min(1).max(20_000) }))
        .min(1)
        .max(500),
    }),
    system: promptOf(context, "script"),
    user: JSON.stringify({
      title: episode.title,
      ...manner(template),
      scenes: episode.scenes.map(({ ordinal, title, narration, pacing, duration_s, claims }) => ({
        ...{ scene: ordinal, title, narration, pacing, seconds: duration_s },
        claims: claims.map(({ text, evidence }) => ({
          text,
          quotes: evidence.map((ref) => facts.get(ref)?.quote.exact),
        })),
      })),
    }),
    check({ title, parts }) {
      const written = scriptOf(title, parts, metadataOf(episode, research, template));
      const findings = checkScript(written, episode, research, templateText(template));
      return findings.length > 0 ? { problems: problemsOf(findings) } : { value: written };
    },
  });
  return { output: value, ...cost };
}

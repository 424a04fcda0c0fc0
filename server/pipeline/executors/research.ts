import type { z } from "zod";
import type { RunPins } from "../../domains/channel/pins.js";
import { research as researchDocument } from "../../../graph-schema/documents/research.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { defineExecutor, StageFailure, type Executor, type StageContext } from "../executor.js";
import { TASKS } from "../tasks.js";
import { chooseStatements, type Chosen } from "./choose-facts.js";
import { runSubjects } from "./evidence.query.js";
import { writeResearch, type Quoted } from "./research-document.js";
import { findSources, readSources, searchWords, type LeftOut, type ReadSource, type SourcesRead } from "./sources.js";
import type { Plan, Scoring } from "./stage-documents.js";
import { stemsOf } from "./statements.js";
import { listed, type EpisodeTemplate } from "./template.js";

/*
 * Reads the studio's sources on a topic and takes facts out of them, each with its quote. What it answers with is put together
 * here from the graph, whoever chose the sentences.
 */

export interface ResearchInput {
  readonly plan: Plan;
  readonly scoring: Scoring;
  readonly sources: readonly string[] | null;
  readonly left_out: readonly { readonly what: string; readonly message: string }[] | null;
}

/** Facts beyond what the scenes need, so that a repair finds others. */
const SPARE = 1.5;

export const embeddedResearch = (templateOf: (channelId: string) => EpisodeTemplate): Executor =>
  defineExecutor({
    name: "research",
    version: "1.0.0",
    input: TASKS["research"]!.input as z.ZodType<ResearchInput>,
    output: researchDocument,
    cachedBy: researchDependsOn,
    async run(context: StageContext, input: ResearchInput) {
      const read = await gather(context, input, templateOf(input.plan.channel_id));
      const chosen = choose(read, input, templateOf(input.plan.channel_id));
      return { provider: "embedded", ...(await writeResearch(context, input, read, chosen.map(asQuoted))) };
    },
  }) as Executor;

const asQuoted = ({ source, statement: { start, text } }: Chosen): Quoted => ({
  source,
  start,
  exact: text,
  statement: text,
});

/** The sources that may be used. Refuses when there are none, and says why of each. */
export async function gather(
  { reader }: Pick<StageContext, "reader">,
  { plan, scoring, sources, left_out }: ResearchInput,
  template: EpisodeTemplate,
): Promise<SourcesRead> {
  const among = scoring.candidates.find(({ topic_id }) => topic_id === plan.topic_id);
  if (scoring.topic_id !== plan.topic_id || among === undefined)
    throw new StageFailure(
      "NO_SCORING_CONTEXT",
      `The scoring is of ${scoring.topic_id}${among === undefined ? " and doesn't rank the selected topic" : ""}, the plan of ${plan.topic_id}: score the selected topic among its candidates first.`,
    );
  const words = searchWords(await wordsOf(reader, plan));
  if (words.length === 0)
    throw new StageFailure(
      "NO_WORDS",
      `The topic “${plan.title}” has no words to look for: give it a title that names something.`,
    );
  const ids = sources ?? (await findSources(reader, words));
  const refused: LeftOut[] = (left_out ?? []).map((one) => ({ ...one, code: "PAGE_REFUSED" }));
  const read = await readSources(reader, ids, template.language);
  const leftOut = [...refused, ...read.leftOut];
  if (read.sources.length > 0) return { sources: read.sources, leftOut };
  const none =
    leftOut.length === 0
      ? sources === null
        ? `No source that the studio holds speaks of “${plan.title}”: import pages on it, or name the run's sources.`
        : "The run names no source: there was no page to read."
      : `None of the ${leftOut.length} pages can be used. ${leftOut
          .slice(0, 8)
          .map(({ what, message }) => `${what}: ${message}`)
          .join(" ")}`;
  throw new StageFailure(leftOut.length === 0 ? "NO_SOURCES" : "NO_USABLE_SOURCE", none);
}

async function wordsOf(reader: StageContext["reader"], plan: Plan): Promise<string> {
  const [topicId, channelId] = [parseNodeId(plan.topic_id)!.id, parseNodeId(plan.channel_id)!.id];
  const [subject] = await reader.run(runSubjects, { topicId, channelId });
  return `${subject?.topic ?? plan.title} ${subject?.description ?? ""}`;
}

/** How many facts a research looks for. */
/** What of a channel's config decides which facts are read; how they are told is nothing to a research. */
export const researchDependsOn = ({ template, prompts }: RunPins): unknown => ({
  language: template?.content.language ?? null,
  facts: template === null ? null : factsWanted(template.content),
  least: template?.content.scenes.least_claims ?? null,
  asked: prompts.filter(({ stage }) => stage === "research").map(({ text }) => text),
});

export const factsWanted = ({ scenes }: EpisodeTemplate): number =>
  Math.min(200, Math.ceil(SPARE * (scenes.most * scenes.claims_each + 2)));

function choose({ sources, leftOut }: SourcesRead, { plan }: ResearchInput, template: EpisodeTemplate): Chosen[] {
  const stems = stemsOf(plan.title);
  const titles = new Map(sources.map(({ id, title }) => [id, stemsOf(title)]));
  const chosen = chooseStatements(sources, stems, titles, factsWanted(template));
  const least = template.scenes.least_claims;
  if (chosen.length < least) throw tooLittle(chosen.length, least, leftOut);
  return [...chosen, ...twinsOf(chosen, sources)];
}

export const tooLittle = (found: number, least: number, leftOut: readonly LeftOut[]): StageFailure =>
  new StageFailure(
    "TOO_LITTLE_EVIDENCE",
    `The sources have ${found} ${found === 1 ? "sentence" : "sentences"} that can be quoted; an episode needs ${least}. Import more pages on the topic.${
      leftOut.length === 0
        ? ""
        : ` Left out: ${listed(
            leftOut.map(({ what, code }) => `${what} (${code})`),
            8,
          )}.`
    }`,
  );

/** The same sentence in other sources: what corroborates it, where they are independent. */
function twinsOf(chosen: readonly Chosen[], sources: readonly ReadSource[]): Chosen[] {
  return chosen.flatMap(({ source, statement, score }) =>
    sources.flatMap((other) => {
      if (other.id === source.id) return [];
      const twin = other.statements.find(({ same }) => same === statement.same);
      return twin === undefined ? [] : [{ source: other, statement: twin, score }];
    }),
  );
}

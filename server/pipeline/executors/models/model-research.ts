import { z } from "zod";
import { sameness } from "../../../trace/sameness.js";
import type { StageContext } from "../../executor.js";
import { mismatch } from "../check-episode.js";
import { chooseStatements } from "../choose-facts.js";
import { writeResearch, type Quoted } from "../research-document.js";
import { factsWanted, gather, tooLittle, type ResearchInput } from "../research.js";
import type { ReadSource } from "../sources.js";
import { stemsOf } from "../statements.js";
import { promptOf } from "./prompts.js";
import type { Models } from "./checked-answer.js";
import type { TemplateOf } from "../by-channel.js";

/** Passages of the sources that a model is shown: as many as it may choose, times this. */
const SHOWN = 3;
/** Characters before and after a passage that it is shown with. */
const AROUND = 200;

const answer = z.strictObject({
  facts: z
    .array(
      z.strictObject({
        source: z.string().max(40),
        quote: z.string().min(25).max(400),
        statement: z.string().min(10).max(500),
      }),
    )
    .min(1)
    .max(200),
});

/** A model chooses the sentences. Each must stand in the snapshot letter for letter, and its statement say no more than it does. */
export async function modelResearch(
  models: Models,
  context: StageContext,
  input: ResearchInput,
  templateOf: TemplateOf,
) {
  const template = templateOf(input.plan.channel_id);
  const read = await gather(context, input, template);
  const most = factsWanted(template);
  const titles = new Map(read.sources.map(({ id, title }) => [id, stemsOf(title)]));
  const shown = chooseStatements(read.sources, stemsOf(input.plan.title), titles, most * SHOWN);
  const least = template.scenes.least_claims;
  if (shown.length < least) throw tooLittle(shown.length, least, read.leftOut);
  const sources = new Map(read.sources.map((source, i) => [`s${i + 1}`, source]));
  const passages = (source: ReadSource) =>
    shown
      .filter((one) => one.source.id === source.id)
      .sort((a, b) => a.statement.start - b.statement.start)
      .map(({ statement: { start, text } }) =>
        source.text.slice(Math.max(0, start - AROUND), start + text.length + AROUND),
      );
  const { value, ...cost } = await models.ask(context, {
    name: "facts",
    schema: answer,
    system: promptOf(context, "research"),
    user: JSON.stringify({
      topic: input.plan.title,
      questions: input.plan.questions,
      facts_at_least: least,
      facts_at_most: most,
      sources: [...sources].map(([ref, source]) => ({ ref, title: source.title, passages: passages(source) })),
    }),
    check({ facts }) {
      const problems: string[] = [];
      const quoted = new Map<string, Quoted>();
      facts.forEach(({ source: ref, quote, statement }, i) => {
        const source = sources.get(ref);
        const start = source?.text.indexOf(quote) ?? -1;
        const wrong = source === undefined ? `there is no source ${ref}` : wrongIn(source, quote, start, statement);
        if (wrong !== null) problems.push(`facts.${i}: ${wrong}`);
        else quoted.set(`${ref} ${start}`, { source: source!, start, exact: quote, statement });
      });
      if (quoted.size < least) problems.push(`facts: at least ${least} are needed, ${quoted.size} can be taken`);
      return problems.length > 0 ? { problems } : { value: [...quoted.values()].slice(0, most) };
    },
  });
  return { ...(await writeResearch(context, input, read, value)), ...cost };
}

function wrongIn(source: ReadSource, quote: string, start: number, statement: string): string | null {
  if (quote.trim() !== quote || quote.includes("\n")) return "a quote is one line without space around it";
  if (start === -1) return "its quote doesn't stand in the source's text letter for letter";
  if (sameness(statement) === "") return "its statement has no words";
  const cited = { quote: { prefix: "", exact: quote, suffix: "" }, source_ref: "s" };
  const reasons = mismatch(statement, cited, { sources: [{ ref: "s", title: source.title }] });
  return reasons.length === 0 ? null : `its statement says what the quote doesn't (${reasons.join(", ")})`;
}

import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import { sentencesOf } from "../../domains/fact/facts-of-text.js";
import { tokensOf } from "../../trace/words.js";
import { factsOf, isSaid, mismatch } from "./check-episode.js";
import { publisherOf, wordsIn } from "./scenes.js";
import type { Finding, Script } from "./stage-documents.js";
import { stemsOf } from "./statements.js";

/*
 * Whether a script says what its scenes say, and nothing more: each part is a scene, each claim is said, and whatever else is
 * said has no number, date or name that the scene's quotes, its sources' titles or the template don't have.
 */

export function checkScript(
  script: Script,
  episode: EpisodeDocument,
  research: Research,
  /** What the channel's template says: its words are nobody's claim. */
  template = "",
): Finding[] {
  const wrong = script.parts.findIndex(({ scene }, i) => scene !== i + 1);
  if (wrong !== -1 || script.parts.length !== episode.scenes.length)
    return [
      {
        code: "SCENES_DIFFER",
        at: "script",
        message: `The script has parts for the scenes ${script.parts
          .map(({ scene }) => scene)
          .join(", ")
          .slice(0, 500)}; the episode has ${episode.scenes.length}.`,
        remedy: "Write one part for each scene, in their order.",
      },
    ];
  const facts = factsOf(research);
  const around = [
    research.topic.title,
    template,
    ...research.sources.flatMap((source) => [source.title, publisherOf(source)]),
  ];
  const findings = episode.scenes.flatMap((scene, i) => {
    const { text } = script.parts[i]!;
    const unsaid = scene.claims.flatMap((claim, n) =>
      isSaid(text, claim.text)
        ? []
        : [
            {
              code: "CLAIM_NOT_SAID",
              at: `scene ${scene.ordinal}, claim ${n + 1}: ${claim.evidence.join(" ")}`.slice(0, 200),
              message: `The script doesn't say “${claim.text.slice(0, 200)}”.`,
              remedy: "Say the claim word for word as a sentence of its own, or take it out of the scene.",
            },
          ],
    );
    const quotes = scene.claims.flatMap(({ evidence }) => evidence.flatMap((ref) => facts.get(ref) ?? []));
    const known = new Known([...around, ...quotes.map(({ quote }) => quote.exact)].join("\n"));
    // What is left of the part when the claims are taken out of it.
    const rest = scene.claims.reduce((left, claim) => left.replaceAll(claim.text, "\n"), text);
    const untraced = [...sentencesOf(rest)].flatMap(({ text: sentence }) => {
      const details = known.missing(sentence);
      if (details.length === 0 || quotes.some((fact) => mismatch(sentence, fact, research).length === 0)) return [];
      return [
        {
          code: "SENTENCE_UNTRACED",
          at: `scene ${scene.ordinal}`,
          message: `“${sentence.slice(0, 200)}” says ${details.slice(0, 5).join(", ")}, which no quote of the scene has.`,
          remedy: "State it as a claim with its evidence, or leave it out.",
        },
      ];
    });
    return [...unsaid, ...untraced];
  });
  const words = script.parts.reduce((sum, { text }) => sum + wordsIn(text), 0);
  if (words !== script.words)
    findings.push({
      code: "WORDS_MISCOUNTED",
      at: "script",
      message: `It says ${script.words} words and has ${words}.`,
      remedy: "Count the words of the parts.",
    });
  return findings;
}

/** What a text names: its numbers, and the stems of its words. */
class Known {
  readonly #stems: ReadonlySet<string>;
  readonly #numbers: ReadonlySet<string>;

  constructor(text: string) {
    this.#stems = stemsOf(text);
    this.#numbers = new Set(numbersIn(text).map(bare));
  }

  /** Numbers and names of a sentence that the text doesn't have. */
  missing(sentence: string): string[] {
    const names = tokensOf(sentence).filter(
      ({ kind, name, stem }) => kind === "word" && name && !this.#stems.has(stem),
    );
    const numbers = numbersIn(sentence).filter((number) => !this.#numbers.has(bare(number)));
    return [...numbers, ...names.map(({ text }) => text)];
  }
}

const numbersIn = (text: string): string[] => text.match(/\d+(?:[.,]\d+)*/g) ?? [];
/** Without the commas that part thousands. */
const bare = (number: string): string => number.replace(/,(?=\d{3})/g, "");

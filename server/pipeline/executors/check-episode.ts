import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import type { SceneDocument } from "../../../graph-schema/documents/scene.js";
import { mismatchOf } from "../../reads/governance/mismatch.js";
import type { Reason } from "../../trace/claim-check.js";
import type { Finding } from "./stage-documents.js";

/*
 * Whether scenes say what their evidence says. Asked of every episode, whoever wrote it: a template, a model, or somebody
 * outside. It finds fault and never finds that a claim is supported; that somebody else decides.
 */

export type ResearchFact = Research["key_facts"][number];
type Claim = SceneDocument["claims"][number];

/** Key facts and data points by name, in the document's order. */
export const factsOf = ({ key_facts, data_points }: Research): ReadonlyMap<string, ResearchFact> =>
  new Map([...data_points, ...key_facts].map((fact) => [fact.ref, fact]));

/** Findings as one text, for a refusal. */
export const tell = (findings: readonly Finding[], most = 10): string =>
  findings
    .slice(0, most)
    .map(({ code, at, message }) => `${at}: ${message} (${code})`)
    .join(" ") + (findings.length > most ? ` And ${findings.length - most} more.` : "");

export function checkEpisode(episode: EpisodeDocument, research: Research): Finding[] {
  const facts = factsOf(research);
  const findings = episode.scenes.flatMap((scene) =>
    scene.claims.flatMap((claim, i) => checkStated(scene, claim, i + 1, facts, research)),
  );
  if (episode.topic_id !== research.topic.id)
    findings.unshift({
      code: "TOPIC_DIFFERS",
      at: "episode",
      message: `The episode is about ${episode.topic_id}, the research about ${research.topic.id}.`,
      remedy: "Make the scenes of a research on the selected topic.",
    });
  if (episode.scenes.every(({ claims }) => claims.length === 0))
    findings.unshift({
      code: "NOTHING_CLAIMED",
      at: "episode",
      message: "No scene states a claim.",
      remedy: "State at least one, on a fact of the research.",
    });
  return findings;
}

function checkStated(
  scene: SceneDocument,
  claim: Claim,
  number: number,
  facts: ReadonlyMap<string, ResearchFact>,
  research: Research,
): Finding[] {
  const at = `scene ${scene.ordinal}, claim ${number}: ${claim.evidence.join(" ")}`.slice(0, 200);
  const found = (code: string, message: string, remedy: string): Finding[] => [{ code, at, message, remedy }];
  if (!/\p{L}/u.test(claim.text))
    return found("CLAIM_WITHOUT_WORDS", "The claim has no words.", "Say it in words, or leave it out.");
  const missing = claim.evidence.filter((ref) => !facts.has(ref));
  if (missing.length > 0)
    return found("CLAIM_UNQUOTED", `The research has no ${missing.join(", ")}.`, "Name facts of the research.");
  const evidence = claim.evidence.map((ref) => facts.get(ref)!);
  const sources = new Set(evidence.map(({ source_ref }) => source_ref));
  const named = new Set(claim.evidence_sources);
  if ([...sources, ...named].some((ref) => !sources.has(ref) || !named.has(ref)))
    return found(
      "TRACE_MISMATCH",
      `Its evidence is quoted from ${[...sources].join(", ")}, and it names ${[...named].join(", ")}.`,
      "Name the sources that the evidence is quoted from, and no others.",
    );
  const said = isSaid(scene.narration, claim.text)
    ? []
    : found(
        "CLAIM_NOT_SAID",
        "The narration doesn't say the claim.",
        "Say it word for word as a sentence of its own, or leave it out.",
      );
  return [...said, ...traced(claim, evidence, research, found)];
}

/** Whether a text says a claim word for word and by itself: "It is false that …" before it makes it another. */
export function isSaid(text: string, claim: string): boolean {
  for (let at = text.indexOf(claim); at !== -1; at = text.indexOf(claim, at + 1)) {
    const [before, after] = [text.slice(0, at).replace(/ +$/u, ""), text.slice(at + claim.length)];
    const begins = /(?:^|[.!?…]["”’)]*|\n)$/u.test(before);
    if (begins && (/^\s*$|^[.!?]/u.test(after) || /[.!?…]["”’)]*$/u.test(claim))) return true;
  }
  return false;
}

function traced(
  claim: Claim,
  evidence: readonly ResearchFact[],
  research: Research,
  found: (code: string, message: string, remedy: string) => Finding[],
): Finding[] {
  const reasons = evidence.map((fact) => mismatch(claim.text, fact, research));
  if (reasons.some((wrong) => wrong.length === 0)) return [];
  const fewest = reasons.toSorted((a, b) => a.length - b.length)[0]!;
  return found(
    "TRACE_MISMATCH",
    `No quote bears “${claim.text.slice(0, 200)}” (${fewest.join(", ")}).`,
    "Find a better quote, narrow the claim to what the quote says, or leave it out.",
  );
}

/** Why the quote doesn't bear the words; empty where nothing speaks against it. */
export const mismatch = (
  words: string,
  fact: Pick<ResearchFact, "quote" | "source_ref">,
  { sources }: { readonly sources: readonly { readonly ref: string; readonly title: string }[] },
): Reason[] => mismatchOf(words, fact.quote.exact, sources.find(({ ref }) => ref === fact.source_ref)?.title ?? "");

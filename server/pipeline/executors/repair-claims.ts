import type { ClaimRepair, EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import type { SceneDocument } from "../../../graph-schema/documents/scene.js";
import { saysVerbatim, sentencesOf } from "../../domains/fact/facts-of-text.js";
import { factsOf, isSaid, mismatch, type ResearchFact } from "./check-episode.js";
import type { Finding, Qa } from "./stage-documents.js";
import { kindOf } from "./figures.js";
import { standsAlone, stemsOf } from "./statements.js";

/*
 * Mends the claims that a check found wrong, whoever made them: a better quote is looked for, else the claim is narrowed to what a
 * quote of its says, else it is dropped. Each try is told. Nothing here is found to be supported; the checks look at it again.
 */

type Claim = SceneDocument["claims"][number];
type Try = ClaimRepair["tries"][number];

/** What is wrong with the narration, not with what stands behind it. */
const OF_NARRATION = new Set(["CLAIM_NOT_SAID", "SENTENCE_UNTRACED"]);
/** What names the fact or the source that can't be stood on; other findings name all the evidence of the claim. */
const OF_THE_FACT = new Set([
  "CLAIM_UNQUOTED",
  "SOURCE_STALE",
  "SOURCE_RETRACTED",
  "SOURCE_DEAD",
  "TIER3_UNCORROBORATED",
  "CLAIM_CONTRADICTED_UNDECIDED",
]);

/** What the channel's own rules found. */
export const isOfTheChannel = ({ code }: Pick<Finding, "code">): boolean => code.startsWith("CHANNEL_");

interface Place {
  readonly scene: number;
  readonly claim: number | null;
}

/** Where a finding is about: `scene 2, claim 1; scene 3, claim 1: f7 f9`. */
const placesOf = ({ at }: Finding): Place[] =>
  [...at.matchAll(/scene (\d+)(?:, claim (\d+))?/g)].map(([, scene, claim]) => ({
    scene: Number(scene),
    claim: claim === undefined ? null : Number(claim),
  }));

const refsOf = ({ at }: Finding): string[] => /: (.+)$/.exec(at)?.[1]?.split(" ") ?? [];

export interface Repairing {
  readonly before: EpisodeDocument;
  readonly repair: Qa;
  readonly research: Research;
  /** How long it takes to say. */
  seconds(text: string, pacing: SceneDocument["pacing"]): number;
  readonly round: number;
}

/** The episode with what was found wrong mended; null where no scene is left, or none was named. */
export function repairClaims({ before, repair, research, seconds, round }: Repairing): EpisodeDocument | null {
  const facts = factsOf(research);
  const bad = new Set(repair.findings.filter(({ code }) => OF_THE_FACT.has(code)).flatMap(refsOf));
  const flagged = new Set(research.risk_flags.flatMap(({ refs }) => refs));
  const stands = (fact: ResearchFact) => ![fact.ref, fact.source_ref].some((ref) => bad.has(ref) || flagged.has(ref));
  const among: Among = { facts, good: [...facts.values()].filter(stands), research };
  const repairs: ClaimRepair[] = [];
  const said = new Set(before.scenes.flatMap(({ claims }) => claims.map(({ text }) => text)));
  const scenes = before.scenes.flatMap((scene) => {
    const own = repair.findings.filter((one) => placesOf(one).some((place) => place.scene === scene.ordinal));
    if (own.length === 0) return [scene];
    const codesAt = (claim: number | null) => [
      ...new Set(
        own
          .filter((one) => placesOf(one).some((place) => place.scene === scene.ordinal && place.claim === claim))
          .map(({ code }) => code),
      ),
    ];
    const kept: Claim[] = [];
    const tell = (claim: number | null, codes: string[], words: string, after: string | null, tries: Try[]) =>
      repairs.push({ round, scene: scene.ordinal, claim, codes, before: words, after, how: tries.at(-1)!.how, tries });
    scene.claims.forEach((claim, i) => {
      const codes = codesAt(i + 1);
      if (codes.length === 0) return void kept.push(claim);
      const { mended, tries } = mend(claim, codes, among, said);
      if (mended !== null) kept.push(mended);
      if (mended !== null) said.add(mended.text);
      tell(i + 1, codes, claim.text, mended?.text ?? null, tries);
    });
    const narration = narrationOf(scene, kept, own);
    const around = codesAt(null);
    if (around.length > 0) {
      const because = "the narration keeps the sentences of its claims, and nothing that no quote bears";
      tell(null, around, scene.narration, narration || null, [{ how: "SAID", worked: true, because }]);
    }
    if (kept.length === 0) return [];
    return [{ ...scene, narration, claims: kept, duration_s: seconds(narration, scene.pacing) }];
  });
  if (scenes.length === 0 || repairs.length === 0) return null;
  return {
    ...before,
    scenes: scenes.map((scene, i) => ({ ...scene, ordinal: i + 1 })),
    repairs: [...(before.repairs ?? []), ...repairs].slice(-1_000),
  };
}

interface Among {
  readonly facts: ReadonlyMap<string, ResearchFact>;
  /** Those that nothing stands against. */
  readonly good: readonly ResearchFact[];
  readonly research: Research;
}

function mend(
  claim: Claim,
  codes: readonly string[],
  among: Among,
  said: ReadonlySet<string>,
): { mended: Claim | null; tries: Try[] } {
  const tries: Try[] = [];
  const attempt = (how: Try["how"], mended: Claim | null, because: string): Claim | null => {
    tries.push({ how, worked: mended !== null || how === "DROPPED", because: because.slice(0, 1_000) });
    return mended;
  };
  // No quote makes sayable what the channel doesn't say.
  const against = codes.filter((code) => isOfTheChannel({ code }));
  if (against.length > 0) {
    attempt("DROPPED", null, `the channel's own rules are against it: ${against.join(", ")}`);
    return { mended: null, tries };
  }
  const own = among.good.filter(({ ref }) => claim.evidence.includes(ref));
  const bears = (fact: ResearchFact) => mismatch(claim.text, fact, among.research).length === 0;
  const whole = own.length > 0 && own.length === claim.evidence.length && own.some(bears);
  if (whole && codes.every((code) => OF_NARRATION.has(code) || code === "TRACE_MISMATCH")) {
    const how = codes.every((code) => OF_NARRATION.has(code)) ? "SAID" : "SOURCES_NAMED";
    const because =
      how === "SAID" ? "its quote bears it: it is said word for word" : "its quote bears it: its own sources are named";
    return { mended: attempt(how, onFacts(claim, own), because), tries };
  }
  const mended =
    (/\p{L}/u.test(claim.text) ? betterQuote(claim, own.filter(bears), among, bears, attempt) : null) ??
    narrowed(claim, own, said, attempt);
  if (mended === null)
    attempt("DROPPED", null, "no quote of the research bears it, and none of its own is left to say");
  return { mended, tries };
}

type Attempt = (how: Try["how"], mended: Claim | null, because: string) => Claim | null;

/** A quote that says it word for word comes before one that only isn't against it. */
function betterQuote(
  claim: Claim,
  own: readonly ResearchFact[],
  { good }: Among,
  bears: (fact: ResearchFact) => boolean,
  attempt: Attempt,
): Claim | null {
  const others = good.filter((fact) => !claim.evidence.includes(fact.ref));
  const verbatim = others.filter(({ quote }) => saysVerbatim(claim.text, quote.exact));
  const found = [...own, ...(verbatim.length > 0 ? verbatim : own.length > 0 ? [] : others.filter(bears).slice(0, 1))];
  if (found.length === 0) return attempt("BETTER_QUOTE", null, `none of ${others.length} other facts bears it`);
  const refs = found.map(({ ref }) => ref).slice(0, 20);
  if (refs.length === claim.evidence.length && refs.every((ref) => claim.evidence.includes(ref)))
    return attempt("BETTER_QUOTE", null, `nothing says it better than ${refs.join(", ")}, which it stands on`);
  return attempt("BETTER_QUOTE", onFacts(claim, found.slice(0, 20)), `it stands on ${refs.join(", ")} now`);
}

/** The sentence of its own quotes that has most of its words; never one that another claim says. */
function narrowed(
  claim: Claim,
  own: readonly ResearchFact[],
  said: ReadonlySet<string>,
  attempt: Attempt,
): Claim | null {
  const stems = stemsOf(claim.text);
  const sentences = own
    .flatMap((fact) => [...sentencesOf(fact.quote.exact)].map(({ text }) => ({ fact, text })))
    .filter(({ text }) => standsAlone(text) && !said.has(text))
    .map((one) => ({ ...one, shared: [...stemsOf(one.text)].filter((stem) => stems.has(stem)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared);
  const [best] = sentences;
  if (best === undefined) return attempt("NARROWED", null, "no sentence of its own quotes can be said in its place");
  const claimed = onFacts({ ...claim, text: best.text, kind: kindOf(best.text) }, [best.fact]);
  return attempt("NARROWED", claimed, `it says what ${best.fact.ref} says, word for word`);
}

/** The claim on these facts: its sources are those that they are quoted from. */
function onFacts(claim: Claim, facts: readonly ResearchFact[]): Claim {
  const sources = [...new Set(facts.map(({ source_ref }) => source_ref))];
  return { ...claim, evidence: facts.map(({ ref }) => ref), source_refs: sources, evidence_sources: sources };
}

/** What is said: the old words with each changed claim in place, or the claims alone where those words can't be kept. */
function narrationOf(scene: SceneDocument, claims: readonly Claim[], findings: readonly Finding[]): string {
  const alone = claims.map(({ text }) => text).join(" ");
  const texts = new Set(claims.map(({ text }) => text));
  const gone = scene.claims.filter(({ text }) => !texts.has(text));
  const isNew = (claim: Claim) => !isSaid(scene.narration, claim.text);
  if (findings.some(({ code }) => OF_NARRATION.has(code)) || gone.some(({ text }) => !isSaid(scene.narration, text)))
    return alone;
  const left = gone.reduce((words, { text }) => words.replace(text, ""), scene.narration);
  const words = [left.replace(/\s+/gu, " ").trim(), ...claims.filter(isNew).map(({ text }) => text)];
  const narration = words.filter(Boolean).join(" ");
  return claims.every(({ text }) => isSaid(narration, text)) ? narration : alone;
}

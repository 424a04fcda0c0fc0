import type { z } from "zod";
import { episode as episodeDocument, type EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import type { PACINGS, SceneDocument } from "../../../graph-schema/documents/scene.js";
import { sameness } from "../../trace/sameness.js";
import { defineExecutor, StageFailure, type Executor } from "../executor.js";
import { TASKS } from "../tasks.js";
import { checkEpisode, factsOf, tell, type ResearchFact } from "./check-episode.js";
import { kindOf } from "./figures.js";
import { grouped } from "./grouped.js";
import { namesIn } from "./names.js";
import { isOfTheChannel, repairClaims } from "./repair-claims.js";
import type { Plan, Qa } from "./stage-documents.js";
import {
  fill,
  listed,
  publishersTold,
  short,
  type EpisodeTemplate,
  type SceneTemplate,
  type Slot,
} from "./template.js";

/*
 * Makes scenes of facts by the channel's template: the strongest fact opens, each source then tells its own in the order of its
 * page, and a last one closes. What a repair names is left out, and the next best takes its place.
 */

export interface ScenesInput {
  readonly plan: Plan;
  readonly research: Research;
  readonly repair: Qa | null;
  /** The scenes that a repair asks to mend. */
  readonly before?: EpisodeDocument | null;
}

type Pacing = (typeof PACINGS)[number];

/** One sentence with every fact that says it. */
interface Told {
  readonly facts: readonly ResearchFact[];
  readonly flagged: boolean;
}

export const embeddedScenes = (templateOf: (channelId: string) => EpisodeTemplate): Executor =>
  defineExecutor({
    name: "scenes",
    version: "1.1.0",
    input: TASKS["scenes"]!.input as z.ZodType<ScenesInput>,
    output: episodeDocument,
    async run({ round }, input: ScenesInput) {
      const template = templateOf(input.plan.channel_id);
      const output = mendScenes(input, template, round) ?? madeAnew(input, template, round);
      const findings = checkEpisode(output, input.research);
      if (findings.length > 0) throw new StageFailure("SCENES_REFUSED", tell(findings));
      return { output, provider: "embedded" };
    },
  }) as Executor;

/**
 * The scenes that were there, with what a repair names mended; null where there is nothing to mend. So it is where too little would be left,
 * and where a channel's own rules are against a claim: then they are made anew, since titles and leads name what claims say.
 */
export function mendScenes(input: ScenesInput, template: EpisodeTemplate, round: number): EpisodeDocument | null {
  const mended = repaired(input, template, round);
  if (mended === null || input.repair!.findings.some(isOfTheChannel)) return null;
  const claims = mended.scenes.flatMap((scene) => scene.claims);
  return claims.length >= template.scenes.least_claims && checkEpisode(mended, input.research).length === 0
    ? mended
    : null;
}

function repaired(
  { research, repair, before }: ScenesInput,
  template: EpisodeTemplate,
  round: number,
): EpisodeDocument | null {
  if (repair === null || before == null) return null;
  const seconds = (text: string, pacing: Pacing) => secondsOf(text, pacing, template);
  return repairClaims({ before, repair, research, seconds, round: Math.max(2, round) });
}

/** Scenes made anew, with what of the ones before was left out for good. */
function madeAnew(input: ScenesInput, template: EpisodeTemplate, round: number): EpisodeDocument {
  const left = (repaired(input, template, round)?.repairs ?? []).filter(({ how }) => how === "DROPPED");
  return { ...makeScenes(input, template), ...(left.length === 0 ? {} : { repairs: left }) };
}

export function makeScenes({ plan, research, repair }: ScenesInput, template: EpisodeTemplate): EpisodeDocument {
  const [first, ...rest] = choose(research, dropped(repair), template);
  const { opening, body, closing, claims_each, most } = template.scenes;
  // The second of the ranking closes, if others are told before it.
  const last = rest.length > 1 ? rest.splice(0, 1) : [];
  const seconds = (ones: readonly Told[], pacing: Pacing = body.pacing) =>
    ones.reduce((sum, one) => sum + secondsOf(textOf(one), pacing, template), 0);
  const room = plan.duration_s - seconds([first!], opening.pacing) - seconds(last, closing.pacing);
  const parts = partsOf(rest, claims_each, most - 2, room, seconds);
  const slots = {
    topic: plan.title,
    publishers: publishersTold(publishersOf(research, [first!, ...parts.flat(), ...last])),
  };
  const make = (
    like: SceneTemplate,
    claims: readonly Told[],
    more: Partial<Record<Slot, string>> = {},
    leads = true,
    last = "",
  ) => {
    const stated = claims.map(claimOf);
    const lead = leads ? fill(like.says, { ...slots, ...more }, 1_000) : "";
    const narration = [lead, ...stated.map(({ text }) => text), fill(last, slots, 1_000)].filter(Boolean).join(" ");
    const { pacing } = like;
    const title = fill(like.title, { ...slots, ...more });
    return { title, narration, pacing, duration_s: secondsOf(narration, pacing, template), claims: stated };
  };
  const leads = new Set<string>();
  const told = parts.map((part) => {
    const source = research.sources.find(({ ref }) => ref === sourceOf(part[0]!))!;
    const names = listed(namesIn(part.map(textOf)).slice(0, 2)) || source.title;
    const isNew = !leads.has(source.ref);
    leads.add(source.ref);
    return make(body, part, { source: source.title, publisher: publisherOf(source), names }, isNew);
  });
  return {
    title: fill(template.metadata.title, slots),
    channel_id: plan.channel_id,
    topic_id: plan.topic_id,
    scenes: [make(opening, [first!]), ...told, make(closing, last, {}, true, template.cta)]
      .filter(({ narration }) => narration !== "")
      .map((one, i) => ({ ordinal: i + 1, ...one })),
  };
}

/**
 * The sentences in parts, source by source in the order of its page, as many as there is room for. Each source has a part
 * before any has a second one, and the best of its sentences come first.
 */
function partsOf(
  told: readonly Told[],
  size: number,
  most: number,
  room: number,
  seconds: (part: readonly Told[]) => number,
): Told[][] {
  const bySource = grouped(told, sourceOf).map((ones) => ({ parts: chunks(ones, size), taken: 0 }));
  let [count, length] = [0, 0];
  for (let round = 0; bySource.some(({ parts }) => parts.length > round); round++)
    for (const source of bySource) {
      const part = source.parts[round];
      if (part === undefined || count >= most || (round > 0 && length >= room)) continue;
      source.taken += 1;
      count += 1;
      length += seconds(part);
    }
  return bySource.flatMap(({ parts, taken }) => chunks(parts.slice(0, taken).flat().toSorted(inReadingOrder), size));
}

/** Facts that a repair named: `scene 2, claim 1: f7 f9`. */
const dropped = (repair: Qa | null): Set<string> =>
  new Set((repair?.findings ?? []).flatMap(({ at }) => /: (.+)$/.exec(at)?.[1]?.split(" ") ?? []));

/** The sentences that are told, best first: those that nothing stands against, and others only where too few are left. */
function choose(research: Research, without: ReadonlySet<string>, { scenes }: EpisodeTemplate): Told[] {
  const flags = new Set(research.risk_flags.flatMap(({ refs }) => refs));
  const isFlagged = ({ ref, source_ref }: ResearchFact) => flags.has(ref) || flags.has(source_ref);
  // Numbers and names were counted in the order of reading; the lists are by rank, data points apart.
  const facts = [...factsOf(research).values()].filter(({ ref }) => !without.has(ref));
  const all = grouped(facts, ({ statement }) => sameness(statement)).map((same) => ({
    facts: same,
    flagged: same.some(isFlagged),
  }));
  const clean = all.filter(({ flagged }) => !flagged);
  const chosen = clean.length >= scenes.least_claims ? clean : all;
  if (chosen.length < scenes.least_claims)
    throw new StageFailure(
      "TOO_LITTLE_EVIDENCE",
      `The research has ${chosen.length} facts that can be told${without.size > 0 ? `, without the ${without.size} that were found wrong` : ""}; an episode needs ${scenes.least_claims}. Import more pages on the topic.`,
    );
  return chosen;
}

const sourceOf = ({ facts }: Told): string => facts[0]!.source_ref;
const textOf = ({ facts }: Told): string => facts[0]!.statement;
const numberOf = ({ facts }: Told): number => Number(/\d+$/.exec(facts[0]!.ref)?.[0] ?? Infinity);
const inReadingOrder = (a: Told, b: Told): number => numberOf(a) - numberOf(b);

function claimOf({ facts }: Told): SceneDocument["claims"][number] {
  const sources = [...new Set(facts.map(({ source_ref }) => source_ref))];
  const text = facts[0]!.statement;
  return {
    text,
    kind: kindOf(text),
    evidence: facts.map(({ ref }) => ref),
    source_refs: sources,
    evidence_sources: sources,
  };
}

export const publisherOf = (source: Research["sources"][number]): string =>
  short(source.publisher ?? new URL(source.url).hostname, 120);

const publishersOf = ({ sources }: Research, told: readonly Told[]): string[] => {
  const used = new Set(told.flatMap(({ facts }) => facts.map(({ source_ref }) => source_ref)));
  return sources.filter(({ ref }) => used.has(ref)).map(publisherOf);
};

export const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.,-]*/gu)?.length ?? 0;

/** How long it takes to say, to a tenth of a second. */
export const secondsOf = (text: string, pacing: Pacing, { scenes }: EpisodeTemplate): number =>
  Math.min(3_600, Math.max(1, Math.round((wordsIn(text) / scenes.words_per_minute[pacing]) * 600) / 10));

function chunks<T>(things: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(things.length / size) }, (_, i) => things.slice(i * size, (i + 1) * size));
}

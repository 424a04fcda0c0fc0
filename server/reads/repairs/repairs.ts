import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { NodeOf } from "../../graph/projection.js";
import { searchQuery, toLuceneAny } from "../../graph/search.js";
import { checkClaim, REASONS, type Reason } from "../../trace/claim-check.js";
import { tokensOf } from "../../trace/words.js";
import {
  claimsToRepair,
  MOST_LINKED,
  quotesThatStand,
  successorOfSource,
  type StandingQuote,
} from "./repairs.query.js";

/*
 * What could be done about each claim that stood on a fallen source, from what the graph has at the instant: a better quote, a
 * narrower claim, another source, or to drop it. Predictions by words, numbers, dates and names; people decide.
 */

export const REPAIR_KINDS = ["BETTER_QUOTE", "NARROW_CLAIM", "REPLACE_SOURCE", "DROP_CLAIM"] as const;
export type RepairKind = (typeof REPAIR_KINDS)[number];

/** Facts that a search for a claim's words looks at. */
const MOST_FOUND = 30;
/** Quotes that are proposed for one claim. */
const MOST_QUOTES = 3;

export interface Repair {
  readonly kind: RepairKind;
  readonly claim: NodeOf<"Claim">;
  readonly fact: NodeOf<"Fact"> | null;
  readonly source: NodeOf<"Source"> | null;
  /** Other words for the claim. */
  readonly text: string | null;
  readonly why: string;
}

interface Judged extends StandingQuote {
  readonly verdict: string;
  readonly rank: number;
  readonly reasons: readonly Reason[];
}

/** Against these a narrower claim wouldn't help: the quote says another thing. */
const OTHER_THING: readonly Reason[] = ["LOW_OVERLAP", "NEGATION", "OPPOSITE", "NAME_DIFFERS"];

const searchWords = (text: string): string[] => [
  ...new Set(tokensOf(text).flatMap(({ kind, empty, lower }) => (kind === "mark" || empty ? [] : [lower]))),
];

async function factsAbout(reader: Reader, text: string, asOf: Instant): Promise<string[]> {
  const words = searchWords(text);
  const lucene = toLuceneAny(reader.tenantId, words, ["Fact"]);
  if (lucene === null) return [];
  const asked = { lucene, phrase: text.toLowerCase(), asOf, skip: 0, first: MOST_FOUND, most: MOST_FOUND };
  const [found] = await reader.run(searchQuery, asked);
  return (found?.nodes ?? []).map(({ ulid }) => ulid);
}

async function judgedQuotes(reader: Reader, claim: string, ids: readonly string[], asOf: Instant): Promise<Judged[]> {
  const rows = ids.length === 0 ? [] : await reader.run(quotesThatStand, { ids, asOf });
  return rows
    .map((row) => {
      const { verdict, rank, reasons } = checkClaim({ claim, evidence: row.fact.quoteExact, title: row.source.title });
      return { ...row, verdict, rank, reasons };
    })
    .sort((a, b) => b.rank - a.rank || (a.fact.ulid < b.fact.ulid ? -1 : 1));
}

const told = (reasons: readonly Reason[]): string => reasons.map((reason) => REASONS[reason]).join("; ");

/** Of one claim, the most useful first. */
function repairsOf(
  claim: NodeOf<"Claim">,
  scenes: number,
  { quotes, successor }: { readonly quotes: readonly Judged[]; readonly successor: NodeOf<"Source"> | null },
): Repair[] {
  const none = { claim, fact: null, source: null, text: null };
  const better = quotes.filter(({ verdict }) => verdict === "SUPPORTS").slice(0, MOST_QUOTES);
  const narrower = quotes.find(
    ({ verdict, reasons, fact }) =>
      verdict !== "SUPPORTS" && fact.title !== claim.title && !reasons.some((reason) => OTHER_THING.includes(reason)),
  );
  const sources = new Map(
    [...better.map(({ source }) => source), ...(successor === null ? [] : [successor])].map((one) => [one.id, one]),
  );
  return [
    ...better.map(({ fact, source, reasons }): Repair => ({
      ...none,
      kind: "BETTER_QUOTE",
      fact,
      source,
      why: `A quote of “${source.title}”, which is in order, bears it: ${told(reasons)}.`,
    })),
    ...[...sources.values()].map((source): Repair => ({
      ...none,
      kind: "REPLACE_SOURCE",
      source,
      why:
        source.id === successor?.id
          ? `“${source.title}” took the place of the source that fell: quote it there.`
          : `“${source.title}” says the same: link it, and unlink what fell.`,
    })),
    ...(narrower === undefined
      ? []
      : [
          {
            ...none,
            kind: "NARROW_CLAIM" as const,
            fact: narrower.fact,
            source: narrower.source,
            text: narrower.fact.title,
            why: `“${narrower.source.title}” says a part of it: ${told(narrower.reasons)}.`,
          },
        ]),
    {
      ...none,
      kind: "DROP_CLAIM",
      why: `${scenes === 1 ? "One scene says" : `${scenes} scenes say`} it: say that it is WRONG or leave it out, and publish a correction of the episode.`,
    },
  ];
}

/** What could be done about these claims of an episode. The source itself doesn't count, unless it was read again and still says it. */
export async function readRepairs(
  reader: Reader,
  asked: { readonly claimIds: readonly string[]; readonly episodeId: string; readonly sourceId: string },
  asOf: Instant,
): Promise<Repair[]> {
  const { claimIds: ids, episodeId, sourceId } = asked;
  if (ids.length === 0) return [];
  const rows = await reader.run(claimsToRepair, { ids, episodeId, asOf, most: MOST_LINKED });
  const [superseded] = await reader.run(successorOfSource, { id: sourceId, asOf });
  const repairs: Repair[] = [];
  for (const { claim, scenes, linked } of rows) {
    const about = [...new Set([...linked, ...(await factsAbout(reader, claim.title, asOf))])];
    const quotes = await judgedQuotes(reader, claim.title, about, asOf);
    repairs.push(...repairsOf(claim, scenes, { quotes, successor: superseded?.source ?? null }));
  }
  return repairs;
}

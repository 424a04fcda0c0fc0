import type { ReadSource } from "./sources.js";
import type { Statement } from "./statements.js";

/*
 * Which statements of the sources a research takes. The rule is arithmetic, so that the same pages give the same facts:
 * how much of the topic's words a statement has, each word weighed by how rare it is; how much it tells (numbers, dates, names);
 * and how good its source is. Nearly the same is taken once, and no source crowds out the others.
 */

export interface Chosen {
  readonly source: ReadSource;
  readonly statement: Statement;
  readonly score: number;
}

const WEIGHTS = { topic: 3, titleHasWord: 0.5, telling: 0.15, tier: { 1: 0.4, 2: 0.25, 3: 0 }, stale: -1 } as const;
/** Of the words of the shorter of two, the share that makes them nearly the same. */
const NEARLY = 0.8;

/** The best `most` statements, best first. */
export function chooseStatements(
  sources: readonly ReadSource[],
  topicStems: ReadonlySet<string>,
  titleStems: ReadonlyMap<string, ReadonlySet<string>>,
  most: number,
): Chosen[] {
  const all = sources.flatMap((source) => source.statements.map((statement) => ({ source, statement })));
  const rarity = rarityOf(topicStems, all);
  const whole = [...rarity.values()].reduce((sum, value) => sum + value, 0);
  const scored = all.map(({ source, statement }) => {
    const inTitle = titleStems.get(source.id);
    let topic = 0;
    for (const [stem, value] of rarity)
      topic += statement.stems.has(stem) ? value : inTitle?.has(stem) === true ? value * WEIGHTS.titleHasWord : 0;
    const about = whole === 0 ? 0 : topic / whole;
    const tier = WEIGHTS.tier[source.tier as 1 | 2 | 3] ?? 0;
    const stale = source.status === "STALE" ? WEIGHTS.stale : 0;
    return {
      source,
      statement,
      about,
      score: WEIGHTS.topic * about + WEIGHTS.telling * statement.weight + tier + stale,
    };
  });
  const speaking = scored.filter(({ about }) => about > 0);
  // Pages that somebody chose for a topic may call it by other words: then all that they say counts.
  const ranked = (speaking.length >= most ? speaking : scored).sort(
    (a, b) =>
      b.score - a.score ||
      (a.source.url < b.source.url ? -1 : a.source.url > b.source.url ? 1 : a.statement.start - b.statement.start),
  );
  return spread(ranked, most, sources.length);
}

/** How rare each word of the topic is among the statements. */
function rarityOf(stems: ReadonlySet<string>, all: readonly { statement: Statement }[]): Map<string, number> {
  return new Map(
    [...stems].map((stem) => {
      const having = all.filter(({ statement }) => statement.stems.has(stem)).length;
      return [stem, Math.log(1 + all.length / (1 + having))];
    }),
  );
}

/** The first of the ranking, without what is said already, at first no more than a source's share of each. */
function spread(ranked: readonly Chosen[], most: number, sources: number): Chosen[] {
  const share = Math.max(2, Math.ceil((1.5 * most) / Math.max(1, sources)));
  const taken: Chosen[] = [];
  const later: Chosen[] = [];
  const counts = new Map<string, number>();
  const take = (one: Chosen) => {
    if (taken.some((other) => areNearlySame(one.statement, other.statement))) return;
    taken.push(one);
    counts.set(one.source.id, (counts.get(one.source.id) ?? 0) + 1);
  };
  for (const one of ranked) {
    if (taken.length >= most) break;
    if ((counts.get(one.source.id) ?? 0) >= share) later.push(one);
    else take(one);
  }
  for (const one of later) if (taken.length < most) take(one);
  return taken.sort((a, b) => b.score - a.score);
}

export function areNearlySame(a: Pick<Statement, "stems" | "same">, b: Pick<Statement, "stems" | "same">): boolean {
  if (a.same === b.same) return true;
  const [short, long] = a.stems.size <= b.stems.size ? [a.stems, b.stems] : [b.stems, a.stems];
  let shared = 0;
  for (const stem of short) if (long.has(stem)) shared += 1;
  // Two sentences that differ in a number differ in what they say.
  const numbers = (stems: ReadonlySet<string>) =>
    [...stems]
      .filter((stem) => /\d/.test(stem))
      .sort()
      .join(" ");
  return shared >= NEARLY * long.size && numbers(a.stems) === numbers(b.stems);
}

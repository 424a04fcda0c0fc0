import { VERDICTS } from "../../server/trace/model.js";
import type { Answered } from "./claims.measure.js";
import type { Row } from "./claims.rows.js";

/*
 * What can be told from the claim alone: naive Bayes over its words. It shows how much of a figure is owed to
 * how claims of a kind are worded, and not to any evidence.
 */

const wordsOf = (claim: string): Set<string> => new Set(claim.toLowerCase().match(/\p{L}+|\d/gu) ?? []);

/** What stands in fewer claims tells nothing of others. */
const LEAST = 5;

export function claimOnly(known: readonly Row[], asked: readonly Row[]): Answered[] {
  const totals = VERDICTS.map((verdict) => known.filter(({ label }) => label === verdict).length);
  const counts = new Map<string, number[]>();
  for (const { claim, label } of known)
    for (const word of wordsOf(claim)) {
      const count = counts.get(word) ?? [0, 0, 0];
      count[VERDICTS.indexOf(label)]! += 1;
      counts.set(word, count);
    }
  return asked.map(({ claim, label, group }) => {
    const logs = totals.map((total) => Math.log(Math.max(1, total) / known.length));
    for (const word of wordsOf(claim)) {
      const count = counts.get(word);
      if (count === undefined || count[0]! + count[1]! + count[2]! < LEAST) continue;
      for (const [i, total] of totals.entries()) logs[i]! += Math.log((count[i]! + 1) / (total + 2));
    }
    const best = logs.indexOf(Math.max(...logs));
    return { label, claim: group, verdict: VERDICTS[best]!, rank: logs[0]! - Math.max(logs[1]!, logs[2]!) };
  });
}

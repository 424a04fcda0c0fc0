import { createHash } from "node:crypto";
import { VERDICTS, type Verdict } from "../../server/trace/model.js";

/** How good verdicts and ranks are, held against labels. */

export interface Answered {
  readonly label: Verdict;
  readonly verdict: Verdict;
  readonly rank: number;
  readonly claim: string;
}

/** Rows: what it is; columns: what was said. */
export const confusion = (rows: readonly Answered[]): number[][] =>
  VERDICTS.map((label) =>
    VERDICTS.map((verdict) => rows.filter((row) => row.label === label && row.verdict === verdict).length),
  );

export function macroF1(rows: readonly Answered[]): number {
  const matrix = confusion(rows);
  const f1 = VERDICTS.map((_, i) => {
    const right = matrix[i]![i]!;
    const said = matrix.reduce((sum, line) => sum + line[i]!, 0);
    const is = matrix[i]!.reduce((sum, n) => sum + n, 0);
    return said + is === 0 ? 0 : (2 * right) / (said + is);
  });
  return f1.reduce((sum, one) => sum + one, 0) / f1.length;
}

export interface Pairwise {
  readonly pairs: number;
  /** Share of pairs whose supporting row has the higher rank; a tie counts half. */
  readonly accuracy: number;
  readonly ties: number;
}

/** Every two rows of one claim of which the evidence of one supports it and that of the other doesn't. */
export function pairwise(rows: readonly Answered[]): Pairwise {
  const groups = new Map<string, Answered[]>();
  for (const row of rows) groups.set(row.claim, [...(groups.get(row.claim) ?? []), row]);
  let [pairs, right, ties] = [0, 0, 0];
  for (const group of groups.values())
    for (const one of group)
      for (const other of group) {
        if (one.label !== "SUPPORTS" || other.label === "SUPPORTS") continue;
        pairs += 1;
        if (one.rank > other.rank) right += 1;
        else if (one.rank === other.rank) ties += 1;
      }
  return { pairs, accuracy: pairs === 0 ? 0 : (right + ties / 2) / pairs, ties };
}

/** The fold of a page: by its name and a seed, so that no page stands in two folds and another seed deals anew. */
export const foldOf = (page: string, folds: number, seed: number): number =>
  createHash("sha256").update(`${seed} ${page}`).digest().readUInt32BE(0) % folds;

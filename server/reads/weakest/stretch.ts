/* A stretch of a ranking: more of it than a page shows, so that the pages behind it needn't rank all claims again. */

/** Where a claim stands: kinds of risk as bits, sound independent groups, id without label. */
export interface Position {
  readonly mask: number;
  readonly sound: number;
  readonly id: string;
}

/** Before every claim. */
export const FIRST: Position = { mask: 64, sound: 0, id: "" };

/** The order of the answer: the gravest first, then by fewest sound groups, then by id. */
export const inOrder = (a: Position, b: Position): number =>
  b.mask - a.mask || a.sound - b.sound || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

export interface Stretch {
  /** It begins behind this one, and leaves nothing out from there on. */
  readonly after: Position;
  readonly positions: readonly Position[];
  /** Whether there are more behind its last one. */
  readonly more: boolean;
  /** Live claims with a risk among those that were looked at. */
  readonly risky: number;
  /** Whether all claims were looked at. */
  readonly whole: boolean;
}

export interface Ranked extends Pick<Stretch, "risky" | "whole" | "more"> {
  readonly page: readonly Position[];
}

/** The page behind a position; null when the stretch doesn't have all of it. */
export function pageOf(stretch: Stretch, after: Position, first: number): Ranked | null {
  if (inOrder(after, stretch.after) < 0) return null;
  const behind = stretch.positions.filter((position) => inOrder(position, after) > 0);
  if (behind.length < first && stretch.more) return null;
  const { risky, whole } = stretch;
  return { page: behind.slice(0, first), more: stretch.more || behind.length > first, risky, whole };
}

/** The stretches that were ranked last, one for each question of one instant; those that nobody asks for go first. */
export class Stretches {
  readonly #kept = new Map<string, Stretch>();

  constructor(private readonly most: number) {}

  keep(question: string, stretch: Stretch): void {
    this.#kept.delete(question);
    this.#kept.set(question, stretch);
    if (this.#kept.size > this.most) this.#kept.delete(this.#kept.keys().next().value!);
  }

  page(question: string, after: Position, first: number): Ranked | null {
    const stretch = this.#kept.get(question);
    if (stretch === undefined) return null;
    this.keep(question, stretch);
    return pageOf(stretch, after, first);
  }
}

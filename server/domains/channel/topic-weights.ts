/*
 * What a topic's score is made of, and how much each part counts. A channel keeps its own weights as a list in this order, so
 * a new part goes to the end.
 */

export const SCORE_INPUTS = ["FACTS_HELD", "SOURCES_HELD", "WORDS_FOUND", "VIEWS", "CTR", "AVD", "RPM"] as const;
export type ScoreInput = (typeof SCORE_INPUTS)[number];
export type Weights = Readonly<Record<ScoreInput, number>>;

/** For channels that say nothing else. */
export const FIRST_WEIGHTS: Weights = {
  FACTS_HELD: 1,
  SOURCES_HELD: 2,
  WORDS_FOUND: 3,
  VIEWS: 1,
  CTR: 1,
  AVD: 1,
  RPM: 0.5,
};

export const MOST_WEIGHT = 10;

/** The weights of a channel from the list that it keeps; what the list doesn't reach is as at first. */
export const weightsOf = (list: readonly number[] | null | undefined): Weights =>
  Object.fromEntries(SCORE_INPUTS.map((name, at) => [name, list?.[at] ?? FIRST_WEIGHTS[name]])) as Weights;

/** The list that a channel keeps them as. */
export const listOf = (weights: Weights): number[] => SCORE_INPUTS.map((name) => weights[name]);

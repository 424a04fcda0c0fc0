/*
 * When what is said is said. Nobody has listened to the clip: each scene takes its planned part of it, and each sentence its
 * part of the scene by its length. So times are a plan, good to a second or two, and are the same whenever they are computed.
 */

export interface SpokenScene {
  readonly ordinal: number;
  readonly narration: string;
  readonly pacing: "SLOW" | "STEADY" | "FAST";
  /** Planned length in seconds, above 0. */
  readonly seconds: number;
  /** What the narration claims, word for word where it does. */
  readonly claims: readonly string[];
}

export interface Sentence {
  readonly scene: number;
  readonly pacing: SpokenScene["pacing"];
  readonly text: string;
  /** Whether it states a claim. */
  readonly claims: boolean;
  /** Milliseconds from the clip's beginning; `to` is above `from`. */
  readonly from: number;
  readonly to: number;
}

/** A sentence is no shorter, in milliseconds: a cut of less can't be followed. */
export const SHORTEST_MS = 100;

const SEGMENTER = new Intl.Segmenter("en", { granularity: "sentence" });
export const sentencesIn = (text: string): string[] =>
  [...SEGMENTER.segment(text)].map(({ segment }) => segment.replace(/\s+/gu, " ").trim()).filter((one) => one !== "");

/** Splits a span in parts of these weights; whole milliseconds, without gaps. */
function share(from: number, to: number, weights: readonly number[]): [number, number][] {
  const all = weights.reduce((sum, one) => sum + one, 0);
  let done = 0;
  return weights.map((weight) => {
    const begin = Math.round(from + ((to - from) * done) / all);
    done += weight;
    return [begin, Math.round(from + ((to - from) * done) / all)];
  });
}

/** Every sentence with its time in a clip of this length, in order. What would be too short is said with the one before it. */
export function speechOf(scenes: readonly SpokenScene[], clipMs: number): Sentence[] {
  if (scenes.length === 0) return [];
  const spans = share(
    0,
    clipMs,
    scenes.map(({ seconds }) => seconds),
  );
  const said: Sentence[] = [];
  scenes.forEach(({ ordinal: scene, pacing, narration, claims }, i) => {
    const [from, to] = spans[i]!;
    const texts = sentencesIn(narration);
    const known = claims.map((claim) => claim.replace(/\s+/gu, " ").trim());
    const times = share(
      from,
      to,
      texts.map(({ length }) => length),
    );
    texts.forEach((text, n) => {
      const [begin, end] = times[n]!;
      const stated = known.some((claim) => claim !== "" && (text.includes(claim) || claim.includes(text)));
      const before = said.at(-1);
      if (end - begin >= SHORTEST_MS) said.push({ scene, pacing, text, claims: stated, from: begin, to: end });
      else if (before?.scene === scene && n > 0)
        said[said.length - 1] = { ...before, text: `${before.text} ${text}`, claims: before.claims || stated, to: end };
    });
  });
  return said;
}

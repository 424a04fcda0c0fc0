import type { CutPlan } from "../../../graph-schema/documents/cut-plan.js";
import { SHORTEST_MS, type Sentence } from "./speech.js";

/** A part of a clip, in milliseconds. */
export interface Cut {
  readonly from: number;
  readonly to: number;
}

/** Cuts that leave out less than this of a clip, all told, are the whole of it. */
const WHOLE_MS = 50;

export const clipMsOf = ({ clip }: CutPlan): number => Math.max(SHORTEST_MS, Math.round(clip.duration_s * 1_000));

/** The cuts of a plan; null where it has none, or keeps the whole clip, so that nobody has chosen anything. */
export function chosenCuts(plan: CutPlan): Cut[] | null {
  const end = clipMsOf(plan);
  const cuts = plan.cuts
    .map(({ from_s, to_s }) => ({ from: Math.round(from_s * 1_000), to: Math.min(end, Math.round(to_s * 1_000)) }))
    .filter(({ from, to }) => to > from);
  const kept = cuts.reduce((sum, { from, to }) => sum + to - from, 0);
  return kept === 0 || end - kept < WHOLE_MS ? null : cuts;
}

const PACE = { FAST: 2, STEADY: 1, SLOW: 0 } as const;

/** What is shown rather: what states a claim, then what is told faster, then what comes first. */
const better = (a: Sentence, b: Sentence): number =>
  Number(b.claims) - Number(a.claims) || PACE[b.pacing] - PACE[a.pacing] || a.from - b.from;

/**
 * The best sentences of a clip that take up to `wantedMs` together: each scene gives its best before any gives a second, so the
 * highlights go through the whole episode. At least one is taken, cut where it is longer than all that is wanted. What
 * follows each other is one cut. The same speech gives the same cuts.
 */
export function highlightCuts(speech: readonly Sentence[], clipMs: number, wantedMs: number): Cut[] {
  const wanted = Math.min(Math.max(wantedMs, SHORTEST_MS), clipMs);
  if (speech.length === 0) return [{ from: 0, to: wanted }];
  const scenes = [...new Set(speech.map(({ scene }) => scene))].map((scene) =>
    speech.filter((one) => one.scene === scene).sort(better),
  );
  const chosen: Cut[] = [];
  let length = 0;
  const most = Math.max(...scenes.map((ones) => ones.length));
  for (let round = 0; round < most; round++)
    for (const { from, to } of scenes.flatMap((ones) => ones[round] ?? []).sort(better)) {
      if (length + to - from > wanted) continue;
      chosen.push({ from, to });
      length += to - from;
    }
  if (chosen.length === 0) {
    const { from } = [...speech].sort(better)[0]!;
    return [{ from, to: Math.min(clipMs, from + wanted) }];
  }
  return joined(chosen.sort((a, b) => a.from - b.from));
}

const joined = (cuts: readonly Cut[]): Cut[] =>
  cuts.reduce<Cut[]>((done, cut) => {
    const before = done.at(-1);
    if (before === undefined || before.to < cut.from) return [...done, cut];
    return [...done.slice(0, -1), { from: before.from, to: Math.max(before.to, cut.to) }];
  }, []);

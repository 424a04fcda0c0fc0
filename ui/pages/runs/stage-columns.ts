/** A stage of a flow, as far as its place among the others goes. */
export interface PlacedStage {
  readonly name: string;
  readonly needs: readonly string[];
}

/** One try of a stage. */
export interface Try {
  readonly stage: string;
  readonly attempt: number;
  readonly superseded: boolean;
}

/**
 * Stages in columns: each stands behind everything that it needs. Stages that a flow doesn't know (any more), which tries name,
 * come last, so that nothing of a run is left out.
 */
export function stageColumns(stages: readonly PlacedStage[], tries: readonly Try[] = []): string[][] {
  const known = new Map(stages.map((stage) => [stage.name, stage]));
  const rank = new Map<string, number>();
  const rankOf = (name: string, path: readonly string[]): number => {
    const done = rank.get(name);
    if (done !== undefined) return done;
    // A flow has no cycle; were there one, it must not hang the page.
    const needs = (known.get(name)?.needs ?? []).filter((need) => known.has(need) && !path.includes(need));
    const own = Math.max(-1, ...needs.map((need) => rankOf(need, [...path, name]))) + 1;
    rank.set(name, own);
    return own;
  };
  const columns: string[][] = [];
  for (const { name } of stages) (columns[rankOf(name, [])] ??= []).push(name);
  const unknown = [...new Set(tries.map(({ stage }) => stage))].filter((stage) => !known.has(stage));
  return unknown.length === 0 ? columns : [...columns, unknown];
}

/** The try that says how a stage stands: the last one, before others that a repair has had done anew. */
export function standingTry<T extends Try>(stage: string, tries: readonly T[]): T | null {
  return tries
    .filter((one) => one.stage === stage)
    .reduce<T | null>((best, one) => (best === null || one.attempt > best.attempt ? one : best), null);
}

const MINUTE = 60_000;

/** How long something took, for people. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 60 * MINUTE) return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / 1_000)} s`;
  return `${Math.floor(ms / (60 * MINUTE))} h ${Math.round((ms % (60 * MINUTE)) / MINUTE)} min`;
}

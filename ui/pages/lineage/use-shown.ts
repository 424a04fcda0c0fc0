import { useMemo } from "react";
import { lineOf, NO_MARKS, waysBetween, type Marks } from "./marks.js";
import { restrict } from "./merge.js";
import type { Merged } from "./use-lineage.js";
import type { LineageView } from "./view-state.js";

export interface Shown {
  readonly merged: Merged;
  readonly marks: Marks;
  /** Nodes of the view that isolating left out. */
  readonly left: number;
}

/** What graph and table show of a view: one node's line alone where that was asked for, and what stands out in it. */
export function useShown(merged: Merged | null, view: LineageView, marks: Marks = NO_MARKS): Shown | null {
  const { only, ways, selected, direction } = view;
  const kept = useMemo(() => {
    if (merged === null || only === null || !merged.nodes.some(({ id }) => id === only)) return merged;
    const line = new Set([
      ...lineOf(only, merged.edges),
      merged.root,
      ...waysBetween(merged.root, only, merged.edges).nodes.keys(),
    ]);
    return restrict(merged, line, direction);
  }, [merged, only, direction]);
  const standing = useMemo(() => {
    if (kept === null || !ways || selected === null || !kept.nodes.some(({ id }) => id === selected)) return marks;
    return waysBetween(kept.root, selected, kept.edges);
  }, [kept, ways, selected, marks]);
  return useMemo(
    () =>
      merged === null || kept === null
        ? null
        : { merged: kept, marks: standing, left: merged.nodes.length - kept.nodes.length },
    [merged, kept, standing],
  );
}

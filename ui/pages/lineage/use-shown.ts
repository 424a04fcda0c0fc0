import { useMemo } from "react";
import { lineOf, NO_MARKS, waysBetween, type Marks } from "./marks.js";
import { restrict } from "./merge.js";
import { overlay, type Difference } from "./use-difference.js";
import type { Merged } from "./use-lineage.js";
import type { LineageView } from "./view-state.js";

export interface Shown {
  readonly merged: Merged;
  readonly marks: Marks;
  /** Nodes of the view that isolating left out. */
  readonly left: number;
}

/**
 * One node's line alone where that was asked for, with what is gone of it drawn in. The line leads over what is gone too, but
 * the view is narrowed before that is drawn: what is gone is nobody's neighbour any more, and counts as hidden nowhere.
 */
export function drawnOf(
  merged: Merged,
  { only, direction }: Pick<LineageView, "only" | "direction">,
  difference: Difference | null,
): Shown {
  const drawn = (kept: Merged, line: ReadonlySet<string> | null) =>
    difference === null ? { merged: kept, marks: NO_MARKS } : overlay(kept, difference, line);
  const all = drawn(merged, null);
  if (only === null || !all.merged.nodes.some(({ id }) => id === only)) return { ...all, left: 0 };
  const line = new Set([
    ...lineOf(only, all.merged.edges),
    merged.root,
    ...waysBetween(merged.root, only, all.merged.edges).nodes.keys(),
  ]);
  const narrowed = drawn(restrict(merged, line, direction), line);
  return { ...narrowed, left: all.merged.nodes.length - narrowed.merged.nodes.length };
}

/** What graph and table show of a view, and what stands out in it. */
export function useShown(merged: Merged | null, view: LineageView, difference: Difference | null = null): Shown | null {
  const { only, ways, selected, direction } = view;
  const drawn = useMemo(
    () => (merged === null ? null : drawnOf(merged, { only, direction }, difference)),
    [merged, only, direction, difference],
  );
  return useMemo(() => {
    if (drawn === null || !ways || selected === null || !drawn.merged.nodes.some(({ id }) => id === selected))
      return drawn;
    return { ...drawn, marks: waysBetween(drawn.merged.root, selected, drawn.merged.edges) };
  }, [drawn, ways, selected]);
}

import { useHotkeys } from "@mantine/hooks";
import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { formatView, parseView, type LineageView } from "./view-state.js";

/** The furthest step of the view, kept while the page is loaded: it tells whether there is something to do again. */
let furthest = 0;
const stepNow = (): number => {
  const state: unknown = window.history.state;
  const step = typeof state === "object" && state !== null && "step" in state ? state.step : 0;
  return typeof step === "number" ? step : 0;
};

export type SetView = (view: LineageView, how?: { readonly replace: boolean }) => void;

export interface Steps {
  readonly view: LineageView;
  readonly setView: SetView;
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
}

/**
 * The view as the address has it. Every change is a step of the browser's history, so undo and redo are its Back and Forward, and the
 * address is always that of what is seen. `base` is the address without the view; `kept` what of the query isn't the view's.
 */
export function useSteps(base: string, kept = ""): Steps {
  const [, navigate] = useLocation();
  const search = useSearch();
  const view = useMemo(() => parseView(new URLSearchParams(search)), [search]);
  const setView = useCallback<SetView>(
    (next, how = { replace: false }) => {
      const step = stepNow() + (how.replace ? 0 : 1);
      if (!how.replace) furthest = step;
      navigate(`${base}?${kept === "" ? "" : `${kept}&`}${formatView(next)}`, { ...how, state: { step } });
    },
    [base, kept, navigate],
  );
  const step = stepNow();
  const undo = step > 0 ? () => window.history.back() : null;
  const redo = step < furthest ? () => window.history.forward() : null;
  useHotkeys([
    ["mod+Z", () => undo?.()],
    ["mod+shift+Z", () => redo?.()],
    ["mod+Y", () => redo?.()],
  ]);
  return { view, setView, undo, redo };
}

import { useHotkeys } from "@mantine/hooks";
import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { formatView, parseView, type LineageView } from "./view-state.js";

/** A step of a run: the views of one page, one after the other, that undo and redo go through. */
interface Step {
  readonly run: string;
  readonly step: number;
}
const isStep = (value: unknown): value is Step =>
  typeof value === "object" && value !== null && "run" in value && "step" in value && typeof value.step === "number";

/** The step that the browser's entry is; null where no run has come by. */
function stepNow(): Step | null {
  const state: unknown = window.history.state;
  return isStep(state) ? state : null;
}

/** The last step of the run that grew last: it tells whether there is something to do again, after a reload too. */
const FURTHEST = "throughline.furthest-step";
function furthest(): Step | null {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(FURTHEST) ?? "null");
    return isStep(kept) ? kept : null;
  } catch {
    return null;
  }
}
function grown(step: Step): Step {
  try {
    window.sessionStorage.setItem(FURTHEST, JSON.stringify(step));
  } catch {
    // Without storage there is nothing to do again; Forward still does.
  }
  return step;
}

/** The browser's entry becomes the start of a run of its own. */
function begun(): Step {
  const start = { run: String(performance.timeOrigin + performance.now()), step: 0 };
  window.history.replaceState(start, "");
  return start;
}

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
      const now = stepNow();
      const state = how.replace ? now : grown({ ...(now ?? begun()), step: (now?.step ?? 0) + 1 });
      navigate(`${base}?${kept === "" ? "" : `${kept}&`}${formatView(next)}`, { ...how, state });
    },
    [base, kept, navigate],
  );
  const step = stepNow();
  const last = furthest();
  const undo = step !== null && step.step > 0 ? () => window.history.back() : null;
  // Where another page was gone on to, what was undone before is gone.
  const redo =
    step !== null && last !== null && step.run === last.run && step.step < last.step
      ? () => window.history.forward()
      : null;
  useHotkeys([
    ["mod+Z", () => undo?.()],
    ["mod+shift+Z", () => redo?.()],
    ["mod+Y", () => redo?.()],
  ]);
  return { view, setView, undo, redo };
}

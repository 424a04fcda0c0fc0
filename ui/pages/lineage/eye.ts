import { useEffect, useRef } from "react";
import type { Eye } from "./viewport.js";

/** Asks the graph on the page where it is seen from. A page shows one graph at a time. */
let look: (() => Eye | null) | null = null;

/** While the graph is shown, whoever copies the view can ask it. It isn't state: nothing is drawn anew when it moves. */
export function useEye(now: () => Eye | null): void {
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    const mine = () => latest.current();
    look = mine;
    return () => {
      if (look === mine) look = null;
    };
  }, []);
}

/** Where the graph is seen from; null where none is shown. */
export const eyeNow = (): Eye | null => look?.() ?? null;

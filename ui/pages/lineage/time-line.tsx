import { ActionIcon, Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { formatInstant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { stopAt, stopsOf } from "./history-words.js";
import { useHistory } from "./use-history.js";
import type { LineageView } from "./view-state.js";

/** Stops that one time line has room for. */
const STOPS = 500;

interface Props {
  /** The node whose changes are the stops. */
  readonly id: string;
  readonly title: string;
  readonly view: LineageView;
  /** The instant that is shown. */
  readonly shown: string | null;
  readonly onChange: (view: LineageView) => void;
}

/**
 * Every change of a node as a mark, and a handle that steps from one to the next: between two marks nothing happened to it. Marks stand
 * evenly, so that a night's work isn't one dot beside a year of rest.
 */
export function TimeLine({ id, title, view, shown, onChange }: Props) {
  const announce = useAnnounce();
  const { history, problem } = useHistory(id, STOPS);
  const stops = useMemo(() => stopsOf(history?.edges.map(({ node }) => node) ?? []), [history]);
  const here = stopAt(stops, view.asOf);
  const [dragged, setDragged] = useState<number | null>(null);
  const at = dragged ?? here;
  const stop = stops[at];
  const words =
    at >= stops.length
      ? "Now"
      : stop === undefined
        ? "Before it was recorded"
        : `${formatInstant(stop.at)}: ${stop.what.join("; ")}, by ${stop.by}${stop.why === "" ? "" : `, “${stop.why}”`}`;

  const go = (index: number) => {
    setDragged(null);
    if (index === here || index < 0) return;
    const asOf = stops[index]?.at ?? null;
    // What is opened and selected stays: the same view at another instant.
    onChange({ ...view, asOf });
    announce(asOf === null ? "Now" : `As of ${formatInstant(asOf)}: ${stops[index]?.what.join("; ") ?? ""}`);
  };
  const earlier = Math.min(here, stops.length) - 1;
  const exactly = stop !== undefined && view.asOf !== null && Date.parse(stop.at) === Date.parse(view.asOf);
  const before = view.asOf !== null && !exactly && here >= 0 ? here : earlier;
  useHotkeys([
    ["[", () => go(before)],
    ["]", () => go(here + 1)],
  ]);
  if (problem !== null || history === null || stops.length === 0) return null;
  const compareTo = stops[Math.min(here, stops.length) - 1];
  const more = history.totalCount > history.edges.length;
  return (
    <section className="time-line" aria-label={`Changes of ${title}`}>
      <ActionIcon
        size="sm"
        variant="default"
        aria-label="To the change before"
        title="To the change before ([)"
        disabled={before < 0}
        onClick={() => go(before)}
      >
        ‹
      </ActionIcon>
      <div className="time-track">
        <div className="time-marks" aria-hidden="true">
          {stops.map(({ at: instant, what }, index) => (
            <i
              key={instant}
              style={{ left: `${(index / stops.length) * 100}%` }}
              data-on={index <= at || undefined}
              data-ended={what.some((one) => one.startsWith("link ended")) || undefined}
              data-revised={what.some((one) => one.includes("changed")) || undefined}
            />
          ))}
        </div>
        <input
          type="range"
          min={0}
          max={stops.length}
          step={1}
          value={Math.max(0, at)}
          aria-label={`Instant, by the changes of ${title}`}
          aria-valuetext={words}
          onChange={(event) => setDragged(Number(event.currentTarget.value))}
          onPointerUp={() => dragged !== null && go(dragged)}
          onKeyUp={() => dragged !== null && go(dragged)}
          onBlur={() => dragged !== null && go(dragged)}
        />
      </div>
      <ActionIcon
        size="sm"
        variant="default"
        aria-label="To the next change"
        title="To the next change (])"
        disabled={here >= stops.length}
        onClick={() => go(here + 1)}
      >
        ›
      </ActionIcon>
      <span className="time-words" title={words}>
        {words}
        {more && ` · the newest ${stops.length} changes`}
      </span>
      {view.since === null && compareTo !== undefined && (
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => onChange({ ...view, since: new Date(Date.parse(compareTo.at) - 1).toISOString() })}
          title={`From just before ${formatInstant(compareTo.at)} to ${shown === null ? "now" : formatInstant(shown)}`}
        >
          Compare with before
        </Button>
      )}
    </section>
  );
}

import "./lineage.css";
import { ActionIcon, Button } from "@mantine/core";
import { useEffect } from "react";
import { useAnnounce } from "../../components/live-region.js";
import type { ProblemKind } from "../../api/problem.js";
import { formatInstant } from "../../components/instant.js";
import { LabelIcon, labelName } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { DifferencePanel } from "./difference-panel.js";
import { GroupsView } from "./groups-view.js";
import { FULL, LineageFrame } from "./lineage-frame.js";
import { LineageToolbar } from "./lineage-toolbar.js";
import { LiveNotice } from "./live-notice.js";
import { filterCount } from "./node-filter.js";
import { PathsPage } from "./paths-page.js";
import { shownPhrase } from "./phrases.js";
import { ShareMenu } from "./share-menu.js";
import { TimeLine } from "./time-line.js";
import { useDifference } from "./use-difference.js";
import { useLineage, type LineageState } from "./use-lineage.js";
import { useShown, type Shown } from "./use-shown.js";
import { useSteps, type Steps } from "./use-steps.js";
import { MOST, moreOf, PAGE, reask, type LineageView } from "./view-state.js";

/** Failures that say nothing against what is on screen already. */
const KEEPS_VIEW: readonly ProblemKind[] = ["unreachable", "unavailable", "timeout", "failed"];

const pathOf = (id: string) => `/lineage/${encodeURIComponent(id).replaceAll("%3A", ":")}`;

/** Undo and redo of every step of the view. */
export function StepButtons({ undo, redo }: Pick<Steps, "undo" | "redo">) {
  return (
    <span className="steps">
      <ActionIcon
        size="sm"
        variant="default"
        aria-label="Undo"
        title="Undo (Ctrl Z)"
        disabled={undo === null}
        onClick={() => undo?.()}
      >
        ↶
      </ActionIcon>
      <ActionIcon
        size="sm"
        variant="default"
        aria-label="Redo"
        title="Redo (Ctrl Shift Z)"
        disabled={redo === null}
        onClick={() => redo?.()}
      >
        ↷
      </ActionIcon>
    </span>
  );
}

interface StatusProps {
  readonly view: LineageView;
  readonly state: LineageState;
  readonly shown: Shown;
  readonly onChange: (view: LineageView) => void;
}

/** How much is shown of how much, and the way to the rest: nothing is ever cut in silence. */
function StatusLine({ view, state: { base, merged, loading, reload }, shown, onChange }: StatusProps) {
  if (base === null || merged === null) return null;
  const titleOf = (id: string | null) => merged.nodes.find((node) => node.id === id)?.title ?? "what was chosen";
  const rest = base.total - base.shown;
  return (
    <div className="status-line">
      <span data-testid="shown">{shownPhrase(base, merged, view.depth)}</span>
      {base.hasNextPage && view.first < MOST && (
        <Button size="compact-xs" variant="light" onClick={() => onChange({ ...view, first: moreOf(view.first) })}>
          Load {Math.min(PAGE, rest).toLocaleString("en")} more
        </Button>
      )}
      {base.hasNextPage && rest > PAGE && base.total <= 1_000 && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => onChange({ ...view, first: Math.ceil(base.total / PAGE) * PAGE })}
        >
          Load all {base.total.toLocaleString("en")}
        </Button>
      )}
      {base.hasNextPage && view.first >= MOST && <span>{FULL}</span>}
      {view.only !== null && (
        <Button
          size="compact-xs"
          variant="light"
          title={`Only the line of “${titleOf(view.only)}” is shown`}
          onClick={() => onChange({ ...view, only: null })}
        >
          Only one line: {shown.left.toLocaleString("en")} left out · show all
        </Button>
      )}
      {view.ways && view.selected !== null && (
        <Button size="compact-xs" variant="light" onClick={() => onChange({ ...view, ways: false })}>
          Ways stand out · end
        </Button>
      )}
      {loading && <Waiting what="Loading" size={14} />}
      <span className="status-as-of">
        {view.asOf === null ? "As of" : "History, as of"} {formatInstant(base.asOf)}
        {view.since !== null && (
          <Button size="compact-xs" variant="light" onClick={() => onChange({ ...view, since: null })}>
            Compared with {formatInstant(view.since)} · end
          </Button>
        )}
        {view.asOf === null ? (
          <Button size="compact-xs" variant="subtle" onClick={reload}>
            Refresh
          </Button>
        ) : (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange({ ...view, asOf: null })}>
            Back to now
          </Button>
        )}
      </span>
    </div>
  );
}

function NothingFurther({
  view,
  onChange,
}: {
  readonly view: LineageView;
  readonly onChange: (view: LineageView) => void;
}) {
  const why = {
    UPSTREAM: "Nothing is recorded that it stands on.",
    DOWNSTREAM: "Nothing is recorded that stands on it.",
    BOTH: "Nothing is linked to it.",
  }[view.direction];
  return (
    <div className="nothing-further" role="note">
      <strong>{why}</strong>{" "}
      {view.edges === null
        ? "Only evidence was followed; context (topics, decisions, incidents) was left out. "
        : "Only the chosen types of link were followed. "}
      {filterCount(view.filter) > 0 && "A filter leaves some kinds of node out. "}
      {view.asOf !== null && "You look at the past: it may have been linked later. "}
      {view.direction !== "BOTH" && (
        <Button size="compact-xs" variant="light" onClick={() => onChange(reask(view, { direction: "BOTH" }))}>
          Look both ways
        </Button>
      )}
    </div>
  );
}

/** Any node's lineage, or the ways from it to another. */
export function LineagePage({ id }: { readonly id: string }) {
  const steps = useSteps(pathOf(id));
  return steps.view.to === null ? (
    <NodeLineage id={id} steps={steps} />
  ) : (
    <PathsPage id={id} to={steps.view.to} steps={steps} />
  );
}

/** One answer, as a graph and as a table, with the card of what is selected beside it. */
function NodeLineage({ id, steps }: { readonly id: string; readonly steps: Steps }) {
  const { view, setView } = steps;
  const state = useLineage({ id }, view);
  const { base, stale, loading, problem, expandProblem, reload } = state;
  const asOf = base?.asOf ?? view.asOf;
  const difference = useDifference(id, view, base?.asOf ?? null);
  const shown = useShown(state.merged, view, difference.difference);
  const announce = useAnnounce();
  const root = state.merged?.nodes.find((node) => node.id === id);
  useTitle(root === undefined ? "Lineage" : `${root.title} · ${labelName(root.label)}`);

  const said =
    state.merged === null || base === null ? "Loading the lineage" : shownPhrase(base, state.merged, view.depth);
  const quiet = problem !== null || (state.merged !== null && (loading || stale));
  useEffect(() => {
    if (!quiet) announce(said);
  }, [said, quiet, announce]);

  const fileName = base === null ? id : `${id}-${base.shown}-of-${base.total}-${base.asOf}`;
  const about = state.merged?.nodes.find((node) => node.id === view.selected) ?? root;
  return (
    <div className="lineage">
      <div className="lineage-head">
        {root !== undefined && <LabelIcon label={root.label} size={26} />}
        <h1 className="lineage-title" title={root?.title}>
          {root === undefined ? "Lineage" : root.title}
        </h1>
        <LineageToolbar
          view={view}
          answered={base?.asOf ?? null}
          onChange={setView}
          onReload={reload}
          before={<StepButtons {...steps} />}
          after={
            <ShareMenu
              view={view}
              answered={base?.asOf ?? null}
              title={root?.title ?? "Lineage"}
              exported={id}
              shown={shown}
              words={said}
            />
          }
        />
      </div>
      {shown !== null && base !== null && <StatusLine view={view} state={state} shown={shown} onChange={setView} />}
      {view.asOf === null && base !== null && (
        <LiveNotice key={id} id={id} shown={base.asOf} loading={loading} onReload={reload} />
      )}
      {about !== undefined && (
        <TimeLine key={about.id} id={about.id} title={about.title} view={view} shown={asOf} onChange={setView} />
      )}
      {expandProblem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          <strong>Neighbours of an opened node couldn't be fetched:</strong> {expandProblem.message}{" "}
          <Button size="compact-xs" variant="light" onClick={state.retryExpansions}>
            Try again
          </Button>
        </p>
      )}
      {problem !== null && (
        <ProblemPanel problem={problem} retry={reload}>
          {view.asOf !== null && (
            <Button size="xs" variant="default" onClick={() => setView(reask(view, { asOf: null }))}>
              Look at now
            </Button>
          )}
          {(view.depth !== 1 || view.first !== PAGE) && (
            <Button size="xs" variant="default" onClick={() => setView(reask(view, { depth: 1 }))}>
              Back to one hop
            </Button>
          )}
        </ProblemPanel>
      )}
      {problem === null && shown === null && (
        <div className="empty">
          <Waiting what="Loading the lineage" />
        </div>
      )}
      {(problem === null || KEEPS_VIEW.includes(problem.kind)) && shown !== null && (
        <LineageFrame
          merged={shown.merged}
          marks={shown.marks}
          view={view}
          setView={setView}
          asOf={asOf}
          direction={view.direction}
          fileName={fileName}
          busy={loading}
          stale={stale}
          note={shown.merged.nodes.length === 1 && !stale && <NothingFurther view={view} onChange={setView} />}
          groups={<GroupsView id={id} view={view} asOf={asOf} onChange={setView} />}
          onChanged={reload}
          {...(view.since !== null && {
            beside: (
              <DifferencePanel
                state={difference}
                since={view.since}
                merged={shown.merged}
                narrowed={view.edges !== null || filterCount(view.filter) > 0}
                onSelect={(selected) => setView({ ...view, selected })}
                onClose={() => setView({ ...view, since: null })}
              />
            ),
          })}
        />
      )}
    </div>
  );
}

import "./lineage.css";
import { Button, Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useAnnounce } from "../../components/live-region.js";
import type { ProblemKind } from "../../api/problem.js";
import { LabelIcon, labelName } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { formatInstant } from "../../components/instant.js";
import { LineageGraph } from "./lineage-graph.js";
import { LineageTable } from "./lineage-table.js";
import { LineageToolbar } from "./lineage-toolbar.js";
import { shownPhrase } from "./phrases.js";
import { SidePanel } from "./side-panel.js";
import { useLineage, type LineageState } from "./use-lineage.js";
import { collapse, expand, formatView, MOST, moreOf, PAGE, parseView, reask, type LineageView } from "./view-state.js";
import { Waiting } from "../../components/waiting.js";

const FULL = `One view holds ${MOST.toLocaleString("en")} nodes at most; start from a node further on.`;

/** Failures that say nothing against what is on screen already. */
const KEEPS_VIEW: readonly ProblemKind[] = ["unreachable", "unavailable", "timeout", "failed"];

/** The view as the address has it. Every change is a step of the browser's history, so Back undoes it. */
function useView(id: string): [LineageView, (view: LineageView, how?: { readonly replace: boolean }) => void] {
  const [, navigate] = useLocation();
  const search = useSearch();
  const view = useMemo(() => parseView(new URLSearchParams(search)), [search]);
  const setView = useCallback(
    (next: LineageView, how = { replace: false }) => {
      navigate(`/lineage/${encodeURIComponent(id).replaceAll("%3A", ":")}?${formatView(next)}`, how);
    },
    [id, navigate],
  );
  return [view, setView];
}

interface StatusProps {
  readonly view: LineageView;
  readonly state: LineageState;
  readonly onChange: (view: LineageView) => void;
}

/** How much is shown of how much, and the way to the rest: nothing is ever cut in silence. */
function StatusLine({ view, state: { base, merged, loading, reload }, onChange }: StatusProps) {
  if (base === null || merged === null) return null;
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
      {loading && <Waiting what="Loading" size={14} />}
      <span className="status-as-of">
        {view.asOf === null ? "As of" : "History, as of"} {formatInstant(base.asOf)}
        {view.asOf === null ? (
          <Button size="compact-xs" variant="subtle" onClick={reload}>
            Refresh
          </Button>
        ) : (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(reask(view, { asOf: null }))}>
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
      {view.asOf !== null && "You look at the past: it may have been linked later. "}
      {view.direction !== "BOTH" && (
        <Button size="compact-xs" variant="light" onClick={() => onChange(reask(view, { direction: "BOTH" }))}>
          Look both ways
        </Button>
      )}
    </div>
  );
}

/** Any node's lineage: one answer, as a graph and as a table, with the card of what is selected beside it. */
export function LineagePage({ id }: { readonly id: string }) {
  const [view, setView] = useView(id);
  const state = useLineage(id, view);
  const { merged, base, stale, loading, problem, expandProblem, reload } = state;
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const announce = useAnnounce();
  const [cardFocus, setCardFocus] = useState(0);
  const body = useRef<HTMLDivElement>(null);
  const root = merged?.nodes.find((node) => node.id === id);
  useTitle(root === undefined ? "Lineage" : `${root.title} · ${labelName(root.label)}`);

  // Callbacks read the view of the moment, so that 500 nodes needn't be given new ones at each change.
  const latest = useRef({ view, setView });
  latest.current = { view, setView };
  const select = useCallback((selected: string | null) => {
    const { view: now, setView: set } = latest.current;
    if (now.selected !== selected) set({ ...now, selected, panel: selected === null ? "details" : now.panel });
  }, []);
  const open = useCallback(
    (key: string) => {
      select(key);
      setCardFocus((turn) => turn + 1);
    },
    [select],
  );
  const onExpand = useCallback(
    (node: string) => {
      const { view: now, setView: set } = latest.current;
      const next = node === id ? { ...now, first: moreOf(now.first) } : expand(now, node);
      if (formatView(next) === formatView(now)) announce(FULL);
      else set(next);
    },
    [id, announce],
  );
  const onCollapse = useCallback((node: string) => latest.current.setView(collapse(latest.current.view, node)), []);
  const close = () => {
    const was = view.selected;
    select(null);
    // Back to where the reader was before the card.
    requestAnimationFrame(() => {
      const key = CSS.escape(was ?? "");
      body.current?.querySelector<HTMLElement>(`[data-node-id="${key}"], [data-row-key="${key}"]`)?.focus();
    });
  };

  const said = merged === null || base === null ? "Loading the lineage" : shownPhrase(base, merged, view.depth);
  const quiet = problem !== null || (merged !== null && (loading || stale));
  useEffect(() => {
    if (!quiet) announce(said);
  }, [said, quiet, announce]);

  const shownView = view.view ?? (narrow ? "table" : "graph");
  const panel =
    view.selected === null || merged === null ? null : (
      <SidePanel
        selected={view.selected}
        panel={view.panel}
        merged={merged}
        asOf={base?.asOf ?? view.asOf}
        focusTurn={cardFocus}
        onSelect={select}
        onPanel={(kind) => setView({ ...view, panel: kind }, { replace: true })}
        onClose={close}
      />
    );
  const fileName = base === null ? id : `${id}-${base.shown}-of-${base.total}-${base.asOf}`;
  const shared = {
    direction: view.direction,
    selected: view.selected,
    onSelect: select,
    onOpen: open,
    onExpand,
    onCollapse,
  };
  return (
    <div className="lineage">
      <div className="lineage-head">
        {root !== undefined && <LabelIcon label={root.label} size={26} />}
        <h1 className="lineage-title" title={root?.title}>
          {root === undefined ? "Lineage" : root.title}
        </h1>
        <LineageToolbar
          view={view}
          shownView={shownView}
          answered={base?.asOf ?? null}
          onChange={setView}
          onReload={reload}
        />
      </div>
      <StatusLine view={view} state={state} onChange={setView} />
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
      {problem === null && merged === null && (
        <div className="empty">
          <Waiting what="Loading the lineage" />
        </div>
      )}
      {(problem === null || KEEPS_VIEW.includes(problem.kind)) && merged !== null && (
        <div
          className="lineage-body"
          ref={body}
          data-view={shownView}
          aria-busy={loading}
          data-stale={stale || undefined}
        >
          <div className="lineage-main">
            {merged.nodes.length === 1 && !stale && <NothingFurther view={view} onChange={setView} />}
            {shownView !== "table" && <LineageGraph merged={merged} {...shared} />}
            {shownView !== "graph" && <LineageTable merged={merged} fileName={fileName} {...shared} />}
          </div>
          {narrow ? (
            <Drawer.Root opened={panel !== null} onClose={close} position="bottom" size="80%" padding={0}>
              <Drawer.Overlay />
              <Drawer.Content aria-label="Card">{panel}</Drawer.Content>
            </Drawer.Root>
          ) : (
            panel !== null && (
              <aside className="lineage-aside" aria-label="Card">
                {panel}
              </aside>
            )
          )}
        </div>
      )}
    </div>
  );
}

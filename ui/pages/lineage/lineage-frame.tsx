import { Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { useAnnounce } from "../../components/live-region.js";
import { Waiting } from "../../components/waiting.js";
import { LineageGraph } from "./lineage-graph.js";
import { LineageTable } from "./lineage-table.js";
import type { Marks } from "./marks.js";
import { SidePanel } from "./side-panel.js";
import type { Merged } from "./use-lineage.js";
import type { SetView } from "./use-steps.js";
import { collapse, expand, formatView, MOST, moreOf, type LineageView, type ViewKind } from "./view-state.js";

// WebGL's library is fetched by those who look from afar.
const Overview = lazy(() => import("./overview.js").then((m) => ({ default: m.Overview })));

export const FULL = `One view holds ${MOST.toLocaleString("en")} nodes at most; start from a node further on.`;

/** The form that is shown where none was chosen: narrow windows have no room for a graph. */
export function useShownView(view: LineageView): ViewKind {
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  return view.view ?? (narrow ? "table" : "graph");
}

interface Props {
  readonly merged: Merged;
  readonly marks: Marks;
  readonly view: LineageView;
  readonly setView: SetView;
  readonly asOf: string | null;
  /** Which way hidden neighbours are counted. */
  readonly direction: LineageView["direction"];
  /** Names a file of the rows. */
  readonly fileName: string;
  readonly busy: boolean;
  readonly stale: boolean;
  /** Stands above graph and table. */
  readonly note?: ReactNode;
  /** In place of graph and table. */
  readonly groups?: ReactNode;
  /** Beside them while nothing is selected. */
  readonly beside?: ReactNode;
  /** After a change from the card. */
  readonly onChanged: () => void;
}

/** One answer as graph, overview or table, with the card of what is selected beside it. */
export function LineageFrame(props: Props) {
  const { merged, marks, view, setView, asOf, direction, busy, stale } = props;
  const announce = useAnnounce();
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const [cardFocus, setCardFocus] = useState(0);
  const body = useRef<HTMLDivElement>(null);
  const shownView = useShownView(view);
  const root = merged.root;

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
      const next = node === root ? { ...now, first: moreOf(now.first) } : expand(now, node);
      if (formatView(next) === formatView(now)) announce(FULL);
      else set(next);
    },
    [root, announce],
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

  const panel =
    view.selected === null ? (
      (props.beside ?? null)
    ) : (
      <SidePanel
        selected={view.selected}
        view={view}
        setView={setView}
        merged={merged}
        asOf={asOf}
        focusTurn={cardFocus}
        onSelect={select}
        onClose={close}
        onChanged={props.onChanged}
      />
    );
  const shared = { direction, selected: view.selected, marks, onSelect: select, onOpen: open, onExpand, onCollapse };
  return (
    <div className="lineage-body" ref={body} data-view={shownView} aria-busy={busy} data-stale={stale || undefined}>
      <div className="lineage-main">
        {props.note}
        {shownView === "groups" && props.groups}
        {(shownView === "graph" || shownView === "both") && <LineageGraph merged={merged} eye={view.eye} {...shared} />}
        {shownView === "overview" && (
          <Suspense fallback={<Waiting what="Loading the overview" />}>
            <Overview merged={merged} selected={view.selected} marks={marks} onSelect={select} />
          </Suspense>
        )}
        {(shownView === "table" || shownView === "both" || (shownView === "groups" && props.groups === undefined)) && (
          <LineageTable
            merged={merged}
            fileName={props.fileName}
            asOf={asOf}
            rows={view.rows}
            onRows={(rows) => setView({ ...view, rows })}
            {...shared}
          />
        )}
      </div>
      {narrow ? (
        <Drawer.Root
          opened={panel !== null}
          onClose={() => (view.selected === null ? setView({ ...view, since: null }) : close())}
          position="bottom"
          size="80%"
          padding={0}
        >
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
  );
}

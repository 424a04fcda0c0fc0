import { Button, Checkbox, NativeSelect, Popover, SegmentedControl } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { CONTEXT_EDGES, EDGE_FACES, EDGE_TYPES, EVIDENCE_EDGES } from "../../components/edge-types.js";
import { formatInstant } from "../../components/instant.js";
import type { EdgeType, LineageDirection } from "../../gql/graphql.js";
import { useShownView } from "./lineage-frame.js";
import { NodeFilters } from "./node-filters.js";
import { hopsPhrase } from "./phrases.js";
import { reask, type LineageView, type ViewKind } from "./view-state.js";

/** The API's own limit. */
const DEPTHS = Array.from({ length: 12 }, (_, i) => i + 1);

interface Props {
  readonly view: LineageView;
  /** The instant that the answer speaks of. */
  readonly answered: string | null;
  readonly onChange: (view: LineageView) => void;
  readonly onReload: () => void;
  readonly before: ReactNode;
  readonly after: ReactNode;
}

function LinkTypes({ view, onChange }: Pick<Props, "view" | "onChange">) {
  const on = view.edges ?? EVIDENCE_EDGES;
  const set = (types: readonly EdgeType[]) => {
    const ordered = EDGE_TYPES.filter((type) => types.includes(type));
    const plain = ordered.length === EVIDENCE_EDGES.length && ordered.every((type) => EVIDENCE_EDGES.includes(type));
    // Nothing to follow answers with the start alone; the server wants at least one type named.
    if (ordered.length > 0) onChange(reask(view, { edges: plain ? null : ordered }));
  };
  const group = (title: string, types: readonly EdgeType[]) => (
    <fieldset className="type-group">
      <legend>{title}</legend>
      {types.map((type) => (
        <Checkbox
          key={type}
          size="xs"
          checked={on.includes(type)}
          disabled={on.length === 1 && on.includes(type)}
          onChange={(event) => set(event.currentTarget.checked ? [...on, type] : on.filter((other) => other !== type))}
          label={EDGE_FACES[type].along}
        />
      ))}
    </fieldset>
  );
  const context = CONTEXT_EDGES.some((type) => on.includes(type));
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="default">
          Links: {view.edges === null ? "evidence" : on.length === EDGE_TYPES.length ? "all" : `${on.length} types`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Types of link to follow">
        {group("Evidence", EVIDENCE_EDGES)}
        {group("Context", CONTEXT_EDGES)}
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => set(context ? on.filter((type) => !CONTEXT_EDGES.includes(type)) : [...on, ...CONTEXT_EDGES])}
        >
          {context ? "Leave context out" : "Follow context as well"}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

/** `datetime-local` speaks of the reader's own time zone, without naming it. */
const toLocalField = (iso: string) => {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
};

function AsOf({ view, answered, onChange, onReload }: Omit<Props, "before" | "after">) {
  const [opened, setOpened] = useState(false);
  const pinned = view.asOf !== null;
  const [text, setText] = useState("");
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant={pinned ? "light" : "default"}
          onClick={() => {
            setText(answered === null ? "" : toLocalField(answered));
            setOpened(!opened);
          }}
        >
          As of {pinned && view.asOf !== null ? formatInstant(view.asOf) : "now"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Instant to look at">
        <form
          className="as-of"
          onSubmit={(event) => {
            event.preventDefault();
            const at = new Date(text);
            if (Number.isNaN(at.getTime())) return;
            setOpened(false);
            onChange({ ...view, asOf: at.toISOString() });
          }}
        >
          <label htmlFor="as-of-field">The graph as it was recorded at</label>
          <input
            id="as-of-field"
            type="datetime-local"
            step="1"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            required
          />
          <div className="as-of-buttons">
            <Button type="submit" size="xs">
              Look at that instant
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setOpened(false);
                if (pinned) onChange({ ...view, asOf: null });
                else onReload();
              }}
            >
              {pinned ? "Back to now" : "Refresh"}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

const FORMS: readonly (readonly [ViewKind, string])[] = [
  ["graph", "Graph"],
  ["overview", "Overview"],
  ["table", "Table"],
  ["both", "Both"],
  ["groups", "Groups"],
];

/** In which form the answer is shown; `groups` only where there is a lineage to group. */
export function FormChoice({
  view,
  onChange,
  groups,
}: Pick<Props, "view" | "onChange"> & { readonly groups: boolean }) {
  const shownView = useShownView(view);
  return (
    <SegmentedControl
      size="xs"
      aria-label="Form"
      value={shownView}
      onChange={(kind) => onChange({ ...view, view: kind as ViewKind })}
      data={FORMS.filter(([value]) => groups || value !== "groups").map(([value, label]) => ({ value, label }))}
    />
  );
}

/** What to look at: which way, how far, along what, at which instant, and in which form. */
export function LineageToolbar({ view, answered, onChange, onReload, before, after }: Props) {
  return (
    <div className="toolbar" role="toolbar" aria-label="What to look at">
      {before}
      <SegmentedControl
        size="xs"
        aria-label="Direction"
        value={view.direction}
        onChange={(direction) => onChange(reask(view, { direction: direction as LineageDirection }))}
        data={[
          { value: "DOWNSTREAM", label: "← Stands on it" },
          { value: "BOTH", label: "Both ways" },
          { value: "UPSTREAM", label: "It stands on →" },
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label="How far"
        value={String(view.depth)}
        onChange={(event) => onChange(reask(view, { depth: Number(event.currentTarget.value) }))}
        data={(DEPTHS.includes(view.depth) ? DEPTHS : [...DEPTHS, view.depth]).map((depth) => ({
          value: String(depth),
          label: hopsPhrase(depth),
        }))}
      />
      <LinkTypes view={view} onChange={onChange} />
      <NodeFilters view={view} onChange={onChange} />
      <AsOf view={view} answered={answered} onChange={onChange} onReload={onReload} />
      <span className="toolbar-gap" />
      <FormChoice view={view} onChange={onChange} groups />
      {after}
    </div>
  );
}

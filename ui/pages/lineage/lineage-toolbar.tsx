import { Button, Checkbox, NativeSelect, Popover, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { AsOf } from "../../components/as-of.js";
import { CONTEXT_EDGES, EDGE_FACES, EDGE_TYPES, EVIDENCE_EDGES } from "../../components/edge-types.js";
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
      <AsOf asOf={view.asOf} answered={answered} onChange={(asOf) => onChange({ ...view, asOf })} onReload={onReload} />
      <span className="toolbar-gap" />
      <FormChoice view={view} onChange={onChange} groups />
      {after}
    </div>
  );
}

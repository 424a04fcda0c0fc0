import { Button, Checkbox, Popover } from "@mantine/core";
import { LABEL_FACES } from "../../components/node-label.js";
import type { LineageStatus } from "../../gql/graphql.js";
import {
  CONFIDENCE_WORDS,
  FILTER_LABELS,
  filterCount,
  FRESHNESS_WORDS,
  NO_FILTER,
  STATUS_WORDS,
  type NodeFilter,
} from "./node-filter.js";
import { reask, type LineageView } from "./view-state.js";

interface Props {
  readonly view: LineageView;
  readonly onChange: (view: LineageView) => void;
}

const TIERS = { 1: "tier 1, primary or official", 2: "tier 2, edited", 3: "tier 3, anything else" } as const;

/** Which nodes are shown; what is left out counts as hidden on its neighbours. */
export function NodeFilters({ view, onChange }: Props) {
  const { filter } = view;
  const count = filterCount(filter);
  const set = (change: Partial<NodeFilter>) => onChange(reask(view, { filter: { ...filter, ...change } }));
  const group = <T extends string | number>(
    title: string,
    key: keyof NodeFilter,
    choices: readonly (readonly [T, string])[],
  ) => (
    <fieldset className="type-group">
      <legend>{title}</legend>
      {choices.map(([value, words]) => {
        const on = filter[key] as readonly (string | number)[];
        return (
          <Checkbox
            key={value}
            size="xs"
            checked={on.includes(value)}
            onChange={(event) =>
              set({ [key]: event.currentTarget.checked ? [...on, value] : on.filter((other) => other !== value) })
            }
            label={words}
          />
        );
      })}
    </fieldset>
  );
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant={count === 0 ? "default" : "light"}>
          {count === 0 ? "Filter" : `Filter: ${count}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Which nodes to show" className="node-filters">
        <p className="card-note">Within a group any may hold, of the groups all must. The start node always stays.</p>
        <div className="filter-groups">
          {group(
            "Kind",
            "labels",
            FILTER_LABELS.map((label) => [label, LABEL_FACES[label].name] as const),
          )}
          {group(
            "Status",
            "statuses",
            (Object.keys(STATUS_WORDS) as LineageStatus[]).map((status) => [status, STATUS_WORDS[status]] as const),
          )}
          <div>
            {group(
              "Tier of a source",
              "tiers",
              ([1, 2, 3] as const).map((tier) => [tier, TIERS[tier]] as const),
            )}
            {group(
              "Freshness",
              "freshness",
              (["FRESH", "STALE", "TIMELESS"] as const).map((one) => [one, FRESHNESS_WORDS[one]] as const),
            )}
            {group(
              "Confidence",
              "confidence",
              (["HIGH", "MEDIUM", "LOW"] as const).map((one) => [one, CONFIDENCE_WORDS[one]] as const),
            )}
          </div>
        </div>
        {count > 0 && (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(reask(view, { filter: NO_FILTER }))}>
            Show all
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

import { Button, Popover } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { lineageHref } from "../../components/lineage-link.js";
import { WatchButton } from "../../components/live/watch-button.js";
import { NodePicker } from "../../components/node-picker.js";
import type { NodeLabel } from "../../gql/graphql.js";
import type { SetView } from "./use-steps.js";
import type { LineageView } from "./view-state.js";

interface Props {
  readonly node: { readonly id: string; readonly label: NodeLabel };
  readonly root: string;
  readonly view: LineageView;
  readonly setView: SetView;
}

/** What can be done in the view with the node that is selected. */
export function NodeActions({ node, root, view, setView }: Props) {
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const away = node.id !== root && root !== "";
  const toggleWays = () => away && setView({ ...view, ways: !view.ways });
  const toggleOnly = () => setView({ ...view, only: view.only === node.id ? null : node.id });
  useHotkeys([
    ["P", toggleWays],
    ["I", toggleOnly],
  ]);
  return (
    <div className="card-actions">
      {away && (
        <Button component={Link} href={lineageHref(node)} size="compact-xs" variant="default">
          Start from here
        </Button>
      )}
      {away && (
        <Button
          size="compact-xs"
          variant={view.ways ? "light" : "default"}
          aria-pressed={view.ways}
          onClick={toggleWays}
        >
          Show the way to it
        </Button>
      )}
      <Button
        size="compact-xs"
        variant={view.only === node.id ? "light" : "default"}
        aria-pressed={view.only === node.id}
        onClick={toggleOnly}
      >
        Only its line
      </Button>
      <WatchButton id={node.id} />
      <Popover opened={asking} onChange={setAsking} position="bottom-end" width={300} trapFocus returnFocus shadow="md">
        <Popover.Target>
          <Button size="compact-xs" variant="default" onClick={() => setAsking(!asking)}>
            Ways to…
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Ways to another node">
          <NodePicker
            label="Show how it hangs together with"
            placeholder="A source, a claim, an episode…"
            except={node.id}
            value={null}
            onChange={(picked) => {
              if (picked === null) return;
              setAsking(false);
              const to = `to=${encodeURIComponent(picked.id)}`;
              if (node.id === root) setView({ ...view, to: picked.id, selected: null, only: null });
              else navigate(`${lineageHref(node).split("?")[0] ?? ""}?${to}`);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

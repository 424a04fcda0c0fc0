import { Button } from "@mantine/core";
import { useEffect } from "react";
import { formatInstant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { LineageFrame } from "./lineage-frame.js";
import { StepButtons } from "./lineage-page.js";
import { FormChoice } from "./lineage-toolbar.js";
import { hopsPhrase } from "./phrases.js";
import { ShareMenu } from "./share-menu.js";
import { usePaths, type Paths } from "./use-paths.js";
import { useShown } from "./use-shown.js";
import type { Steps } from "./use-steps.js";

const phrase = ({ shown, total, totalIsExact, paths }: Paths): string => {
  const [first] = paths;
  const lengths = first === undefined ? "" : `, the shortest over ${hopsPhrase(first.length)}`;
  return `Showing ${shown.toLocaleString("en")} of ${totalIsExact ? "" : "at least "}${total.toLocaleString("en")} ${total === 1 ? "way" : "ways"}${lengths}`;
};

/** How two nodes hang together: the shortest ways between them, as graph and table. */
export function PathsPage({ id, to, steps }: { readonly id: string; readonly to: string; readonly steps: Steps }) {
  const { view, setView } = steps;
  const { paths, merged, problem, fetching, again } = usePaths(id, to, view.asOf);
  const shown = useShown(merged, view);
  const announce = useAnnounce();
  const titleOf = (node: string) => merged?.nodes.find((one) => one.id === node)?.title;
  const title = `Ways from “${titleOf(id) ?? id}” to “${titleOf(to) ?? to}”`;
  useTitle("Ways between two nodes");
  const said = paths === null ? "Looking for ways" : phrase(paths);
  useEffect(() => announce(said), [said, announce]);
  const back = () => setView({ ...view, to: null, selected: null, only: null });
  return (
    <div className="lineage">
      <div className="lineage-head">
        <h1 className="lineage-title lineage-title-wide">{title}</h1>
        <div className="toolbar" role="toolbar" aria-label="What to look at">
          <StepButtons {...steps} />
          <Button size="xs" variant="default" onClick={back}>
            Back to the lineage
          </Button>
          <span className="toolbar-gap" />
          <FormChoice view={view} onChange={setView} groups={false} />
          <ShareMenu
            view={view}
            answered={paths?.asOf ?? null}
            title={title}
            exported={null}
            shown={shown}
            words={said}
          />
        </div>
      </div>
      {paths !== null && (
        <div className="status-line">
          <span data-testid="shown">{said}</span>
          {view.only !== null && (
            <Button size="compact-xs" variant="light" onClick={() => setView({ ...view, only: null })}>
              Only one line · show all
            </Button>
          )}
          <span>Neighbours off these ways aren’t counted here.</span>
          <span className="status-as-of">As of {formatInstant(paths.asOf)}</span>
        </div>
      )}
      {problem !== null && <ProblemPanel problem={problem} retry={again} />}
      {paths === null && problem === null && (
        <div className="empty">
          <Waiting what="Looking for ways" />
        </div>
      )}
      {paths !== null && paths.paths.length === 0 && (
        <div className="empty">
          <h2>Nothing joins these two</h2>
          <p>{paths.reason}</p>
          <Button size="xs" variant="default" onClick={back}>
            Back to the lineage
          </Button>
        </div>
      )}
      {shown !== null && paths !== null && paths.paths.length > 0 && (
        <LineageFrame
          merged={shown.merged}
          marks={shown.marks}
          view={view}
          setView={setView}
          asOf={paths.asOf}
          direction="BOTH"
          fileName={`${id}-to-${to}-${paths.asOf}`}
          busy={fetching}
          stale={false}
          onChanged={again}
        />
      )}
    </div>
  );
}

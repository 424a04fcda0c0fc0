import "../lineage/lineage.css";
import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useLocation, useSearchParams } from "wouter";
import type { ProblemKind } from "../../api/problem.js";
import { formatInstant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { LineageFrame } from "../lineage/lineage-frame.js";
import { StepButtons } from "../lineage/lineage-page.js";
import { FormChoice } from "../lineage/lineage-toolbar.js";
import { ShareMenu } from "../lineage/share-menu.js";
import { useLineage, type LineageAnswer } from "../lineage/use-lineage.js";
import { useShown } from "../lineage/use-shown.js";
import { useSteps } from "../lineage/use-steps.js";
import { MOST, moreOf, PAGE } from "../lineage/view-state.js";
import { SelectBar } from "./select-bar.js";

const EXAMPLES = [
  ["tier:3 and +episode:*", "sources of tier 3 that an episode stands on"],
  ["status:retracted+ and episode:*", "episodes that stand on something retracted"],
  ["claim:* and freshness:stale and +(status:published,corrected)", "claims that need a check in what is live"],
] as const;

const KEEPS_VIEW: readonly ProblemKind[] = ["unreachable", "unavailable", "timeout", "failed"];

const phrase = ({ shown, total, totalIsExact, edges }: LineageAnswer) =>
  `Showing ${shown.toLocaleString("en")} of ${totalIsExact ? "" : "at least "}${total.toLocaleString("en")} selected nodes · ${edges.length.toLocaleString("en")} links`;

/** Nodes chosen by an expression, which is the address: as graph and table, like any lineage. */
export function SelectPage() {
  const [params] = useSearchParams();
  const expression = params.get("q") ?? "";
  useTitle(expression === "" ? "Select" : expression);
  const [, navigate] = useLocation();
  return (
    <div className="lineage">
      <div className="lineage-head select-head">
        <h1 className="lineage-title">Select</h1>
        <SelectBar
          key={expression}
          asked={expression}
          onAsk={(next) => navigate(`/select?q=${encodeURIComponent(next)}`)}
        />
      </div>
      {expression === "" ? (
        <div className="empty">
          <h2>Which nodes?</h2>
          <p>
            Write what you look for; the field completes it. A plus before or after takes in what a node stands on, or
            what stands on it.
          </p>
          <ul className="examples">
            {EXAMPLES.map(([text, what]) => (
              <li key={text}>
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={() => navigate(`/select?q=${encodeURIComponent(text)}`)}
                >
                  <code>{text}</code>
                </Button>{" "}
                {what}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Selected key={expression} expression={expression} />
      )}
    </div>
  );
}

function Selected({ expression }: { readonly expression: string }) {
  const steps = useSteps("/select", `q=${encodeURIComponent(expression)}`);
  const { view, setView } = steps;
  const { base, merged, loading, stale, problem, expandProblem, retryExpansions, reload } = useLineage(
    { expression },
    view,
  );
  const shown = useShown(merged, view);
  const announce = useAnnounce();
  const said = base === null ? "Selecting" : phrase(base);
  useEffect(() => announce(said), [said, announce]);
  // The server counts from 1.
  const at = problem?.position === undefined ? null : problem.position - 1;
  return (
    <>
      <div className="toolbar select-toolbar" role="toolbar" aria-label="What to look at">
        <StepButtons {...steps} />
        <span className="toolbar-gap" />
        <FormChoice view={view} onChange={setView} groups={false} />
        <ShareMenu
          view={view}
          answered={base?.asOf ?? null}
          title={expression}
          exported={null}
          shown={shown}
          words={said}
        />
      </div>
      {base !== null && (
        <div className="status-line">
          <span data-testid="shown">
            {said}
            {merged !== null && merged.nodes.length > base.nodes.length
              ? `, ${(merged.nodes.length - base.nodes.length).toLocaleString("en")} more by expanding`
              : ""}
          </span>
          {base.hasNextPage && view.first < MOST && (
            <Button size="compact-xs" variant="light" onClick={() => setView({ ...view, first: moreOf(view.first) })}>
              Load {Math.min(PAGE, base.total - base.shown).toLocaleString("en")} more
            </Button>
          )}
          {view.only !== null && (
            <Button size="compact-xs" variant="light" onClick={() => setView({ ...view, only: null })}>
              Only one line · show all
            </Button>
          )}
          {loading && <Waiting what="Loading" size={14} />}
          <span className="status-as-of">As of {formatInstant(base.asOf)}</span>
        </div>
      )}
      {expandProblem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          <strong>Neighbours of an opened node couldn't be fetched:</strong> {expandProblem.message}{" "}
          <Button size="compact-xs" variant="light" onClick={retryExpansions}>
            Try again
          </Button>
        </p>
      )}
      {problem !== null && at === null && <ProblemPanel problem={problem} retry={reload} />}
      {problem !== null && at !== null && (
        <section className="problem" role="alert" data-problem="bad-input">
          <h2 className="side-title">This can’t be read</h2>
          <pre className="pointed">
            {expression.slice(0, at)}
            <mark>{expression.slice(at, at + 1) || " "}</mark>
            {expression.slice(at + 1)}
          </pre>
          <p>{problem.message}</p>
        </section>
      )}
      {problem === null && shown === null && (
        <div className="empty">
          <Waiting what="Selecting" />
        </div>
      )}
      {base !== null && base.total === 0 && problem === null && (
        <div className="empty">
          <h2>Nothing is selected by this</h2>
          <p>
            Every part must hold where it says “and”. Take one away, or write “or”; a title may be shortened to a word
            that stands in it.
          </p>
        </div>
      )}
      {(problem === null || KEEPS_VIEW.includes(problem.kind)) && shown !== null && base !== null && base.total > 0 && (
        <LineageFrame
          merged={shown.merged}
          marks={shown.marks}
          view={view}
          setView={setView}
          asOf={base.asOf}
          direction="BOTH"
          fileName={`selection-${base.shown}-of-${base.total}-${base.asOf}`}
          busy={loading}
          stale={stale}
          onChanged={reload}
        />
      )}
    </>
  );
}

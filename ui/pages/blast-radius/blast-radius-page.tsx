import { SegmentedControl } from "@mantine/core";
import { useQuery } from "urql";
import { useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { CorrectionState } from "../../gql/graphql.js";
import { TaskRow } from "./task-row.js";

const BlastRadiusPage_Tasks = graphql(/* GraphQL */ `
  query BlastRadiusPage_Tasks($filter: CorrectionTaskFilter, $after: String) {
    correctionTasks(filter: $filter, first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...TaskRow_Task
        }
      }
    }
  }
`);

const SHOWN = {
  "to-do": { label: "To do", state: ["OPEN", "IN_PROGRESS"], none: "Nothing live stands on a source that fell." },
  closed: { label: "Closed", state: ["DONE", "DROPPED"], none: "No correction was closed yet." },
  all: { label: "All", state: null, none: "No source that live episodes stand on has fallen yet." },
} as const satisfies Record<string, { label: string; state: readonly CorrectionState[] | null; none: string }>;
type Shown = keyof typeof SHOWN;

const isShown = (given: string | null): given is Shown => given !== null && Object.hasOwn(SHOWN, given);

/** What fell, which live episodes stand on it, and who puts them right. */
export function BlastRadiusPage() {
  useTitle("Blast radius");
  const [params, setParams] = useSearchParams();
  const given = params.get("show");
  const shown: Shown = isShown(given) ? given : "to-do";
  const [incidentId, episodeId] = [params.get("incident"), params.get("episode")];
  const pages = usePages(["Earlier", "Later"]);
  const { state, none } = SHOWN[shown];
  const filter = { state: state === null ? null : [...state], incidentId, episodeId };
  const [{ data, error, fetching }, again] = useQuery({
    query: BlastRadiusPage_Tasks,
    variables: { filter, after: pages.after },
  });
  const edges = data?.correctionTasks.edges ?? [];
  const refresh = () => again({ requestPolicy: "network-only" });
  return (
    <div className="page page-wide">
      <h1 className="page-title governance-title">Blast radius</h1>
      <p className="page-about">
        Sources that went stale, are dead, were retracted or say something else by now, and the live episodes that stand
        on them: a task each, with its owners and what could be done. What was published stays as it was until a
        correction is published.
      </p>
      <section className="panel" aria-label="Corrections" aria-busy={fetching}>
        <SegmentedControl
          size="xs"
          aria-label="Which corrections"
          value={shown}
          onChange={(value) => {
            pages.reset();
            setParams({
              show: value,
              ...(incidentId === null ? {} : { incident: incidentId }),
              ...(episodeId === null ? {} : { episode: episodeId }),
            });
          }}
          data={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))}
        />
        {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={refresh} />}
        {data === undefined && fetching && <Waiting what="Loading corrections" />}
        {data !== undefined && edges.length === 0 && <p className="panel-empty">{none}</p>}
        {edges.length > 0 && (
          <ul className="rows">
            {edges.map(({ node }) => (
              <TaskRow key={node.id} task={node} changed={refresh} />
            ))}
          </ul>
        )}
        {data !== undefined && edges.length > 0 && pages.buttons(data.correctionTasks)}
      </section>
    </div>
  );
}

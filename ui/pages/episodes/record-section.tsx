import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";

const RecordSection_Record = graphql(/* GraphQL */ `
  query RecordSection_Record($id: ID!, $asOf: DateTime) {
    decisions(filter: { aboutId: $id }, first: 100, asOf: $asOf) {
      totalCount
      edges {
        node {
          id
          label
          title
          outcome
          rationale
          decidedAt
        }
      }
    }
    kpiRecords(filter: { subjectId: $id }, first: 500, asOf: $asOf) {
      totalCount
      edges {
        node {
          id
          day
          impressions
          views
          ctr
          avdSeconds
          revenue
          currency
        }
      }
    }
  }
`);

/** Days that are shown; the others are counted. */
const DAYS = 14;
const number = (value: number | null | undefined, digits = 0): string =>
  value == null ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits });

interface Props {
  readonly id: string;
  readonly asOf: string | null;
}

/** What was decided about the episode, and what was measured of it. */
export function RecordSection({ id, asOf }: Props) {
  const [{ data, error, fetching }, again] = useQuery({ query: RecordSection_Record, variables: { id, asOf } });
  const decisions = data?.decisions.edges.map(({ node }) => node).toReversed() ?? [];
  const days = data?.kpiRecords.edges.map(({ node }) => node).toSorted((a, b) => (a.day < b.day ? 1 : -1)) ?? [];
  const measured = data?.kpiRecords.totalCount ?? 0;
  return (
    <>
      <section className="panel" aria-labelledby="episode-decisions" aria-busy={fetching}>
        <h2 id="episode-decisions">Decisions about it</h2>
        {error !== undefined && (
          <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
        )}
        {data === undefined && fetching && <Waiting what="Loading decisions" />}
        {data !== undefined && decisions.length === 0 && <p className="panel-empty">None is recorded.</p>}
        <ul className="decided">
          {decisions.map((one) => (
            <li key={one.id}>
              <LineageLink node={one}>{one.title}</LineageLink>
              <p>
                <strong>{one.outcome}</strong> {one.rationale}
              </p>
              <p className="count-line">
                <Instant at={one.decidedAt} />
              </p>
            </li>
          ))}
        </ul>
        {(data?.decisions.totalCount ?? 0) > decisions.length && (
          <p className="count-line">
            The first {decisions.length} of {data!.decisions.totalCount.toLocaleString("en")} are listed.
          </p>
        )}
      </section>
      <section className="panel" aria-labelledby="episode-figures">
        <h2 id="episode-figures">Figures</h2>
        {data !== undefined && days.length === 0 && (
          <p className="panel-empty">Nothing was measured of it. Figures come by import, API or webhook.</p>
        )}
        {days.length > 0 && (
          <>
            <div className="sheet-scroll" tabIndex={0} role="group" aria-label="Figures by day, a table">
              <table className="sheet">
                <thead>
                  <tr>
                    <th scope="col">Day</th>
                    <th scope="col">Impressions</th>
                    <th scope="col">Views</th>
                    <th scope="col">Clicks</th>
                    <th scope="col">Watched</th>
                    <th scope="col">Revenue</th>
                  </tr>
                </thead>
                <tbody>
                  {days.slice(0, DAYS).map((one) => (
                    <tr key={one.id}>
                      <th scope="row">{one.day}</th>
                      <td>{number(one.impressions)}</td>
                      <td>{number(one.views)}</td>
                      <td>{one.ctr == null ? "–" : `${number(one.ctr * 100, 2)} %`}</td>
                      <td>{one.avdSeconds == null ? "–" : `${number(one.avdSeconds)} s`}</td>
                      <td>{one.revenue == null ? "–" : `${number(one.revenue, 2)} ${one.currency ?? ""}`}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {measured > Math.min(days.length, DAYS) && (
              <p className="count-line">
                {days.length < measured ? "Of the days recorded first, the" : "The"} newest{" "}
                {Math.min(days.length, DAYS)} of {measured.toLocaleString("en")}.
              </p>
            )}
          </>
        )}
      </section>
    </>
  );
}

import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { SearchField } from "../../components/search-field.js";
import { useTitle } from "../../components/use-title.js";
import { graphql } from "../../gql/gql.js";
import { LiveEpisodes } from "./live-episodes.js";
import { WeakestPanel } from "../weakest/weakest-panel.js";
import { WeakSpots } from "./weak-spots.js";

const HomePage_Overview = graphql(/* GraphQL */ `
  query HomePage_Overview($first: Int!) {
    live: episodes(filter: { status: [PUBLISHED, CORRECTED] }, first: $first) {
      ...LiveEpisodes_Episodes
    }
    badSources: sources(filter: { status: [RETRACTED, DEAD] }, first: $first) {
      ...WeakSpots_Sources
    }
    staleSources: sources(filter: { status: [STALE] }, first: $first) {
      ...WeakSpots_Sources
    }
    doubtfulClaims: claims(filter: { status: [WRONG, NEEDS_RECHECK] }, first: $first) {
      ...WeakSpots_Claims
    }
    weakest(first: 5) {
      ...WeakestPanel_Weakest
    }
    openIncidents: incidents(filter: { status: [OPEN] }, first: $first) {
      ...WeakSpots_Incidents
    }
  }
`);

/** Where an analyst starts: a question, what is live, and what is weak. */
export function HomePage() {
  useTitle("");
  const [{ data, error, fetching }, again] = useQuery({
    query: HomePage_Overview,
    variables: { first: 100 },
  });
  return (
    <div className="page home">
      <section className="hero" aria-labelledby="home-title">
        <h1 id="home-title">What does it stand on?</h1>
        <p>Follow any sentence back to its quote, and any source forward to the episodes that stand on it.</p>
        <SearchField />
      </section>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      <div className="home-columns" aria-busy={fetching}>
        {data !== undefined && (
          <>
            <div className="home-column">
              <WeakestPanel weakest={data.weakest} />
              <LiveEpisodes episodes={data.live} />
            </div>
            <WeakSpots
              badSources={data.badSources}
              staleSources={data.staleSources}
              claims={data.doubtfulClaims}
              incidents={data.openIncidents}
            />
          </>
        )}
      </div>
    </div>
  );
}

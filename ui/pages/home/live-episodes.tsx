import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { NodeBadges } from "../../components/node-badges.js";
import { LabelIcon } from "../../components/node-label.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const LiveEpisodes_Episodes = graphql(/* GraphQL */ `
  fragment LiveEpisodes_Episodes on EpisodeConnection {
    totalCount
    totalIsExact
    edges {
      node {
        id
        label
        title
        publishedAt
        ...NodeBadges_Node
        channel {
          id
          title
        }
        owner {
          id
          title
        }
      }
    }
  }
`);

const SHOWN = 8;

/** The newest of what is live; when there are more than one page brings, it says that they are some, not the newest. */
export function LiveEpisodes(props: { readonly episodes: FragmentType<typeof LiveEpisodes_Episodes> }) {
  const { edges, totalCount, totalIsExact } = readFragment(LiveEpisodes_Episodes, props.episodes);
  const all = edges.map((edge) => edge.node);
  const complete = totalIsExact && all.length === totalCount;
  const newest = all.toSorted((a, b) => (b.publishedAt ?? "").localeCompare(a.publishedAt ?? "")).slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby="live-title">
      <header className="panel-header">
        <h2 id="live-title">{complete ? "Latest live episodes" : "Live episodes"}</h2>
        {totalCount > 0 && (
          <span className="count-line">
            {newest.length} of {totalIsExact ? "" : "at least "}
            {totalCount.toLocaleString("en")}
          </span>
        )}
      </header>
      {newest.length === 0 ? (
        <p className="panel-empty">
          Nothing is live yet. An episode shows here once it is published. To see lineage without one, import claims:{" "}
          <code>./throughline import claims FILE --tenant T</code>
        </p>
      ) : (
        <ul className="rows">
          {newest.map((episode) => (
            <li key={episode.id}>
              <LineageLink node={episode} className="row">
                <LabelIcon label="EPISODE" size={28} />
                <span className="row-text">
                  <span className="row-title">{episode.title}</span>
                  <span className="row-detail">
                    {[episode.channel?.title, episode.owner?.title].filter(Boolean).join(" · ")}
                    {episode.publishedAt != null && (
                      <>
                        {" · "}
                        <Instant at={episode.publishedAt} precision="day" />
                      </>
                    )}
                  </span>
                </span>
                <NodeBadges node={episode} />
              </LineageLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

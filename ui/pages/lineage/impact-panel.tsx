import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { Instant } from "../../components/instant.js";
import { countOf, LabelIcon } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { graphql } from "../../gql/gql.js";
import { Listed, NodeRef, Section } from "./cards/parts.js";
import { Waiting } from "../../components/waiting.js";

const ImpactPanel_Impact = graphql(/* GraphQL */ `
  query ImpactPanel_Impact($id: ID!, $asOf: DateTime) {
    impact(id: $id, asOf: $asOf) {
      asOf
      totals {
        label
        count
      }
      totalIsExact
      liveEpisodeCount
      liveEpisodes {
        id
        publishedAt
        ...NodeRef_Node
        owner {
          id
          title
        }
      }
      owners {
        id
        title
      }
      claimsLosingSupportCount
      claimsLosingSupport {
        id
        ...NodeRef_Node
      }
      claimsLosingContradictionCount
      claimsLosingContradiction {
        id
        ...NodeRef_Node
      }
    }
  }
`);

/** What stands on a node, and so what would have to be looked at if it fell. */
export function ImpactPanel({ id, asOf }: { readonly id: string; readonly asOf: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: ImpactPanel_Impact, variables: { id, asOf } });
  if (error !== undefined)
    return <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />;
  if (data === undefined || fetching) return <Waiting what="Counting what stands on it" size="sm" />;
  const { impact } = data;
  const totals = impact.totals.filter((total) => total.count > 0);
  return (
    <>
      <p className="card-note">
        Counts support only: what contradicts a claim, or was merely considered, doesn't carry it.{" "}
        {!impact.totalIsExact && "There is more than could be counted in time: these are lower bounds."}
      </p>
      {totals.length === 0 ? (
        <p className="card-text">Nothing stands on it. If it fell, no claim, scene or episode would have to change.</p>
      ) : (
        <ul className="totals">
          {totals.map(({ label, count }) => (
            <li key={label}>
              <LabelIcon label={label} size={20} />
              {impact.totalIsExact ? "" : "at least "}
              {countOf(label, count)}
            </li>
          ))}
        </ul>
      )}
      <Section title="Live episodes" count={impact.liveEpisodeCount}>
        <Listed items={impact.liveEpisodes} total={impact.liveEpisodeCount} empty="No live episode stands on it.">
          {(episode) => (
            <li key={episode.id}>
              <NodeRef
                node={episode}
                detail={
                  <>
                    {episode.owner?.title ?? "no owner"}
                    {episode.publishedAt != null && (
                      <>
                        {" · "}
                        <Instant at={episode.publishedAt} precision="day" />
                      </>
                    )}
                  </>
                }
              />
            </li>
          )}
        </Listed>
      </Section>
      {impact.owners.length > 0 && (
        <Section title="Who answers for them" count={impact.owners.length}>
          <p className="card-text">{impact.owners.map((owner) => owner.title).join(", ")}</p>
        </Section>
      )}
      <Section title="Claims that would lose their last independent support" count={impact.claimsLosingSupportCount}>
        <Listed
          items={impact.claimsLosingSupport}
          total={impact.claimsLosingSupportCount}
          empty="None: each has other support, or none stands on it."
        >
          {(claim) => (
            <li key={claim.id}>
              <NodeRef node={claim} />
            </li>
          )}
        </Listed>
      </Section>
      <Section title="Claims that would lose a contradiction" count={impact.claimsLosingContradictionCount}>
        <Listed items={impact.claimsLosingContradiction} total={impact.claimsLosingContradictionCount} empty="None.">
          {(claim) => (
            <li key={claim.id}>
              <NodeRef node={claim} />
            </li>
          )}
        </Listed>
      </Section>
    </>
  );
}

import { useState } from "react";
import { useQuery } from "urql";
import { Link, useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { AsOf } from "../../components/as-of.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant, formatInstant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { WatchButton } from "../../components/live/watch-button.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { RUN_BADGES } from "../runs/states.js";
import { ChecksSection } from "./checks-section.js";
import { EpisodeBadge } from "./episode-badge.js";
import { PackSection } from "./pack-section.js";
import { ProposalsSection } from "./proposals-section.js";
import { RecordSection } from "./record-section.js";
import { ScenesSection } from "./scenes-section.js";
import "./episodes.css";

const EpisodePage_Episode = graphql(/* GraphQL */ `
  query EpisodePage_Episode($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      ... on Episode {
        id
        label
        title
        status
        publishedAt
        channel {
          id
          label
          title
        }
        topic {
          id
          label
          title
        }
        owner {
          id
          title
        }
        scenes {
          id
          ...ScenesSection_Scene
        }
        runs {
          id
          title
          runStatus: status
          startedAt
        }
      }
    }
    published: proposals(filter: { subjectId: $id, action: [publishEpisode], status: [DONE] }, first: 1, asOf: $asOf) {
      asOf
      edges {
        node {
          id
          proposerName
          approvals {
            id
            verdict
            approverName
          }
        }
      }
    }
  }
`);

/** One episode: what it says, what that stands on, what keeps it from being published, and what it was published on. */
export function EpisodePage({ id }: { readonly id: string }) {
  const [params, setParams] = useSearchParams();
  const asOf = params.get("asOf");
  // Counts up with each act: everything is asked anew.
  const [turn, setTurn] = useState(0);
  const [{ data, error, fetching }, again] = useQuery({ query: EpisodePage_Episode, variables: { id, asOf } });
  const look = () => {
    again({ requestPolicy: "network-only" });
    setTurn((last) => last + 1);
  };
  const episode = data?.node?.__typename === "Episode" ? data.node : null;
  useTitle(episode?.title ?? "Episode");
  const published = data?.published.edges[0]?.node;
  return (
    <div className="page page-wide">
      <nav aria-label="Episodes" className="places">
        <Link href="/episodes">All episodes</Link>
      </nav>
      {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
      {data === undefined && fetching && <Waiting what="Loading the episode" />}
      {data !== undefined && episode === null && (
        <ProblemPanel
          problem={{ kind: "not-found", message: asOf === null ? "" : `It wasn’t there at ${formatInstant(asOf)}.` }}
        />
      )}
      {episode !== null && (
        <>
          <h1 className="page-title governance-title">
            {episode.title} <EpisodeBadge status={episode.status} />
          </h1>
          <div className="episode-tools">
            <AsOf
              asOf={asOf}
              answered={data?.published.asOf ?? null}
              onChange={(next) => setParams(next === null ? {} : { asOf: next })}
              onReload={look}
            />
            <LineageLink node={episode}>What it stands on</LineageLink>
            {asOf === null && <WatchButton id={episode.id} />}
          </div>
          {asOf !== null && (
            <p className="notice" data-tone="info">
              You look at the past, as it was recorded at {formatInstant(asOf)}.
            </p>
          )}
          <div className="stack">
            <section className="panel" aria-labelledby="episode-facts">
              <h2 id="episode-facts">About it</h2>
              <dl className="facts">
                <dt>Channel</dt>
                <dd>
                  {episode.channel == null ? (
                    "none"
                  ) : (
                    <LineageLink node={episode.channel}>{episode.channel.title}</LineageLink>
                  )}
                </dd>
                <dt>Topic</dt>
                <dd>
                  {episode.topic == null ? (
                    "none"
                  ) : (
                    <LineageLink node={episode.topic}>{episode.topic.title}</LineageLink>
                  )}
                </dd>
                <dt>Owner</dt>
                <dd>{episode.owner?.title ?? "nobody; name one, so that somebody hears of trouble"}</dd>
                <dt>Published</dt>
                <dd>
                  {episode.publishedAt == null ? "not yet" : <Instant at={episode.publishedAt} />}
                  {published !== undefined && (
                    <>
                      {" · "}
                      <Link href={`/approvals/${published.id}`} className="link">
                        proposed by {published.proposerName}
                      </Link>
                      , {approvedBy(published.approvals)}
                    </>
                  )}
                </dd>
                <dt>Made by</dt>
                <dd>
                  {episode.runs.length === 0
                    ? "hand; no run of the pipeline made it"
                    : episode.runs.map((run) => (
                        <span key={run.id} className="made-by">
                          <Link href={`/runs/${run.id}`} className="link">
                            {run.title}
                          </Link>
                          , <Instant at={run.startedAt} /> <Badge {...RUN_BADGES[run.runStatus]} />
                        </span>
                      ))}
                </dd>
              </dl>
            </section>
            <ChecksSection key={`c${turn}`} id={id} asOf={asOf} />
            <ProposalsSection id={id} status={episode.status} asOf={asOf} changed={look} />
            <ScenesSection key={`s${turn}`} episodeId={id} asOf={asOf} scenes={episode.scenes} />
            <PackSection key={`p${turn}`} id={id} asOf={asOf} />
            <RecordSection key={`r${turn}`} id={id} asOf={asOf} />
          </div>
        </>
      )}
    </div>
  );
}

function approvedBy(approvals: readonly { readonly verdict: string; readonly approverName: string }[]): string {
  const names = approvals.filter(({ verdict }) => verdict === "APPROVED").map(({ approverName }) => approverName);
  return names.length === 0 ? "no approval was asked for" : `approved by ${names.join(" and ")}`;
}

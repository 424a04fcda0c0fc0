import { useEffect, useRef } from "react";
import { useQuery, useSubscription } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { EpisodeBadge } from "../episodes/episode-badge.js";
import { RunActs } from "./run-acts.js";
import { StageGraph } from "./stage-graph.js";
import { NEXT_STEP, RUN_BADGES, STAGE_BADGES } from "./states.js";
import { TriesTable } from "./tries-table.js";
import "./runs.css";

const RunPage_Run = graphql(/* GraphQL */ `
  query RunPage_Run($id: ID!) {
    run(id: $id) {
      id
      title
      flow
      flowVersion
      status
      wakeAt
      startedByName
      onBehalfOf
      startedAt
      finishedAt
      round
      outcome
      problem
      costUsd
      tokens
      cacheHits
      cacheLookups
      pins {
        configVersion
        template {
          ref
        }
        qaSpec {
          ref
        }
        prompts {
          ref
          stage
        }
      }
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
      episodes {
        id
        title
        episodeStatus: status
      }
      ...RunActs_Run
      stages {
        id
        stage
        attempt
        superseded
        status
        ...StageGraph_Try
        ...TriesTable_Try
      }
    }
    flows {
      flow
      version
      stages {
        name
        needs
      }
    }
  }
`);

const RunPage_Changed = graphql(/* GraphQL */ `
  subscription RunPage_Changed($id: ID!) {
    runChanged(id: $id) {
      ready
      at
      status
      stages {
        stage
        status
      }
    }
  }
`);

/** One run: its stages as a graph and by try, followed as it moves. */
export function RunPage({ id }: { readonly id: string }) {
  const announce = useAnnounce();
  const [{ data, error, fetching }, again] = useQuery({ query: RunPage_Run, variables: { id } });
  const [{ data: told }] = useSubscription({ query: RunPage_Changed, variables: { id } });
  const moved = told === undefined ? null : `${told.runChanged.at} ${told.runChanged.status} ${told.runChanged.ready}`;
  // The first message says that listening began: what moved between the answer and it is asked for then, as after each gap.
  useEffect(() => {
    if (moved !== null) again({ requestPolicy: "network-only" });
  }, [moved, again]);
  // What moves is said by its stages: what the graph shows by colour.
  const said = useRef("");
  useEffect(() => {
    const change = told?.runChanged;
    if (change === undefined || change.ready) return;
    const words = change.stages.map(({ stage, status }) => `${stage}: ${STAGE_BADGES[status].text}`).join(", ");
    if (words === "" || words === said.current) return;
    said.current = words;
    announce(words);
  }, [told, announce]);
  const run = data?.run;
  useTitle(run?.title ?? "Run");
  const status = run?.status;
  useEffect(() => {
    if (status !== undefined) announce(`The run: ${RUN_BADGES[status].text}`);
  }, [status, announce]);
  const flow = data?.flows.find((one) => one.flow === run?.flow);
  return (
    <div className="page page-wide">
      <nav aria-label="Runs" className="places">
        <Link href="/runs">All runs</Link>
      </nav>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {run === undefined && fetching && <Waiting what="Loading the run" />}
      {run !== undefined && (
        <>
          <h1 className="page-title governance-title">
            {run.title} <Badge {...RUN_BADGES[run.status]} />
          </h1>
          <div className="stack">
            {(run.problem != null || NEXT_STEP[run.status] !== null) && (
              <div
                className="notice run-problem"
                data-tone={run.status === "DONE" || run.status === "CANCELLED" ? "info" : "warn"}
              >
                {run.problem != null && <p>{run.problem}</p>}
                {NEXT_STEP[run.status] !== null && <p className="count-line">{NEXT_STEP[run.status]}</p>}
              </div>
            )}
            {run.episodes.length > 0 && (
              <section className="panel" aria-labelledby="run-made">
                <h2 id="run-made">What it made</h2>
                <ul className="rows">
                  {run.episodes.map((one) => (
                    <li key={one.id}>
                      <Link href={`/episodes/${one.id}`} className="row">
                        <span className="row-text">
                          <span className="row-title">{one.title}</span>
                        </span>
                        <EpisodeBadge status={one.episodeStatus} />
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <section className="panel" aria-labelledby="run-stages">
              <h2 id="run-stages">Stages</h2>
              <StageGraph stages={flow?.stages ?? []} tries={run.stages} />
              <RunActs run={run} changed={() => again({ requestPolicy: "network-only" })} />
              {flow === undefined && (
                <p className="count-line">
                  The flow {run.flow} isn’t offered any more: its stages stand as they were begun.
                </p>
              )}
              {flow !== undefined && flow.version !== run.flowVersion && (
                <p className="count-line">
                  The run keeps to version {run.flowVersion} of its flow; the lines are those of version {flow.version}.
                </p>
              )}
            </section>
            <section className="panel" aria-labelledby="run-tries">
              <h2 id="run-tries">Tries</h2>
              <TriesTable tries={run.stages} />
            </section>
            <section className="panel" aria-labelledby="run-facts">
              <h2 id="run-facts">About it</h2>
              <dl className="facts">
                <dt>Flow</dt>
                <dd>
                  {run.flow}, version {run.flowVersion}
                </dd>
                <dt>Topic</dt>
                <dd>{run.topic == null ? "none" : <LineageLink node={run.topic}>{run.topic.title}</LineageLink>}</dd>
                <dt>Channel</dt>
                <dd>
                  {run.channel == null ? (
                    "none"
                  ) : (
                    <>
                      <LineageLink node={run.channel}>{run.channel.title}</LineageLink> ·{" "}
                      <Link href={`/channels/${run.channel.id}`}>scorecard</Link>
                    </>
                  )}
                </dd>
                {run.pins != null && (
                  <>
                    <dt>Goes by</dt>
                    <dd>
                      {run.pins.configVersion === 0
                        ? "no config of the channel’s own"
                        : `version ${run.pins.configVersion} of the channel’s config`}
                      {run.pins.template != null && `, template ${run.pins.template.ref}`}
                      {run.pins.qaSpec != null && `, QA spec ${run.pins.qaSpec.ref}`}
                      {run.pins.prompts.map(({ ref, stage }) => `, prompt ${ref} for ${stage}`).join("")}
                    </dd>
                  </>
                )}
                <dt>Started</dt>
                <dd>
                  <Instant at={run.startedAt} /> by {run.startedByName}
                  {run.onBehalfOf != null && ` for ${run.onBehalfOf}`}
                </dd>
                <dt>Ended</dt>
                <dd>
                  {run.finishedAt == null ? "not yet" : <Instant at={run.finishedAt} />}
                  {run.outcome != null && ` · ${run.outcome}`}
                </dd>
                {run.wakeAt != null && (
                  <>
                    <dt>Goes on</dt>
                    <dd>
                      <Instant at={run.wakeAt} />
                    </dd>
                  </>
                )}
                <dt>Round</dt>
                <dd>{run.round === 1 ? "1, nothing was sent back" : `${run.round}, each after the first a repair`}</dd>
                <dt>Spent</dt>
                <dd>
                  {run.costUsd.toFixed(4)} US dollars, {run.tokens.toLocaleString("en")} tokens
                </dd>
                <dt>Cache</dt>
                <dd>
                  {run.cacheHits} of {run.cacheLookups} looked up
                </dd>
              </dl>
            </section>
          </div>
        </>
      )}
    </div>
  );
}

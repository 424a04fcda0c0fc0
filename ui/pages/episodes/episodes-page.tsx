import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link, useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { usePages } from "../../components/governance/use-pages.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { EpisodeStatus } from "../../gql/graphql.js";
import { EpisodeBadge } from "./episode-badge.js";

const EpisodesPage_Episodes = graphql(/* GraphQL */ `
  query EpisodesPage_Episodes($filter: EpisodeFilter, $after: String) {
    episodes(filter: $filter, first: 20, after: $after, newestFirst: true) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          title
          status
          publishedAt
          channel {
            id
            title
          }
          topic {
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
  }
`);
const EpisodesPage_Channels = graphql(/* GraphQL */ `
  query EpisodesPage_Channels {
    channels(first: 500) {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`);

const SHOWN = {
  all: { label: "All", status: null },
  draft: { label: "Drafts", status: ["DRAFT"] },
  review: { label: "In review", status: ["IN_REVIEW"] },
  live: { label: "Live", status: ["PUBLISHED", "CORRECTED"] },
  retracted: { label: "Retracted", status: ["RETRACTED"] },
} as const satisfies Record<string, { label: string; status: readonly EpisodeStatus[] | null }>;
type Shown = keyof typeof SHOWN;

const isShown = (given: string | null): given is Shown => given !== null && Object.hasOwn(SHOWN, given);

/** Every episode of the studio, the newest first. */
export function EpisodesPage() {
  useTitle("Episodes");
  const announce = useAnnounce();
  const [params, setParams] = useSearchParams();
  const given = params.get("show");
  const shown: Shown = isShown(given) ? given : "all";
  const channelId = params.get("channel");
  const title = params.get("q") ?? "";
  const [typed, setTyped] = useState(title);
  const [settled] = useDebouncedValue(typed.trim(), 250);
  const pages = usePages();
  const ask = (changed: Readonly<Record<string, string>>) => {
    pages.reset();
    setParams((last) => {
      const next = new URLSearchParams(last);
      for (const [name, value] of Object.entries(changed)) {
        if (value === "") next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  };
  useEffect(() => {
    if (settled !== title) ask({ q: settled });
    // What was typed leads; the address follows.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  const { status } = SHOWN[shown];
  const filter = { title: title || null, channelId, status: status === null ? null : [...status] };
  const [{ data, error, fetching }, again] = useQuery({
    query: EpisodesPage_Episodes,
    variables: { filter, after: pages.after },
  });
  const [{ data: known }] = useQuery({ query: EpisodesPage_Channels });
  const channels = known?.channels.edges.map(({ node }) => node) ?? [];
  const edges = data?.episodes.edges ?? [];
  const total = data?.episodes.totalCount;
  useEffect(() => {
    if (total !== undefined) announce(total === 1 ? "1 episode" : `${total} episodes`);
  }, [total, announce]);
  const narrowed = status !== null || channelId !== null || title !== "";
  return (
    <div className="page page-wide">
      <h1 className="page-title governance-title">Episodes</h1>
      <p className="page-about">
        What the channels publish, the newest first: what each says, what it stands on, and what keeps it from being
        published.
      </p>
      <section className="panel" aria-label="Episodes" aria-busy={fetching}>
        <div className="filters">
          <TextInput
            size="xs"
            type="search"
            label="Words of the title"
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <NativeSelect
            size="xs"
            label="Channel"
            value={channelId ?? ""}
            onChange={(event) => ask({ channel: event.currentTarget.value })}
            data={[
              { value: "", label: "All channels" },
              ...channels.map(({ id, title: name }) => ({ value: id, label: name })),
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label="Which episodes"
            className="scroll-choice"
            value={shown}
            onChange={(value) => ask({ show: value === "all" ? "" : value })}
            data={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))}
          />
        </div>
        {error !== undefined && (
          <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
        )}
        {data === undefined && fetching && <Waiting what="Loading episodes" />}
        {data !== undefined && edges.length === 0 && (
          <p className="panel-empty">
            {narrowed
              ? "No episode is like that. Leave out a word, or look at all channels and states."
              : "There is no episode yet. A run of the flow “episode” makes one from a topic."}
          </p>
        )}
        {edges.length > 0 && (
          <>
            <div className="sheet-scroll" tabIndex={0} role="group" aria-label="Episodes, a table">
              <table className="sheet">
                <thead>
                  <tr>
                    <th scope="col">Episode</th>
                    <th scope="col">State</th>
                    <th scope="col">Channel</th>
                    <th scope="col">Topic</th>
                    <th scope="col">Owner</th>
                    <th scope="col">Published</th>
                  </tr>
                </thead>
                <tbody>
                  {edges.map(({ node }) => (
                    <tr key={node.id}>
                      <th scope="row" className="sheet-title">
                        <Link href={`/episodes/${node.id}`} className="link">
                          {node.title}
                        </Link>
                      </th>
                      <td>
                        <EpisodeBadge status={node.status} />
                      </td>
                      <td>{node.channel?.title ?? "–"}</td>
                      <td>{node.topic?.title ?? "–"}</td>
                      <td>{node.owner?.title ?? "nobody"}</td>
                      <td>{node.publishedAt == null ? "–" : <Instant at={node.publishedAt} />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {pages.buttons(data!.episodes)}
          </>
        )}
      </section>
    </div>
  );
}

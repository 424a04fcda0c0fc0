import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { GovernanceRuleCode } from "../../gql/graphql.js";
import { EpisodeBadge } from "../episodes/episode-badge.js";
import { RULES } from "./rule-words.js";

const StandingSection_Standing = graphql(/* GraphQL */ `
  query StandingSection_Standing($channelId: ID, $after: String) {
    governanceStanding(channelId: $channelId, first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        hasPreviousPage
        endCursor
      }
      edges {
        node {
          claims
          whole
          count
          rules {
            rule
            count
          }
          episode {
            id
            title
            status
          }
        }
      }
    }
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

type Grouping = "episode" | "rule";

/** Which drafts and live episodes have something standing against them, by episode or by rule. */
export function StandingSection() {
  const [channelId, setChannelId] = useState<string | null>(null);
  const [grouping, setGrouping] = useState<Grouping>("episode");
  const pages = usePages();
  const [{ data, error, fetching }, again] = useQuery({
    query: StandingSection_Standing,
    variables: { channelId, after: pages.after },
  });
  const page = data?.governanceStanding;
  const looked = page?.edges.map(({ node }) => node) ?? [];
  const against = looked.filter(({ count, whole }) => count > 0 || !whole);
  const channels = data?.channels.edges.map(({ node }) => node) ?? [];
  const cut = page !== undefined && (page.pageInfo.hasNextPage || page.pageInfo.hasPreviousPage);
  const rules = (Object.keys(RULES) as GovernanceRuleCode[]).map((rule) => ({
    rule,
    found: against.flatMap(({ episode, rules: own }) =>
      own.filter((one) => one.rule === rule).map(({ count }) => ({ episode, count })),
    ),
  }));
  return (
    <section className="panel" aria-labelledby="standing-title" aria-busy={fetching}>
      <header className="panel-header">
        <h2 id="standing-title">What stands against episodes</h2>
        {page !== undefined && (
          <span className="count-line" data-testid="standing">
            {against.length} of {looked.length} looked at
            {cut && `, of ${page.totalIsExact ? "" : "at least "}${page.totalCount.toLocaleString("en")} in all`}
          </span>
        )}
      </header>
      <div className="filters">
        {(channels.length > 1 || channelId !== null) && (
          <NativeSelect
            size="xs"
            label="Channel"
            value={channelId ?? ""}
            onChange={(event) => {
              pages.reset();
              setChannelId(event.currentTarget.value || null);
            }}
            data={[
              { value: "", label: "All channels" },
              ...channels.map(({ id, title }) => ({ value: id, label: title })),
            ]}
          />
        )}
        <SegmentedControl
          size="xs"
          aria-label="Listed by"
          value={grouping}
          onChange={(value) => setGrouping(value as Grouping)}
          data={[
            { value: "episode", label: "By episode" },
            { value: "rule", label: "By rule" },
          ]}
        />
      </div>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {page === undefined && fetching && <Waiting what="Holding the episodes against the rules" />}
      {page !== undefined && looked.length === 0 && (
        <p className="panel-empty">
          There is no draft and no live episode{channelId === null ? "" : " on this channel"}.
        </p>
      )}
      {looked.length > 0 && against.length === 0 && (
        <p className="panel-empty">
          Nothing stands against {looked.length === 1 ? "it" : `any of the ${looked.length}`}
          {cut ? " that were looked at here" : ""}: each could be published.
        </p>
      )}
      {grouping === "episode" && (
        <ul className="rows">
          {against.map(({ episode, rules: own, whole }) => (
            <li key={episode.id} className="row standing-row">
              <span className="row-text">
                <Link href={`/episodes/${episode.id}`} className="link">
                  {episode.title}
                </Link>
                <span className="row-detail">
                  {own.map(({ rule, count }) => `${RULES[rule]}: ${count.toLocaleString("en")} found`).join(" · ")}
                  {!whole && " more claims than are judged"}
                </span>
              </span>
              <EpisodeBadge status={episode.status} />
            </li>
          ))}
        </ul>
      )}
      {grouping === "rule" && against.length > 0 && (
        <ul className="by-rule">
          {rules.map(({ rule, found }) => (
            <li key={rule}>
              <p>
                <Badge
                  text={found.length === 0 ? "None" : `${found.length} ${found.length === 1 ? "episode" : "episodes"}`}
                  tone={found.length === 0 ? "good" : "bad"}
                />{" "}
                <strong>{RULES[rule]}</strong>
              </p>
              {found.length > 0 && (
                <ul className="by-rule-episodes">
                  {found.map(({ episode, count }) => (
                    <li key={episode.id}>
                      <Link href={`/episodes/${episode.id}`} className="link">
                        {episode.title}
                      </Link>{" "}
                      <span className="count-line">{count.toLocaleString("en")} found</span>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
      {cut && pages.buttons(page)}
    </section>
  );
}

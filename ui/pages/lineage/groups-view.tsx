import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { LineageLink } from "../../components/lineage-link.js";
import { Badge } from "../../components/node-badges.js";
import { countOf, LabelIcon } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { GroupsView_RollUpQuery, LineageFilter, LineageStatus, RollUpBy } from "../../gql/graphql.js";
import { filterInput, STATUS_WORDS } from "./node-filter.js";
import { hopsPhrase } from "./phrases.js";
import type { LineageView } from "./view-state.js";

const GroupsView_RollUp = graphql(/* GraphQL */ `
  query GroupsView_RollUp(
    $id: ID!
    $by: RollUpBy!
    $direction: LineageDirection!
    $depth: Int!
    $asOf: DateTime
    $filter: LineageFilter
    $first: Int!
  ) {
    lineageRollUp(id: $id, by: $by, direction: $direction, depth: $depth, asOf: $asOf, filter: $filter, first: $first) {
      groups {
        node {
          id
          label
          title
        }
        total
        totals {
          label
          count
        }
        weakest
        expression
      }
      shown
      groupCount
      hasNextPage
      total
      totalIsExact
      ungrouped
      asOf
    }
  }
`);

const PAGE = 50;
const NAMES: Record<RollUpBy, { one: string; many: string }> = {
  EPISODE: { one: "episode", many: "episodes" },
  CHANNEL: { one: "channel", many: "channels" },
  TOPIC: { one: "topic", many: "topics" },
};
const BAD: readonly LineageStatus[] = ["RETRACTED", "WRONG", "DEAD"];
const WARN: readonly LineageStatus[] = ["NEEDS_RECHECK", "STALE", "OPEN"];
const toneOf = (status: LineageStatus) => (BAD.includes(status) ? "bad" : WARN.includes(status) ? "warn" : "neutral");

type Totals = GroupsView_RollUpQuery["lineageRollUp"]["groups"][number]["totals"];
const totalsWords = (totals: Totals) =>
  totals
    .filter(({ count }) => count > 0)
    .map(({ label, count }) => countOf(label, count))
    .join(", ");

interface Props {
  readonly id: string;
  readonly view: LineageView;
  /** The instant that the rest of the page answers for. */
  readonly asOf: string | null;
  readonly onChange: (view: LineageView) => void;
}

/** The lineage by the episodes, channels or topics that its nodes belong to: a row each, with what is weakest in it. */
export function GroupsView({ id, view, asOf, onChange }: Props) {
  const { by, direction, depth, edges } = view;
  const [first, setFirst] = useState(PAGE);
  const filter: LineageFilter = { ...filterInput(view.filter), ...(edges !== null && { edgeTypes: [...edges] }) };
  const [{ data, error, fetching }, again] = useQuery({
    query: GroupsView_RollUp,
    variables: { id, by, direction, depth, asOf, filter, first },
  });
  const answer = data?.lineageRollUp;
  return (
    <div className="groups">
      <div className="twin-bar">
        <SegmentedControl
          size="xs"
          aria-label="Group by"
          value={by}
          onChange={(value) => onChange({ ...view, by: value as RollUpBy })}
          data={[
            { value: "EPISODE", label: "By episode" },
            { value: "CHANNEL", label: "By channel" },
            { value: "TOPIC", label: "By topic" },
          ]}
        />
        {answer !== undefined && (
          <span className="count-line">
            {answer.shown.toLocaleString("en")} of {answer.groupCount.toLocaleString("en")} {NAMES[by].many} ·{" "}
            {answer.totalIsExact ? "" : "at least "}
            {answer.total.toLocaleString("en")} nodes within {hopsPhrase(depth)},{" "}
            {answer.ungrouped.toLocaleString("en")} in none
          </span>
        )}
        {fetching && <Waiting what="Grouping" size={14} />}
      </div>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {answer !== undefined && answer.groups.length === 0 && (
        <p className="panel-empty groups-empty">
          No {NAMES[by].one} has a part in these {answer.total.toLocaleString("en")} nodes. Look further, or the other
          way: an {NAMES.EPISODE.one} stands on claims, so it is found downstream of a source.
        </p>
      )}
      {answer !== undefined && answer.groups.length > 0 && (
        <div className="twin-scroll">
          <table className="table" aria-label={`Lineage by ${NAMES[by].one}`}>
            <thead>
              <tr>
                <th scope="col">{NAMES[by].one}</th>
                <th scope="col" className="cell-number">
                  Nodes
                </th>
                <th scope="col">Of these</th>
                <th scope="col">Weakest</th>
                <th scope="col">Open</th>
              </tr>
            </thead>
            <tbody>
              {answer.groups.map(({ node, total, totals, weakest, expression }) => (
                <tr key={node.id}>
                  <th scope="row">
                    <LabelIcon label={node.label} size={20} /> <LineageLink node={node}>{node.title}</LineageLink>
                  </th>
                  <td className="cell-number">{total.toLocaleString("en")}</td>
                  <td className="cell-why">{totalsWords(totals)}</td>
                  <td>{weakest == null ? "–" : <Badge text={STATUS_WORDS[weakest]} tone={toneOf(weakest)} />}</td>
                  <td>
                    {expression == null ? (
                      "–"
                    ) : (
                      <Link className="link" href={`/select?q=${encodeURIComponent(expression)}`}>
                        these nodes
                      </Link>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {answer.hasNextPage && first < 500 && (
            <Button size="compact-xs" variant="light" m="sm" onClick={() => setFirst(Math.min(500, first + PAGE))}>
              Load more {NAMES[by].many}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

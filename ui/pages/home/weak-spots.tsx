import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { formatInstant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { NodeBadges } from "../../components/node-badges.js";
import { LabelIcon } from "../../components/node-label.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { NodeLabel, WeakSpots_ClaimsFragment } from "../../gql/graphql.js";

const WeakSpots_Sources = graphql(/* GraphQL */ `
  fragment WeakSpots_Sources on SourceConnection {
    totalCount
    edges {
      node {
        id
        label
        title
        publisher
        retrievedAt
        ...NodeBadges_Node
      }
    }
  }
`);
const WeakSpots_Claims = graphql(/* GraphQL */ `
  fragment WeakSpots_Claims on ClaimConnection {
    totalCount
    edges {
      node {
        id
        label
        title
        status
        recheckBy
        ...NodeBadges_Node
      }
    }
  }
`);
const WeakSpots_Incidents = graphql(/* GraphQL */ `
  fragment WeakSpots_Incidents on IncidentConnection {
    totalCount
    edges {
      node {
        id
        label
        title
        openedAt
        ...NodeBadges_Node
      }
    }
  }
`);

interface Props {
  readonly badSources: FragmentType<typeof WeakSpots_Sources>;
  readonly staleSources: FragmentType<typeof WeakSpots_Sources>;
  readonly claims: FragmentType<typeof WeakSpots_Claims>;
  readonly incidents: FragmentType<typeof WeakSpots_Incidents>;
}

interface Spot {
  readonly id: string;
  readonly label: NodeLabel;
  readonly title: string;
  readonly detail: string;
  readonly badges: ReactNode;
}

/** Shown of each kind before one asks for the rest. */
const SHOWN = 3;

function Spots({
  title,
  total,
  spots,
}: {
  readonly title: string;
  readonly total: number;
  readonly spots: readonly Spot[];
}) {
  const [all, setAll] = useState(false);
  if (total === 0) return null;
  const shown = all ? spots : spots.slice(0, SHOWN);
  return (
    <section className="spots" aria-label={title}>
      <header className="spots-header">
        <h3>{title}</h3>
        <span className="count-line">
          {shown.length} of {total.toLocaleString("en")}
        </span>
      </header>
      <ul className="rows">
        {shown.map((spot) => (
          <li key={spot.id}>
            <LineageLink node={spot} className="row">
              <LabelIcon label={spot.label} size={24} />
              <span className="row-text">
                <span className="row-title">{spot.title}</span>
                <span className="row-detail">{spot.detail}</span>
              </span>
              <span className="result-badges">{spot.badges}</span>
            </LineageLink>
          </li>
        ))}
      </ul>
      {spots.length > SHOWN && (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show ${spots.length - SHOWN} more`}
        </Button>
      )}
    </section>
  );
}

type ClaimEdge = WeakSpots_ClaimsFragment["edges"][number];
const wrongFirst = (a: ClaimEdge, b: ClaimEdge) =>
  Number(b.node.status === "WRONG") - Number(a.node.status === "WRONG");

/** What could embarrass the studio: open incidents, sources that no longer hold, claims in doubt. Each leads to what stands on it. */
export function WeakSpots(props: Props) {
  const incidents = readFragment(WeakSpots_Incidents, props.incidents);
  const bad = readFragment(WeakSpots_Sources, props.badSources);
  const stale = readFragment(WeakSpots_Sources, props.staleSources);
  const claims = readFragment(WeakSpots_Claims, props.claims);
  const sourceSpots = (connection: typeof bad): Spot[] =>
    connection.edges.map(({ node }) => ({
      ...node,
      detail: `${node.publisher ?? "publisher unknown"} · last read ${formatInstant(node.retrievedAt, "day")}`,
      badges: <NodeBadges node={node} />,
    }));
  const nothing = incidents.totalCount + bad.totalCount + stale.totalCount + claims.totalCount === 0;
  return (
    <section className="panel" aria-labelledby="weak-title">
      <header className="panel-header">
        <h2 id="weak-title">Weak spots</h2>
      </header>
      {nothing && (
        <p className="panel-empty">
          No open incident, no source that is stale, dead or retracted, and no claim in doubt. What is recorded holds,
          as far as it was checked.
        </p>
      )}
      <Spots
        title="Open incidents"
        total={incidents.totalCount}
        spots={incidents.edges.map(({ node }) => ({
          ...node,
          detail: `open since ${formatInstant(node.openedAt, "day")}`,
          badges: <NodeBadges node={node} />,
        }))}
      />
      <Spots title="Retracted and dead sources" total={bad.totalCount} spots={sourceSpots(bad)} />
      <Spots
        title="Claims in doubt"
        total={claims.totalCount}
        spots={claims.edges.toSorted(wrongFirst).map(({ node }) => ({
          ...node,
          detail:
            node.recheckBy == null ? "no date for a check" : `to be checked by ${formatInstant(node.recheckBy, "day")}`,
          badges: <NodeBadges node={node} />,
        }))}
      />
      <Spots title="Stale sources" total={stale.totalCount} spots={sourceSpots(stale)} />
    </section>
  );
}

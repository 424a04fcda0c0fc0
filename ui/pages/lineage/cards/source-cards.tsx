import { Instant } from "../../../components/instant.js";
import { graphql } from "../../../gql/gql.js";
import type { Reliability, SourceStatus } from "../../../gql/graphql.js";
import { Listed, NodeRef, Section, Terms, WebAddress } from "./parts.js";
import { useCard } from "./use-card.js";
import { SnapshotText } from "./snapshot-text.js";

const SnapshotCard_Snapshot = graphql(/* GraphQL */ `
  query SnapshotCard_Snapshot($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Snapshot {
        url
        revision
        sha256
        mediaType
        capturedAt
        bytes
        ...SnapshotText_Snapshot
        source {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);

const SourceCard_Source = graphql(/* GraphQL */ `
  query SourceCard_Source($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Source {
        url
        publisher
        tier
        reliability
        publishedAt
        retrievedAt
        independenceGroup
        status
        cites {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);

const TIERS: Readonly<Record<number, string>> = {
  1: "primary or official",
  2: "edited, secondary",
  3: "anything else, or unknown",
};
/** The words of the NATO Admiralty scale. */
const RELIABILITY: Record<Reliability, string> = {
  A: "completely reliable",
  B: "usually reliable",
  C: "fairly reliable",
  D: "not usually reliable",
  E: "unreliable",
  F: "can't be judged",
};
const STATUS: Record<SourceStatus, string> = {
  ACTIVE: "active",
  STALE: "stale: newer figures are due or out",
  DEAD: "dead: the address no longer answers",
  RETRACTED: "retracted by its publisher",
};

export function SnapshotCard({ id }: { readonly id: string }) {
  const { node: snapshot, instead } = useCard(SnapshotCard_Snapshot, id);
  if (snapshot?.__typename !== "Snapshot") return instead;
  return (
    <>
      <SnapshotText snapshot={snapshot} />
      {snapshot.source != null && (
        <Section title="Captured from">
          <NodeRef node={snapshot.source} />
        </Section>
      )}
      <Terms
        rows={[
          ["Captured", <Instant key="at" at={snapshot.capturedAt} />],
          snapshot.url == null ? null : ["Address", <WebAddress key="url" url={snapshot.url} />],
          snapshot.revision == null ? null : ["Revision", snapshot.revision],
          ["Type", snapshot.mediaType],
          ["Size", `${snapshot.bytes.toLocaleString("en")} bytes`],
          [
            "SHA-256",
            <code key="sha" className="hash">
              {snapshot.sha256}
            </code>,
          ],
        ]}
      />
    </>
  );
}

export function SourceCard({ id }: { readonly id: string }) {
  const { node: source, instead } = useCard(SourceCard_Source, id);
  if (source?.__typename !== "Source") return instead;
  return (
    <>
      {source.status !== "ACTIVE" && (
        <p className="notice" data-tone={source.status === "STALE" ? "warn" : "bad"}>
          <strong>This source is {STATUS[source.status]}.</strong> “What stands on it” lists what to look at.
        </p>
      )}
      <Terms
        rows={[
          ["Address", <WebAddress key="url" url={source.url} />],
          ["Publisher", source.publisher ?? "unknown"],
          ["Tier", `${source.tier}, ${TIERS[source.tier] ?? "unknown"}`],
          ["Reliability", `${source.reliability}, ${RELIABILITY[source.reliability]}`],
          ["Status", STATUS[source.status]],
          [
            "Published",
            source.publishedAt == null ? "unknown" : <Instant key="p" at={source.publishedAt} precision="day" />,
          ],
          ["Last read", <Instant key="r" at={source.retrievedAt} />],
          ["Independence group", <code key="g">{source.independenceGroup}</code>],
        ]}
      />
      {source.cites.length > 0 && (
        <Section title="Cites" count={source.cites.length}>
          <Listed items={source.cites} empty="">
            {(other) => (
              <li key={other.id}>
                <NodeRef node={other} />
              </li>
            )}
          </Listed>
        </Section>
      )}
    </>
  );
}

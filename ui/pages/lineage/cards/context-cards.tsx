import { Instant } from "../../../components/instant.js";
import { graphql } from "../../../gql/gql.js";
import { Listed, NodeRef, Section, Terms, WebAddress } from "./parts.js";
import { useCard } from "./use-card.js";

const IncidentCard_Incident = graphql(/* GraphQL */ `
  query IncidentCard_Incident($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Incident {
        severity
        status
        description
        openedAt
        resolvedAt
        affects {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);
const DecisionCard_Decision = graphql(/* GraphQL */ `
  query DecisionCard_Decision($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Decision {
        outcome
        rationale
        decidedAt
        about {
          id
          ...NodeRef_Node
        }
        basedOn {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);
const TopicCard_Topic = graphql(/* GraphQL */ `
  query TopicCard_Topic($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Topic {
        description
      }
    }
  }
`);
const ChannelCard_Channel = graphql(/* GraphQL */ `
  query ChannelCard_Channel($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Channel {
        platform
        url
        owner {
          id
          title
        }
      }
    }
  }
`);
const PrincipalCard_Principal = graphql(/* GraphQL */ `
  query PrincipalCard_Principal($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Principal {
        kind
        roles
      }
    }
  }
`);

interface RefsProps {
  readonly title: string;
  readonly nodes: readonly ({ readonly id: string } & Parameters<typeof NodeRef>[0]["node"])[];
  readonly empty: string;
}

function Refs({ title, nodes, empty }: RefsProps) {
  return (
    <Section title={title} count={nodes.length}>
      <Listed items={nodes} empty={empty}>
        {(node) => (
          <li key={node.id}>
            <NodeRef node={node} />
          </li>
        )}
      </Listed>
    </Section>
  );
}

export function IncidentCard({ id }: { readonly id: string }) {
  const { node: incident, instead } = useCard(IncidentCard_Incident, id);
  if (incident?.__typename !== "Incident") return instead;
  return (
    <>
      {incident.description != null && <p className="card-text">{incident.description}</p>}
      <Refs title="Affects" nodes={incident.affects} empty="Nothing is named as affected." />
      <Terms
        rows={[
          ["Severity", `${incident.severity} of 4, 1 being the gravest`],
          ["Status", incident.status === "OPEN" ? "open" : "resolved"],
          ["Opened", <Instant key="o" at={incident.openedAt} />],
          incident.resolvedAt == null ? null : ["Resolved", <Instant key="r" at={incident.resolvedAt} />],
        ]}
      />
    </>
  );
}

export function DecisionCard({ id }: { readonly id: string }) {
  const { node: decision, instead } = useCard(DecisionCard_Decision, id);
  if (decision?.__typename !== "Decision") return instead;
  return (
    <>
      <Section title="Why">
        <blockquote className="quote quote-plain">{decision.rationale}</blockquote>
      </Section>
      <Refs title="About" nodes={decision.about} empty="It names no subject." />
      <Refs title="Based on" nodes={decision.basedOn} empty="It names no basis." />
      <Terms
        rows={[
          ["Outcome", decision.outcome],
          ["Decided", <Instant key="d" at={decision.decidedAt} />],
        ]}
      />
    </>
  );
}

export function TopicCard({ id }: { readonly id: string }) {
  const { node: topic, instead } = useCard(TopicCard_Topic, id);
  if (topic?.__typename !== "Topic") return instead;
  const { description } = topic;
  return <p className="card-text">{description ?? "It has no description."}</p>;
}

export function ChannelCard({ id }: { readonly id: string }) {
  const { node: channel, instead } = useCard(ChannelCard_Channel, id);
  if (channel?.__typename !== "Channel") return instead;
  const { platform, url, owner } = channel;
  return (
    <Terms
      rows={[
        ["Platform", platform],
        url == null ? null : ["Address", <WebAddress key="url" url={url} />],
        ["Owner", owner?.title ?? "nobody"],
      ]}
    />
  );
}

export function PrincipalCard({ id }: { readonly id: string }) {
  const { node: principal, instead } = useCard(PrincipalCard_Principal, id);
  if (principal?.__typename !== "Principal") return instead;
  const { kind, roles } = principal;
  return (
    <Terms
      rows={[
        ["Kind", { HUMAN: "person", AGENT: "agent", SERVICE: "service" }[kind]],
        ["Roles", roles.length === 0 ? "none" : roles.join(", ")],
      ]}
    />
  );
}

import { Instant } from "../../../components/instant.js";
import { readFragment, type FragmentType } from "../../../gql/fragment-masking.js";
import { graphql } from "../../../gql/gql.js";
import { Listed, NodeRef, Section, Terms, WebAddress } from "./parts.js";

const IncidentCard_Incident = graphql(/* GraphQL */ `
  fragment IncidentCard_Incident on Incident {
    severity
    incidentStatus: status
    incidentDescription: description
    openedAt
    resolvedAt
    affects {
      id
      ...NodeRef_Node
    }
  }
`);
const DecisionCard_Decision = graphql(/* GraphQL */ `
  fragment DecisionCard_Decision on Decision {
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
`);
const TopicCard_Topic = graphql(/* GraphQL */ `
  fragment TopicCard_Topic on Topic {
    topicDescription: description
  }
`);
const ChannelCard_Channel = graphql(/* GraphQL */ `
  fragment ChannelCard_Channel on Channel {
    platform
    channelUrl: url
    owner {
      id
      title
    }
  }
`);
const PrincipalCard_Principal = graphql(/* GraphQL */ `
  fragment PrincipalCard_Principal on Principal {
    principalKind: kind
    roles
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

export function IncidentCard(props: { readonly incident: FragmentType<typeof IncidentCard_Incident> }) {
  const incident = readFragment(IncidentCard_Incident, props.incident);
  return (
    <>
      {incident.incidentDescription != null && <p className="card-text">{incident.incidentDescription}</p>}
      <Refs title="Affects" nodes={incident.affects} empty="Nothing is named as affected." />
      <Terms
        rows={[
          ["Severity", `${incident.severity} of 4, 1 being the gravest`],
          ["Status", incident.incidentStatus === "OPEN" ? "open" : "resolved"],
          ["Opened", <Instant key="o" at={incident.openedAt} />],
          incident.resolvedAt == null ? null : ["Resolved", <Instant key="r" at={incident.resolvedAt} />],
        ]}
      />
    </>
  );
}

export function DecisionCard(props: { readonly decision: FragmentType<typeof DecisionCard_Decision> }) {
  const decision = readFragment(DecisionCard_Decision, props.decision);
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

export function TopicCard(props: { readonly topic: FragmentType<typeof TopicCard_Topic> }) {
  const { topicDescription } = readFragment(TopicCard_Topic, props.topic);
  return <p className="card-text">{topicDescription ?? "It has no description."}</p>;
}

export function ChannelCard(props: { readonly channel: FragmentType<typeof ChannelCard_Channel> }) {
  const { platform, channelUrl, owner } = readFragment(ChannelCard_Channel, props.channel);
  return (
    <Terms
      rows={[
        ["Platform", platform],
        channelUrl == null ? null : ["Address", <WebAddress key="url" url={channelUrl} />],
        ["Owner", owner?.title ?? "nobody"],
      ]}
    />
  );
}

export function PrincipalCard(props: { readonly principal: FragmentType<typeof PrincipalCard_Principal> }) {
  const { principalKind, roles } = readFragment(PrincipalCard_Principal, props.principal);
  return (
    <Terms
      rows={[
        ["Kind", { HUMAN: "person", AGENT: "agent", SERVICE: "service" }[principalKind]],
        ["Roles", roles.length === 0 ? "none" : roles.join(", ")],
      ]}
    />
  );
}

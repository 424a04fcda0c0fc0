import { graphql } from "../gql/gql.js";
import { readFragment, type FragmentType } from "../gql/fragment-masking.js";
import type { ClaimStatus, EpisodeStatus, IncidentStatus, SourceStatus } from "../gql/graphql.js";

const NodeBadges_Node = graphql(/* GraphQL */ `
  fragment NodeBadges_Node on GraphNode {
    __typename
    ... on Source {
      sourceStatus: status
      tier
    }
    ... on Claim {
      claimStatus: status
    }
    ... on Episode {
      episodeStatus: status
    }
    ... on Snapshot {
      snapshotKind: kind
      cut
    }
    ... on Incident {
      severity
      incidentStatus: status
    }
    ... on Fact {
      value
      unit
    }
  }
`);

export type Tone = "good" | "neutral" | "warn" | "bad" | "info";
export interface BadgeText {
  readonly text: string;
  readonly tone: Tone;
}

const SOURCE_STATUS: Record<SourceStatus, BadgeText | null> = {
  ACTIVE: null,
  STALE: { text: "Stale", tone: "warn" },
  DEAD: { text: "Dead link", tone: "bad" },
  RETRACTED: { text: "Retracted", tone: "bad" },
};
const CLAIM_STATUS: Record<ClaimStatus, BadgeText | null> = {
  STATED: null,
  NEEDS_RECHECK: { text: "Needs recheck", tone: "warn" },
  WRONG: { text: "Wrong", tone: "bad" },
};
const EPISODE_STATUS: Record<EpisodeStatus, BadgeText> = {
  DRAFT: { text: "Draft", tone: "neutral" },
  IN_REVIEW: { text: "In review", tone: "info" },
  PUBLISHED: { text: "Live", tone: "good" },
  CORRECTED: { text: "Live, corrected", tone: "good" },
  RETRACTED: { text: "Retracted", tone: "bad" },
};
const INCIDENT_STATUS: Record<IncidentStatus, BadgeText> = {
  OPEN: { text: "Open", tone: "bad" },
  RESOLVED: { text: "Resolved", tone: "good" },
};

/** What is worth knowing of a node at a glance; nothing for what is as it should be. */
export function badgesOf(masked: FragmentType<typeof NodeBadges_Node>): BadgeText[] {
  const node = readFragment(NodeBadges_Node, masked);
  const badges: (BadgeText | null)[] = [];
  switch (node.__typename) {
    case "Source":
      badges.push(
        { text: `Tier ${node.tier}`, tone: node.tier === 1 ? "info" : "neutral" },
        SOURCE_STATUS[node.sourceStatus],
      );
      break;
    case "Claim":
      badges.push(CLAIM_STATUS[node.claimStatus]);
      break;
    case "Episode":
      badges.push(EPISODE_STATUS[node.episodeStatus]);
      break;
    case "Snapshot":
      badges.push(
        node.snapshotKind === "EXCERPT" ? { text: "Excerpt only", tone: "neutral" } : null,
        node.cut ? { text: "Text cut", tone: "warn" } : null,
      );
      break;
    case "Incident":
      badges.push(
        { text: `Severity ${node.severity}`, tone: node.severity <= 2 ? "bad" : "warn" },
        INCIDENT_STATUS[node.incidentStatus],
      );
      break;
    case "Fact":
      if (node.value != null)
        badges.push({
          text: `${node.value.toLocaleString("en")}${node.unit == null ? "" : ` ${node.unit}`}`,
          tone: "neutral",
        });
      break;
    default:
  }
  return badges.filter((badge) => badge !== null);
}

export function Badge({ text, tone }: BadgeText) {
  return (
    <span className="badge" data-tone={tone} title={text}>
      {text}
    </span>
  );
}

export function NodeBadges({ node }: { readonly node: FragmentType<typeof NodeBadges_Node> }) {
  return badgesOf(node).map((badge) => <Badge key={badge.text} {...badge} />);
}

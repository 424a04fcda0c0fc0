import { Badge } from "../../components/governance/badge.js";
import type { BadgeText } from "../../components/node-badges.js";
import type { EpisodeStatus } from "../../gql/graphql.js";

/** Where an episode stands, in the words of its badge everywhere. */
export const EPISODE_BADGES: Readonly<Record<EpisodeStatus, BadgeText>> = {
  DRAFT: { text: "Draft", tone: "neutral" },
  IN_REVIEW: { text: "In review", tone: "info" },
  PUBLISHED: { text: "Live", tone: "good" },
  CORRECTED: { text: "Live, corrected", tone: "good" },
  RETRACTED: { text: "Retracted", tone: "bad" },
};

export const EpisodeBadge = ({ status }: { readonly status: EpisodeStatus }) => <Badge {...EPISODE_BADGES[status]} />;

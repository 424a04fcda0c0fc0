import type { BadgeText } from "../../components/node-badges.js";
import type { CorrectionState, FallCause, RepairKind } from "../../gql/graphql.js";

export const TASK_BADGES: Readonly<Record<CorrectionState, BadgeText>> = {
  OPEN: { text: "Open", tone: "bad" },
  IN_PROGRESS: { text: "In progress", tone: "info" },
  DONE: { text: "Done", tone: "good" },
  DROPPED: { text: "Dropped", tone: "neutral" },
};

export const CAUSES: Readonly<Record<FallCause, string>> = {
  QUOTE_GONE: "says something else now",
  STALE: "went stale",
  DEAD: "is dead",
  RETRACTED: "was retracted",
};

export const REPAIRS: Readonly<Record<RepairKind, string>> = {
  BETTER_QUOTE: "Link a better quote",
  NARROW_CLAIM: "Narrow the claim",
  REPLACE_SOURCE: "Quote another source",
  DROP_CLAIM: "Drop the claim",
};

/** The lineage of an episode as it is, with what differs from just before its source fell. */
export const differenceHref = (episodeId: string, openedAt: string): string => {
  const before = new Date(Date.parse(openedAt) - 1).toISOString();
  return `/lineage/${episodeId}?direction=upstream&depth=6&since=${encodeURIComponent(before)}`;
};

import type { Confidence, Freshness, LineageFilter, LineageStatus, NodeLabel } from "../../gql/graphql.js";

/** Which nodes are shown, of those that are reached; an empty list lets all through. */
export interface NodeFilter {
  readonly labels: readonly NodeLabel[];
  readonly tiers: readonly number[];
  readonly statuses: readonly LineageStatus[];
  readonly freshness: readonly Freshness[];
  readonly confidence: readonly Confidence[];
}

export const NO_FILTER: NodeFilter = { labels: [], tiers: [], statuses: [], freshness: [], confidence: [] };

export const STATUS_WORDS = {
  ACTIVE: "active",
  STALE: "stale",
  DEAD: "dead link",
  RETRACTED: "retracted",
  STATED: "stated",
  NEEDS_RECHECK: "needs recheck",
  WRONG: "wrong",
  DRAFT: "draft",
  IN_REVIEW: "in review",
  PUBLISHED: "live",
  CORRECTED: "live, corrected",
  OPEN: "open",
  RESOLVED: "resolved",
} as const satisfies Record<LineageStatus, string>;
export const FRESHNESS_WORDS = {
  FRESH: "fresh",
  STALE: "stale",
  TIMELESS: "no shelf life",
} as const satisfies Record<Freshness, string>;
export const CONFIDENCE_WORDS = {
  HIGH: "high",
  MEDIUM: "medium",
  LOW: "low",
} as const satisfies Record<Confidence, string>;
/** What lineage reaches; plumbing is left out. */
export const FILTER_LABELS = [
  "EPISODE",
  "SCENE",
  "CLAIM",
  "FACT",
  "SNAPSHOT",
  "SOURCE",
  "TOPIC",
  "DECISION",
  "INCIDENT",
] as const satisfies readonly NodeLabel[];

const listed = <T extends string>(text: string | null, known: readonly T[]): readonly T[] => {
  const words = (text ?? "").toUpperCase().split(",");
  return known.filter((one) => words.includes(one));
};

export const parseFilter = (params: URLSearchParams): NodeFilter => ({
  labels: listed(params.get("labels"), FILTER_LABELS),
  tiers: [1, 2, 3].filter((tier) => (params.get("tiers") ?? "").split(",").includes(String(tier))),
  statuses: listed(params.get("statuses"), Object.keys(STATUS_WORDS) as LineageStatus[]),
  freshness: listed(params.get("freshness"), Object.keys(FRESHNESS_WORDS) as Freshness[]),
  confidence: listed(params.get("confidence"), Object.keys(CONFIDENCE_WORDS) as Confidence[]),
});

/** As parts of an address; `parseFilter` reads them back. */
export const formatFilter = (filter: NodeFilter): [string, string][] =>
  (Object.entries(filter) as [string, readonly (string | number)[]][])
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name, values.join(",").toLowerCase()]);

export const filterCount = (filter: NodeFilter): number =>
  Object.values(filter).filter((values: readonly unknown[]) => values.length > 0).length;

/** As the API takes it: only lists that say something. */
export const filterInput = (filter: NodeFilter): LineageFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, values]) => (values as readonly unknown[]).length > 0));

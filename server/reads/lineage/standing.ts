import type { NodeLabel } from "../../../graph-schema/catalog.js";
import { LINEAGE_EDGES, EDGES, LABELS, NODE_LABELS } from "../../../graph-schema/catalog.js";
import { CLAIM_STATUSES } from "../../../graph-schema/nodes/claim.js";
import { EPISODE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { INCIDENT_STATUSES } from "../../../graph-schema/nodes/incident.js";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";

/*
 * What filters, selections and roll-ups ask of a node beside its kind: how far it can be relied on, told from what is stored.
 */

/** Kinds of nodes that lineage can lead to, in the catalog's order. */
export const LINEAGE_LABELS: readonly NodeLabel[] = NODE_LABELS.filter((label) =>
  LINEAGE_EDGES.some((type) => EDGES[type].endpoints.some((ends) => (ends as readonly string[]).includes(label))),
).filter((label) => LABELS[label] === "content");

/** Statuses by kind; the other kinds that lineage leads to have none. */
export const STATUSES = {
  Source: SOURCE_STATUSES,
  Claim: CLAIM_STATUSES,
  Episode: EPISODE_STATUSES,
  Incident: INCIDENT_STATUSES,
} as const satisfies Partial<Record<NodeLabel, readonly string[]>>;

/** Every status that a node in lineage can have, the weakest first: what can be relied on least. */
export const WEAKEST_FIRST = [
  "RETRACTED",
  "WRONG",
  "DEAD",
  "NEEDS_RECHECK",
  "STALE",
  "OPEN",
  "CORRECTED",
  "DRAFT",
  "IN_REVIEW",
  "RESOLVED",
  "STATED",
  "ACTIVE",
  "PUBLISHED",
] as const satisfies readonly (typeof STATUSES)[keyof typeof STATUSES][number][];
export type LineageStatus = (typeof WEAKEST_FIRST)[number];

export const TIERS = [1, 2, 3] as const;

/**
 * A source is FRESH while it is ACTIVE, else STALE. A claim is STALE when it is marked NEEDS_RECHECK or its `recheckBy` has
 * come, FRESH until then, and TIMELESS when it has no such day. Nothing else has a freshness.
 */
export const FRESHNESS = ["FRESH", "STALE", "TIMELESS"] as const;
export type Freshness = (typeof FRESHNESS)[number];

/**
 * A source's is what its reliability says: A and B HIGH, C MEDIUM, D to F LOW, and LOW once it is RETRACTED. A fact's is that of
 * the source that it is quoted from. A claim's is HIGH with facts of HIGH or MEDIUM confidence from two independence groups,
 * MEDIUM with such facts from one, else LOW; and LOW whenever it is WRONG or a fact speaks against it. Nothing else has one.
 */
export const CONFIDENCES = ["HIGH", "MEDIUM", "LOW"] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What a node must be to be shown: each list that is given must hold its own; a node that has no such property fails it. */
export interface NodeFilter {
  readonly labels?: readonly NodeLabel[] | null | undefined;
  readonly tiers?: readonly number[] | null | undefined;
  readonly statuses?: readonly LineageStatus[] | null | undefined;
  readonly freshness?: readonly Freshness[] | null | undefined;
  readonly confidence?: readonly Confidence[] | null | undefined;
}

/**
 * What the graph is made of: every node label and every edge type, with named endpoints and lineage class.
 * Whatever must cover all of them is typed `satisfies Record<NodeLabel, …>`, so the compiler lists what a new label still needs.
 */

/** `content` labels are GraphQL types and can be reached by id; `plumbing` serves the write path and has no public face. */
export const LABELS = {
  Tenant: "content",
  Principal: "content",
  Channel: "content",
  Topic: "content",
  Source: "content",
  Snapshot: "content",
  Fact: "content",
  Claim: "content",
  Scene: "content",
  Episode: "content",
  Incident: "content",
  Decision: "content",
  Proposal: "content",
  Approval: "content",
  KillSwitch: "content",
  Exemption: "content",
  PipelineRun: "content",
  StageRun: "content",
  KpiRecord: "content",
  SpecVersion: "content",
  PostProduction: "content",
  Experiment: "content",
  Variant: "content",
  CorrectionTask: "content",
  Body: "plumbing",
  Revision: "plumbing",
  Operation: "plumbing",
  AuditEntry: "plumbing",
  /** Marks audit entries that no checkpoint covers yet. */
  Unsealed: "plumbing",
  /** The head of a tenant's audit tree: how many entries are sealed, and the roots of its full subtrees. */
  AuditTree: "plumbing",
  /** A signed statement of the audit tree's size and root. */
  Checkpoint: "plumbing",
  OutboxEvent: "plumbing",
  /** Marks outbox events that aren't handed to the tenant's webhooks yet. */
  Undispatched: "plumbing",
  /** Marks outbox events that no watch was held against yet. */
  Unwatched: "plumbing",
  /** Somebody's wish to be told when the lineage of a node changes. */
  Watch: "plumbing",
  /** One change of what somebody watches. */
  Alert: "plumbing",
  /** A view of the page that somebody keeps, and may share. */
  Investigation: "plumbing",
  /** Claims that are still to be marked after a change that touched more of them than one transaction may. */
  Recheck: "plumbing",
  /** An address outside that is told of events. */
  Webhook: "plumbing",
  /** One event on its way to one webhook. */
  Delivery: "plumbing",
  /** What a webhook from outside said, once for each id. */
  InboundEvent: "plumbing",
  /** A token of an agent or a service, which can be revoked. */
  AccessToken: "plumbing",
  /** Who holds a job just now; fenced, so that a holder that lost it writes nothing. */
  Lease: "plumbing",
  /** One tick of a job. */
  JobRun: "plumbing",
  /** The output of a stage that equal input needn't compute again. */
  CachedOutput: "plumbing",
  /** What a tenant used of its quota on one day. */
  Usage: "plumbing",
  ImportRow: "plumbing",
  /** Which episode a platform's id of a video means. */
  VideoId: "plumbing",
  /** What came of looking whether a source's address still answers; its id is the source's. */
  LinkHealth: "plumbing",
  /** How far the round over all addresses has come; there is one. */
  LinkRound: "plumbing",
  Migration: "plumbing",
  MigrationLock: "plumbing",
} as const satisfies Record<string, "content" | "plumbing">;

export type Label = keyof typeof LABELS;
/** A label that has a public id and implements the GraphQL interface `GraphNode`. */
export type NodeLabel = { [L in Label]: (typeof LABELS)[L] extends "content" ? L : never }[Label];

export const ALL_LABELS = Object.keys(LABELS) as Label[];
export const NODE_LABELS = ALL_LABELS.filter((label): label is NodeLabel => LABELS[label] === "content");

/**
 * `evidence`: carries what a published sentence stands on; lineage follows it unasked.
 * `context`: explains where a thing came from; lineage follows it only when the filter names it.
 * `none`: structure and plumbing; never lineage.
 */
export type LineageClass = "evidence" | "context" | "none";

export interface EdgeDefinition {
  readonly lineage: LineageClass;
  /** Every pair of labels that this type may join, arrow from the first to the second. Lineage edges point upstream. */
  readonly endpoints: readonly (readonly [from: Label, to: Label])[];
  readonly description: string;
}

const from = (label: Label, ...to: Label[]) => to.map((target) => [label, target] as const);

export const EDGES = {
  HAS_SCENE: { lineage: "evidence", endpoints: [["Episode", "Scene"]], description: "the episode contains the scene" },
  STATES: { lineage: "evidence", endpoints: [["Scene", "Claim"]], description: "the scene says the claim" },
  SUPPORTED_BY: { lineage: "evidence", endpoints: [["Claim", "Fact"]], description: "the fact supports the claim" },
  CONTRADICTED_BY: {
    lineage: "evidence",
    endpoints: [["Claim", "Fact"]],
    description: "the fact speaks against the claim",
  },
  CONSIDERED: {
    lineage: "evidence",
    endpoints: [["Claim", "Fact"]],
    description: "the fact was weighed for the claim and decides nothing; never support",
  },
  QUOTED_FROM: {
    lineage: "evidence",
    endpoints: [["Fact", "Snapshot"]],
    description: "the fact's quote stands in the snapshot",
  },
  CAPTURED_FROM: {
    lineage: "evidence",
    endpoints: [["Snapshot", "Source"]],
    description: "the snapshot is what was read at the source",
  },
  CITES: {
    lineage: "evidence",
    endpoints: [["Source", "Source"]],
    description: "the source relies on another; may be cyclic",
  },
  DERIVED_FROM: {
    lineage: "evidence",
    endpoints: [["Fact", "Fact"]],
    description: "the fact was computed from another; may be cyclic",
  },
  ABOUT: {
    lineage: "context",
    endpoints: [
      ["Episode", "Topic"],
      ["PipelineRun", "Topic"],
      ...from("Decision", "Topic", "Source", "Claim", "Scene", "Episode", "Incident"),
    ],
    description: "what an episode, a run or a decision is about",
  },
  BASED_ON: {
    lineage: "context",
    endpoints: from("Decision", "Source", "Snapshot", "Fact", "Claim", "Incident", "Decision"),
    description: "what the decision relied on",
  },
  CONFLICTS_WITH: {
    lineage: "context",
    endpoints: [["Claim", "Claim"]],
    description: "both can't be right; they live side by side, and the arrow means nothing",
  },
  PICKS: {
    lineage: "context",
    endpoints: [["Decision", "Claim"]],
    description: "the claim that a decision about a conflict holds to, until a later one replaces it",
  },
  REPLACES: {
    lineage: "context",
    endpoints: [["Decision", "Decision"]],
    description: "the earlier decision about the same conflict",
  },
  SUPERSEDED_BY: {
    lineage: "context",
    endpoints: [["Source", "Source"]],
    description: "the source that took its place; never a cycle",
  },
  AFFECTS: {
    lineage: "context",
    endpoints: from("Incident", "Channel", "Source", "Snapshot", "Fact", "Claim", "Scene", "Episode"),
    description: "what the incident touches",
  },
  PRODUCED_BY: {
    lineage: "context",
    endpoints: (
      ["Topic", "Source", "Snapshot", "Fact", "Claim", "Scene", "Episode", "Decision", "Incident"] as const
    ).map((label) => [label, "PipelineRun"] as const),
    description: "the run of the pipeline that made it, or made it what it is",
  },
  USES: {
    lineage: "context",
    endpoints: [["PipelineRun", "SpecVersion"]],
    description: "the version of a template, prompt or QA spec that the run goes by",
  },
  ON: {
    lineage: "none",
    endpoints: [
      ["Episode", "Channel"],
      ["PipelineRun", "Channel"],
    ],
    description: "the channel that the episode or the run belongs to",
  },
  CORRECTS: {
    lineage: "context",
    endpoints: [["CorrectionTask", "Episode"]],
    description: "the live episode that has to be looked at because a source fell",
  },
  PART_OF: {
    lineage: "none",
    endpoints: [
      ["StageRun", "PipelineRun"],
      ["CorrectionTask", "Incident"],
    ],
    description: "the run that the stage is of, or the incident that the task is of",
  },
  MEASURES: {
    lineage: "none",
    endpoints: [
      ["KpiRecord", "Episode"],
      ["KpiRecord", "Channel"],
    ],
    description: "what the figures were measured of",
  },
  VARIES: {
    lineage: "context",
    endpoints: [["Variant", "Episode"]],
    description: "the episode whose hook or thumbnail it is tried for",
  },
  ARM_OF: { lineage: "none", endpoints: [["Variant", "Experiment"]], description: "the experiment that shows it" },
  TESTED_ON: {
    lineage: "none",
    endpoints: [["Experiment", "Episode"]],
    description: "the episode that the experiment is about",
  },
  FINISHES: {
    lineage: "none",
    endpoints: [["PostProduction", "Episode"]],
    description: "the episode that is finished in this way",
  },
  OWNED_BY: {
    lineage: "none",
    endpoints: [
      ["Episode", "Principal"],
      ["Channel", "Principal"],
      ["CorrectionTask", "Principal"],
    ],
    description: "who answers for it; an episode without an owner falls to its channel's",
  },
  PROPOSES: {
    lineage: "none",
    endpoints: from("Proposal", "Tenant", "Principal", "Channel", "Source", "Episode", "Exemption", "KillSwitch"),
    description: "what the proposed action would change",
  },
  OF: {
    lineage: "none",
    endpoints: [["Approval", "Proposal"]],
    description: "the proposal that was approved or rejected",
  },
  HAS_BODY: {
    lineage: "none",
    endpoints: [["Snapshot", "Body"]],
    description: "the text that was read, shared by snapshots with equal text",
  },
  REVISION_OF: {
    lineage: "none",
    endpoints: [...NODE_LABELS, "Investigation" as const].map((label) => ["Revision", label] as const),
    description: "an earlier version of a node's properties",
  },
} as const satisfies Record<string, EdgeDefinition>;

export type EdgeType = keyof typeof EDGES;
export const EDGE_TYPES = Object.keys(EDGES) as EdgeType[];

const ofClass = (...classes: LineageClass[]) => EDGE_TYPES.filter((type) => classes.includes(EDGES[type].lineage));
/** Followed by lineage unasked. */
export const EVIDENCE_EDGES = ofClass("evidence");
/** Everything that lineage can follow. */
export const LINEAGE_EDGES = ofClass("evidence", "context");

/** True when the catalog lets `type` join these labels in this direction. */
export function mayJoin(type: EdgeType, fromLabel: Label, toLabel: Label): boolean {
  return EDGES[type].endpoints.some(([a, b]) => a === fromLabel && b === toLabel);
}

/**
 * The types of a demo studio's data. The data refers to its own things by key; the loader turns keys into ids as it creates the nodes.
 * Keys are unique in a studio across all nouns, and fit in an operation id.
 * A type parameter narrows the keys that a data file may refer to, so that a dangling one doesn't compile.
 */
import type { ClaimKind, CLAIM_STATUSES } from "../graph-schema/nodes/claim.js";
import type { EpisodeStatus } from "../graph-schema/nodes/episode.js";
import type { FACT_KINDS } from "../graph-schema/nodes/fact.js";
import type { INCIDENT_STATUSES } from "../graph-schema/nodes/incident.js";
import type { PRINCIPAL_KINDS, Role } from "../graph-schema/nodes/principal.js";
import type { SNAPSHOT_KINDS } from "../graph-schema/nodes/snapshot.js";
import type { RELIABILITIES, SOURCE_STATUSES } from "../graph-schema/nodes/source.js";

/** A day, `YYYY-MM-DD`. */
export type IsoDate = `${number}-${number}-${number}`;
/** An instant in UTC, such as `2026-03-02T09:30:00Z`. */
export type IsoInstant = `${IsoDate}T${string}Z`;

export interface TenantSeed {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly allowedRegions: readonly string[];
}

export interface PrincipalSeed {
  /** The login or service name. */
  readonly key: string;
  readonly name: string;
  readonly kind: (typeof PRINCIPAL_KINDS)[number];
  readonly roles: readonly Role[];
}

export interface ChannelSeed<PrincipalKey extends string = string> {
  readonly key: string;
  readonly title: string;
  readonly platform: string;
  readonly url: string;
  readonly owner: PrincipalKey;
}

export interface TopicSeed {
  readonly key: string;
  readonly title: string;
  readonly description: string;
}

export interface FactSeed {
  readonly key: string;
  readonly kind: (typeof FACT_KINDS)[number];
  readonly statement: string;
  /** Stands in the snapshot's text word for word, and once. */
  readonly exact: string;
  /** A DATA_POINT has one. */
  readonly value?: number;
  readonly unit?: string;
  /** The day that the value holds for. */
  readonly asOfDate?: IsoDate;
  /** Facts that this one was computed from; they stand before it, so that one pass can load them. */
  readonly derivedFrom?: readonly string[];
}

export interface SnapshotSeed {
  readonly key: string;
  readonly revision?: string;
  readonly capturedAt: IsoInstant;
  readonly kind: (typeof SNAPSHOT_KINDS)[number];
  readonly text: string;
  readonly facts: readonly FactSeed[];
}

export interface SourceSeed {
  readonly key: string;
  readonly url: string;
  readonly title: string;
  readonly publisher: string;
  readonly tier: 1 | 2 | 3;
  readonly reliability: (typeof RELIABILITIES)[number];
  readonly publishedAt?: IsoDate;
  readonly retrievedAt: IsoInstant;
  /** Where absent, its registrable domain: one owner, one voice. */
  readonly independenceGroup?: string;
  readonly status: (typeof SOURCE_STATUSES)[number];
  /** Sources that this one relies on; may be cyclic, so that they are linked once all are registered. */
  readonly cites?: readonly string[];
  /** Oldest first. */
  readonly snapshots: readonly SnapshotSeed[];
}

export interface ClaimSeed<FactKey extends string = string> {
  readonly key: string;
  readonly text: string;
  readonly kind: ClaimKind;
  /** STATED where absent. */
  readonly status?: (typeof CLAIM_STATUSES)[number];
  readonly supportedBy: readonly FactKey[];
  readonly contradictedBy?: readonly FactKey[];
  readonly considered?: readonly FactKey[];
}

export interface SceneSeed<ClaimKey extends string = string> {
  readonly title: string;
  readonly narration: string;
  readonly claims: readonly ClaimKey[];
}

/** Scenes stand in the order of the episode, and their ordinals follow from it. */
export interface EpisodeSeed<
  ClaimKey extends string = string,
  ChannelKey extends string = string,
  TopicKey extends string = string,
  PrincipalKey extends string = string,
> {
  readonly key: string;
  readonly title: string;
  readonly channel: ChannelKey;
  readonly topic: TopicKey;
  /** Where absent, the channel's owner answers for it. */
  readonly owner?: PrincipalKey;
  readonly status: EpisodeStatus;
  /** Present for what was ever published. */
  readonly publishedAt?: IsoInstant;
  readonly scenes: readonly SceneSeed<ClaimKey>[];
}

type Ref<L extends string> = { readonly label: L; readonly key: string };

export interface DecisionSeed {
  readonly key: string;
  readonly title: string;
  readonly outcome: string;
  readonly rationale: string;
  readonly decidedAt: IsoInstant;
  readonly about: readonly Ref<"Topic" | "Source" | "Claim" | "Episode" | "Incident">[];
  readonly basedOn: readonly Ref<"Source" | "Snapshot" | "Fact" | "Claim" | "Incident" | "Decision">[];
}

export interface IncidentSeed {
  readonly key: string;
  readonly title: string;
  /** 1 is the gravest, 4 the least. */
  readonly severity: 1 | 2 | 3 | 4;
  readonly status: (typeof INCIDENT_STATUSES)[number];
  readonly description: string;
  readonly openedAt: IsoInstant;
  readonly resolvedAt?: IsoInstant;
  readonly affects: readonly Ref<"Channel" | "Source" | "Snapshot" | "Fact" | "Claim" | "Episode">[];
}

/** Incidents come before decisions, and a decision only refers to earlier ones, so that one pass can load them. */
export interface Studio {
  readonly tenant: TenantSeed;
  readonly principals: readonly PrincipalSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly topics: readonly TopicSeed[];
  readonly sources: readonly SourceSeed[];
  readonly claims: readonly ClaimSeed[];
  readonly episodes: readonly EpisodeSeed[];
  readonly incidents: readonly IncidentSeed[];
  readonly decisions: readonly DecisionSeed[];
}

type FactKeyIn<S> = S extends { readonly snapshots: readonly (infer N)[] }
  ? N extends { readonly facts: readonly (infer F)[] }
    ? F extends { readonly key: infer K extends string }
      ? K
      : never
    : never
  : never;

/** The keys of a list of things written `as const`. */
export type KeyOf<List extends readonly { readonly key: string }[]> = List[number]["key"];
/** The keys of all facts in a list of sources written `as const`. */
export type FactKeyOf<List extends readonly unknown[]> = FactKeyIn<List[number]>;

/** Joins the paragraphs of a source's text as a reader's plain-text copy has them, with an empty line between. */
export const paragraphs = (...texts: readonly string[]): string => texts.join("\n\n");

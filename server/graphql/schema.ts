import "reflect-metadata";
import { GraphQLInterfaceType, lexicographicSortSchema, printSchema, type GraphQLSchema } from "graphql";
import { buildSchemaSync, type NonEmptyArray } from "type-graphql";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import { ApprovalResolver } from "../domains/approval/approval.resolver.js";
import { AccessTokenResolver } from "../domains/access-token/access-token.resolver.js";
import { ChannelResolver } from "../domains/channel/channel.resolver.js";
import { ChannelConfigResolver } from "../domains/channel/channel-config.resolver.js";
import { ChannelConfigsResolver } from "../reads/channel-config/channel-config.resolver.js";
import {
  ChannelScorecardResolver,
  ScorecardRowResolver,
} from "../reads/channel-scorecard/channel-scorecard.resolver.js";
import { SpecResolver } from "../domains/spec/spec.resolver.js";
import { ClaimEvidenceResolver, ClaimResolver } from "../domains/claim/claim.resolver.js";
import { ClaimConflictResolver, ConflictResolver } from "../domains/claim/conflict.resolver.js";
import { CorrectionResolver } from "../domains/correction/correction.resolver.js";
import { DecisionResolver } from "../domains/decision/decision.resolver.js";
import { PackDifferenceResolver } from "../domains/episode/pack-difference.resolver.js";
import { EpisodeResolver } from "../domains/episode/episode.resolver.js";
import { EvidenceResolver } from "../domains/evidence/evidence.resolver.js";
import { ExemptionResolver } from "../domains/exemption/exemption.resolver.js";
import { FactResolver } from "../domains/fact/fact.resolver.js";
import { IncidentResolver } from "../domains/incident/incident.resolver.js";
import { KillSwitchResolver } from "../domains/kill-switch/kill-switch.resolver.js";
import { KpiResolver } from "../domains/kpi/kpi.resolver.js";
import { ExperimentResolver } from "../domains/experiment/experiment.resolver.js";
import { PostProductionResolver } from "../domains/post-production/post-production.resolver.js";
import { ProposalResolver } from "../domains/proposal/proposal.resolver.js";
import { PrincipalResolver } from "../domains/principal/principal.resolver.js";
import { JobResolver } from "../domains/job/job.resolver.js";
import { RunResolver } from "../domains/run/run.resolver.js";
import { SceneResolver } from "../domains/scene/scene.resolver.js";
import { SnapshotResolver } from "../domains/snapshot/snapshot.resolver.js";
import { SourceChangesResolver } from "../domains/source/source-changes.resolver.js";
import { SourceResolver } from "../domains/source/source.resolver.js";
import { TenantAdminResolver } from "../domains/tenant/tenant-admin.resolver.js";
import { TenantResolver } from "../domains/tenant/tenant.resolver.js";
import { TopicResolver } from "../domains/topic/topic.resolver.js";
import { AuditEntriesResolver } from "../reads/audit-entries/audit-entries.resolver.js";
import { WebhookResolver } from "../domains/webhook/webhook.resolver.js";
import { HistoryResolver } from "../reads/history/history.resolver.js";
import { InvestigationResolver } from "../domains/investigation/investigation.resolver.js";
import { AlertResolver, WatchResolver } from "../domains/watch/watch.resolver.js";
import { GovernanceStandingResolver } from "../reads/governance/standing.resolver.js";
import { GovernanceVersionsResolver } from "../reads/governance/versions.resolver.js";
import { GovernanceResolver } from "../reads/governance/governance.resolver.js";
import { InvestigationsResolver } from "../reads/investigations/investigations.resolver.js";
import { LineageChangedResolver, LineageChangeResolver } from "../reads/lineage-changed/lineage-changed.resolver.js";
import { AlertConnectionResolver, WatchesResolver } from "../reads/watches/watches.resolver.js";
import { ImpactResolver } from "../reads/impact/impact.resolver.js";
import { LinkHealthResolver } from "../reads/link-health/link-health.resolver.js";
import { RepairsResolver } from "../reads/repairs/repairs.resolver.js";
import { JobsResolver } from "../reads/jobs/jobs.resolver.js";
import { LineageDiffResolver } from "../reads/lineage-diff/lineage-diff.resolver.js";
import { LineageResolver } from "../reads/lineage/lineage.resolver.js";
import { NodeResolver } from "../reads/node/node.resolver.js";
import { PathsResolver } from "../reads/paths/paths.resolver.js";
import { PolicyDecisionsResolver } from "../reads/policy-decisions/policy-decisions.resolver.js";
import { PolicyTestResolver } from "../reads/policy-test/policy-test.resolver.js";
import { RollUpResolver } from "../reads/roll-up/roll-up.resolver.js";
import { RunChangedResolver } from "../reads/run-changed/run-changed.resolver.js";
import { QaGateResolver } from "../reads/qa-gate/qa-gate.resolver.js";
import { RenderPlanResolver } from "../reads/render-plan/render-plan.resolver.js";
import { EvidencePackResolver } from "../reads/evidence-pack/evidence-pack.resolver.js";
import { CacheUseResolver } from "../reads/cache-use/cache-use.resolver.js";
import { EpisodeRunsResolver, RunsResolver, StageOutputResolver } from "../reads/runs/runs.resolver.js";
import { SearchResolver } from "../reads/search/search.resolver.js";
import { SelectResolver } from "../reads/select/select.resolver.js";
import { EpisodeClaimsResolver } from "../reads/weakest/episode-claims.resolver.js";
import { WeakestResolver } from "../reads/weakest/weakest.resolver.js";
import { WebhooksResolver } from "../reads/webhooks/webhooks.resolver.js";
import { DateTime } from "./scalars.js";

const RESOLVERS: NonEmptyArray<new () => object> = [
  NodeResolver,
  SearchResolver,
  LineageResolver,
  PathsResolver,
  SelectResolver,
  RollUpResolver,
  LineageDiffResolver,
  HistoryResolver,
  WeakestResolver,
  EpisodeClaimsResolver,
  ImpactResolver,
  GovernanceResolver,
  GovernanceStandingResolver,
  GovernanceVersionsResolver,
  AuditEntriesResolver,
  TenantResolver,
  PrincipalResolver,
  AccessTokenResolver,
  ChannelResolver,
  TopicResolver,
  SourceResolver,
  SourceChangesResolver,
  SnapshotResolver,
  FactResolver,
  ClaimResolver,
  ClaimEvidenceResolver,
  ConflictResolver,
  ClaimConflictResolver,
  EvidenceResolver,
  SceneResolver,
  EpisodeResolver,
  IncidentResolver,
  CorrectionResolver,
  RepairsResolver,
  LinkHealthResolver,
  DecisionResolver,
  ProposalResolver,
  ApprovalResolver,
  KillSwitchResolver,
  ExemptionResolver,
  PolicyDecisionsResolver,
  PolicyTestResolver,
  WebhookResolver,
  WebhooksResolver,
  JobsResolver,
  JobResolver,
  RunResolver,
  EvidencePackResolver,
  PackDifferenceResolver,
  KpiResolver,
  SpecResolver,
  ChannelConfigResolver,
  ChannelConfigsResolver,
  ChannelScorecardResolver,
  PostProductionResolver,
  ExperimentResolver,
  QaGateResolver,
  RenderPlanResolver,
  ScorecardRowResolver,
  CacheUseResolver,
  RunsResolver,
  EpisodeRunsResolver,
  StageOutputResolver,
  RunChangedResolver,
  ProposalResolver,
  ApprovalResolver,
  KillSwitchResolver,
  ExemptionResolver,
  TenantAdminResolver,
  LineageChangedResolver,
  LineageChangeResolver,
  WatchResolver,
  AlertResolver,
  WatchesResolver,
  AlertConnectionResolver,
  InvestigationResolver,
  InvestigationsResolver,
];

const noPubSub = (): never => {
  throw new Error("a subscription brings its own source: what is in this process alone is no source of changes");
};
/** type-graphql asks for one as soon as there are subscriptions. */
const NO_PUB_SUB = { publish: noPubSub, subscribe: noPubSub };

/** The executable schema. type-graphql builds it and nothing else: zod validates, the executor executes. */
export function buildSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: RESOLVERS,
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  // type-graphql resolves types through a promise each; a lineage answer has hundreds, and graphql-jit takes no promise.
  const node = schema.getType("GraphNode") as GraphQLInterfaceType;
  node.resolveType = (value: { label: NodeLabel }) => value.label;
  return schema;
}

/** The contract as text: what is committed as schema.graphql. */
export const printContract = (schema: GraphQLSchema = buildSchema()): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;

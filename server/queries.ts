import { migrationQueries } from "../migrations/migrate.js";
import { auditAlso, auditRefusal, epilogue, operationsById, prologue } from "./commands/operation.query.js";
import { auditLag, factsQuery } from "./commands/facts.query.js";
import { specDomainQueries } from "./domains/spec/spec.repository.js";
import { channelConfigQueries } from "./reads/channel-config/channel-config.query.js";
import { scorecardQueries } from "./reads/channel-scorecard/channel-scorecard.query.js";
import { channelQueries } from "./domains/channel/channel.repository.js";
import { episodeQueries } from "./domains/episode/episode.repository.js";
import { claimQueries } from "./domains/claim/claim.repository.js";
import { recheckQueries } from "./domains/claim/recheck.repository.js";
import { shelfLifeQueries } from "./domains/claim/shelf-life.repository.js";
import { correctionQueries } from "./domains/correction/correction.repository.js";
import { fallQueries } from "./domains/correction/fall.repository.js";
import { linkHealthQueries } from "./domains/link-health/link-health.repository.js";
import { quoteGoneQueries } from "./domains/snapshot/quote-gone.repository.js";
import { claimsOfTask } from "./reads/repairs/claims-of-task.query.js";
import { linkHealthOf } from "./reads/link-health/link-health.query.js";
import { repairsQueries } from "./reads/repairs/repairs.query.js";
import { retractableQueries } from "./reads/retractable/retractable.query.js";
import { decisionQueries } from "./domains/decision/decision.repository.js";
import { sourceQueries } from "./domains/source/source.repository.js";
import { investigationQueries } from "./domains/investigation/investigation.repository.js";
import { watchQueries } from "./domains/watch/watch.repository.js";
import { investigationReads } from "./reads/investigations/investigations.query.js";
import { lineageChangedQueries } from "./reads/lineage-changed/lineage-changed.query.js";
import { watchReads } from "./reads/watches/watches.query.js";
import { evidenceQueries } from "./domains/evidence/evidence.repository.js";
import { proposalQueries } from "./domains/proposal/proposal.repository.js";
import { auditQueries } from "./audit/audit.query.js";
import { accessTokenQueries } from "./domains/access-token/access-token.repository.js";
import { principalQueries } from "./domains/principal/principal.repository.js";
import { jobQueries } from "./domains/job/job.repository.js";
import { operationQueries } from "./domains/operation/operation.repository.js";
import { kpiQueries } from "./domains/kpi/kpi.repository.js";
import { experimentQueries } from "./domains/experiment/experiment.repository.js";
import { qaGateQueries } from "./reads/qa-gate/qa-gate.query.js";
import { renderPlanQueries } from "./reads/render-plan/render-plan.query.js";
import { runDomainQueries } from "./domains/run/run.repository.js";
import { sceneQueries } from "./domains/scene/scene.repository.js";
import { snapshotQueries } from "./domains/snapshot/snapshot.repository.js";
import { tenantQueries } from "./domains/tenant/tenant.repository.js";
import { webhookDomainQueries } from "./domains/webhook/webhook.repository.js";
import { usageQueries } from "./domains/tenant/usage.repository.js";
import { bodyQueries } from "./graph/body.query.js";
import { edgeQueries } from "./graph/edge.js";
import { inspectQueries } from "./graph/inspect.js";
import { createQueries, findByKeyQueries, presentQueries, reviseQueries } from "./graph/life.js";
import { databaseInstant, lockQueries } from "./graph/lock.js";
import { leaseQueries } from "./jobs/lease.query.js";
import { runQueries } from "./jobs/run.query.js";
import { tenancyQueries } from "./tenancy/content.query.js";
import { restoreQueries } from "./tenancy/restore.query.js";
import type { AnyQuery } from "./graph/query.js";
import { searchQuery } from "./graph/search.js";
import { claimImportQueries } from "./imports/claims.query.js";
import { driftQueries } from "./imports/drift.query.js";
import { readingQueries } from "./imports/readings.query.js";
import { kpiExecutorQueries } from "./pipeline/executors/kpi.query.js";
import { correctionFlowQueries } from "./pipeline/executors/correction.query.js";
import { executorQueries } from "./pipeline/executors/evidence.query.js";
import { auditEntriesQueries } from "./reads/audit-entries/audit-entries.query.js";
import { accessTokenReads } from "./reads/access-tokens/access-tokens.query.js";
import { governanceVersionQueries } from "./reads/governance/versions.query.js";
import { episodeClaimsQueries } from "./reads/weakest/episode-claims.query.js";
import { governanceQueries } from "./reads/governance/governance.query.js";
import { historyQueries } from "./reads/history/history.query.js";
import { impactQueries } from "./reads/impact/impact.query.js";
import { lineageDiffQueries } from "./reads/lineage-diff/lineage-diff.query.js";
import { aroundQueries } from "./reads/lineage/around.query.js";
import { lineageQueries } from "./reads/lineage/lineage.query.js";
import { standingQueries } from "./reads/lineage/standing.query.js";
import { walkQueries } from "./reads/lineage/walk.query.js";
import { listAllQueries } from "./reads/lists/list.query.js";
import { beginningQuery } from "./reads/node/beginning.query.js";
import { neighbourQueries } from "./reads/node/neighbours.query.js";
import { nodeQueries } from "./reads/node/node.query.js";
import { policyDecisionsCount, policyDecisionsPage } from "./reads/policy-decisions/policy-decisions.query.js";
import { runChangedQueries } from "./reads/run-changed/run-changed.query.js";
import { selectQueries } from "./reads/select/select.query.js";
import { topicQueries } from "./domains/topic/topic.repository.js";
import { firstChannelQuery } from "./reads/lists/first-channel.query.js";
import { evidencePackQuery } from "./reads/evidence-pack/evidence-pack.query.js";
import { cacheUseQuery } from "./reads/cache-use/cache-use.query.js";
import { snapshotTextsQuery } from "./reads/node/snapshot-text.query.js";
import { webhookReadQueries } from "./reads/webhooks/webhooks.query.js";
import { weakestQueries } from "./reads/weakest/weakest.query.js";
import { deliveryQueries } from "./webhooks/delivery.query.js";
import { waitingQueries } from "./webhooks/waiting.query.js";
import { webhookQueries } from "./webhooks/webhook.query.js";

/** Every query there is. A test explains each against a real database, and finds those that aren't here. */
export const QUERIES: readonly AnyQuery[] = [
  ...Object.values(createQueries),
  ...findByKeyQueries.values(),
  ...Object.values(reviseQueries),
  ...Object.values(presentQueries),
  ...Object.values(lockQueries),
  databaseInstant,
  ...edgeQueries,
  ...bodyQueries,
  prologue,
  epilogue,
  auditAlso,
  auditRefusal,
  operationsById,
  factsQuery,
  auditLag,
  ...channelQueries,
  ...episodeQueries,
  ...evidenceQueries,
  ...claimQueries,
  ...recheckQueries,
  ...shelfLifeQueries,
  ...fallQueries,
  ...correctionQueries,
  claimsOfTask,
  ...repairsQueries,
  ...quoteGoneQueries,
  ...retractableQueries,
  ...linkHealthQueries,
  linkHealthOf,
  ...decisionQueries,
  ...sourceQueries,
  ...investigationQueries,
  ...investigationReads,
  ...lineageChangedQueries,
  ...watchQueries,
  ...watchReads,
  ...proposalQueries,
  ...auditQueries,
  ...accessTokenQueries,
  ...leaseQueries,
  ...runQueries,
  ...jobQueries,
  ...runDomainQueries,
  ...kpiQueries,
  ...specDomainQueries,
  ...channelConfigQueries,
  ...scorecardQueries,
  ...experimentQueries,
  ...qaGateQueries,
  ...renderPlanQueries,
  ...executorQueries,
  ...correctionFlowQueries,
  ...kpiExecutorQueries,
  ...runChangedQueries,
  cacheUseQuery,
  evidencePackQuery,
  firstChannelQuery,
  ...topicQueries,
  ...operationQueries,
  ...principalQueries,
  ...sceneQueries,
  ...snapshotQueries,
  ...tenantQueries,
  ...tenancyQueries,
  ...restoreQueries,
  ...accessTokenReads,
  ...webhookQueries,
  ...waitingQueries,
  ...deliveryQueries,
  ...webhookDomainQueries,
  ...webhookReadQueries,
  ...usageQueries,
  ...nodeQueries,
  ...neighbourQueries,
  snapshotTextsQuery,
  beginningQuery,
  ...lineageQueries,
  ...lineageDiffQueries,
  ...historyQueries,
  ...governanceQueries,
  ...governanceVersionQueries,
  ...weakestQueries,
  ...episodeClaimsQueries,
  ...standingQueries,
  ...walkQueries,
  ...aroundQueries,
  ...selectQueries,
  ...impactQueries,
  ...auditEntriesQueries,
  searchQuery,
  policyDecisionsPage,
  policyDecisionsCount,
  ...listAllQueries,
  ...claimImportQueries,
  ...driftQueries,
  ...readingQueries,
  ...inspectQueries,
  ...migrationQueries,
];

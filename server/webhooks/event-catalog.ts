import { INBOUND_EVENTS, INBOUND_TYPES, type InboundType } from "../../graph-schema/events.js";

export interface CatalogEntry {
  /** Counts up when `data` changes in a way that breaks who reads it. */
  readonly version: number;
  /** What the event happened to: the label of its subject's id. */
  readonly subject: string;
  readonly said: string;
  /** Fields of `data`. */
  readonly data: readonly string[];
}

const entry = (subject: string, said: string, ...data: string[]): CatalogEntry => ({ version: 1, subject, said, data });

const INBOUND_SUBJECTS: Readonly<Record<InboundType, string>> = {
  "stage.completed": "Webhook, PipelineRun",
  "stage.failed": "Webhook, PipelineRun",
  "episode.external_status": "Episode",
  "kpi.reported": "Episode, Channel",
  "source.changed": "Source",
};

/** What a webhook in reported, passed on to whoever listens with the data as it came. */
const INBOUND = Object.fromEntries(
  INBOUND_TYPES.map((type) => [
    `inbound.${type}`,
    entry(INBOUND_SUBJECTS[type], `\`${type}\` was reported from outside`, ...Object.keys(INBOUND_EVENTS[type].shape)),
  ]),
) as Record<`inbound.${InboundType}`, CatalogEntry>;

/** Every event that a change may tell. A test holds it against the code: what isn't here isn't told, and the other way round. */
export const EVENTS = {
  "audit.exported": entry("Tenant", "the audit log was exported", "size"),
  "channel.created": entry("Channel", "a channel was created"),
  "channel.weighted": entry("Channel", "the parts of a topic's score count otherwise for a channel"),
  "claim.conflict": entry("Claim", "two claims were found to contradict each other", "otherId"),
  "claim.conflict-ended": entry("Claim", "two claims don't contradict each other after all", "otherId"),
  "claim.repeated": entry("Claim", "scenes say a claim that stood already", "sceneIds"),
  "claim.revised": entry("Claim", "a claim has other words, another kind or shelf life"),
  "claim.stated": entry("Claim", "a claim was stated for the first time"),
  "claim.status": entry("Claim", "a claim was judged anew", "status"),
  "claims.imported": entry("Tenant", "a batch of claims was imported", "created", "updated", "skipped"),
  "claims.recheck": entry("Source, Tenant", "claims that stand on something that changed need a check", "claims"),
  "correction.closed": entry(
    "CorrectionTask",
    "a correction task was closed, as DONE or DROPPED",
    "episodeId",
    "state",
  ),
  "correction.taken": entry("CorrectionTask", "somebody works on a correction task", "episodeId"),
  "corrections.opened": entry(
    "Tenant",
    "tasks that one transaction couldn't open after a source fell are there now",
    "tasks",
  ),
  "decision.recorded": entry(
    "Decision",
    "a decision was recorded; about a conflict, of which claims",
    "claimId",
    "againstId",
  ),
  "episode.created": entry("Episode", "an episode was created"),
  "episode.corrected": entry("Episode", "a correction of an episode was published"),
  "episode.published": entry("Episode", "an episode was published"),
  "episode.retracted": entry("Episode", "an episode was retracted"),
  "evidence.linked": entry("Claim", "a fact was linked to a claim", "factId", "stance"),
  "evidence.unlinked": entry("Claim", "a link between a fact and a claim was closed", "factId", "stance"),
  "exemption.ended": entry("Exemption", "a rule of the policy holds again"),
  "exemption.granted": entry("Exemption", "a rule of the policy was lifted for a while", "rule"),
  "fact.extracted": entry("Fact", "a fact was extracted from a snapshot"),
  "governance.set": entry("Tenant", "the rules of source governance were set", "version"),
  "incident.opened": entry("Incident", "an incident was opened", "severity"),
  "incident.resolved": entry("Incident", "the last task of an incident was closed"),
  "kill-switch.lifted": entry("KillSwitch", "a kill switch was lifted, or ended"),
  "kill-switch.set": entry("KillSwitch", "a kill switch was set", "scope"),
  "channel.configured": entry("Channel", "a channel's config got a new version", "version"),
  "spec.published": entry(
    "SpecVersion",
    "a version of a template, prompt or QA spec was published",
    "kind",
    "name",
    "version",
  ),
  "spec.rolled-back": entry(
    "SpecVersion",
    "a spec's bare name means an earlier version again",
    "kind",
    "name",
    "version",
    "from",
  ),
  "episode.finish-set": entry("Episode", "how an episode is finished was set"),
  "experiment.ended": entry("Experiment", "an experiment ended, by its sample or by somebody", "verdict", "winnerId"),
  "experiment.measured": entry("Experiment", "figures of variants were recorded", "variants"),
  "experiment.started": entry("Experiment", "variants were set up", "kind", "variants", "planned"),
  "render-plan.exported": entry("Episode", "an episode's render plan left as files", "planSha256"),
  "kpis.recorded": entry(
    "Tenant",
    "what was measured of episodes or channels was recorded",
    "created",
    "updated",
    "skipped",
  ),
  "investigation.deleted": entry("Investigation", "a kept view was deleted by its owner"),
  "investigation.saved": entry("Investigation", "somebody kept a view, or a new version of it", "version"),
  "investigation.shared": entry("Investigation", "a kept view was shared with the studio, or no more", "shared"),
  "lineage.exported": entry("Tenant", "a lineage left as a file", "id", "format", "nodes", "edges"),
  "links.looked": entry("Tenant", "sources' addresses were looked at", "looked", "failing", "dead", "back"),
  "pack.exported": entry("Episode", "an episode's evidence pack left as a file", "packSha256", "without"),
  "job.asked": entry("Tenant", "somebody asked for a run of a job", "job", "run", "dryRun"),
  "principal.registered": entry("Principal", "somebody or something that acts was registered or changed", "roles"),
  "principal.role-granted": entry("Principal", "somebody was given a role", "role", "channels"),
  "principal.role-revoked": entry("Principal", "somebody lost a role", "role"),
  "proposal.approved": entry("Proposal", "a proposal was approved, and carried out if `done`", "done"),
  "proposal.expired": entry("Proposal", "a proposal expired", "action"),
  "proposal.opened": entry(
    "Proposal",
    "something was proposed that needs approval, or proposed anew",
    "action",
    "subjectId",
  ),
  "proposal.rejected": entry("Proposal", "a proposal was rejected", "action"),
  "proposal.withdrawn": entry("Proposal", "a proposal was withdrawn", "action"),
  "openlineage.run-event": entry(
    "PipelineRun",
    "a run or a stage of it began or ended; `data` is the event of OpenLineage 2-0-2",
    "eventType",
    "eventTime",
    "run",
    "job",
    "inputs",
    "outputs",
    "producer",
    "schemaURL",
  ),
  "run.ended": entry(
    "PipelineRun",
    "a run was done, was blocked, failed or was cancelled",
    "flow",
    "status",
    "outcome",
  ),
  "run.repaired": entry(
    "PipelineRun",
    "a stage sent its run back to an earlier one",
    "flow",
    "stage",
    "stages",
    "round",
  ),
  "run.resumed": entry("PipelineRun", "a run that had ended goes on", "flow"),
  "run.stage": entry("PipelineRun", "a stage of a run moved", "stage", "attempt", "status", "outcome"),
  "run.started": entry("PipelineRun", "a run of a flow was started", "flow"),
  "run.waiting": entry("PipelineRun", "a run waits: for an approval, a callback or its time", "flow", "wakeAt"),
  "scene.created": entry("Scene", "a scene was added to an episode", "episodeId"),
  "snapshot.captured": entry("Snapshot", "what was read at a source was captured", "sourceId", "sha256"),
  "source.died": entry("Source", "a source's address failed for so long that the source counts as DEAD", "url"),
  "source.fell": entry(
    "Source",
    "live episodes stand on a source that went stale, is dead, was retracted, or says something else than it is quoted for",
    "cause",
    "incidentId",
    "claims",
    "scenes",
    "episodeIds",
    "ownerIds",
    "taskIds",
    "more",
  ),
  "source.registered": entry("Source", "a source was registered", "url"),
  "source.rated": entry("Source", "a source's tier, reliability or independence group was set"),
  "source.retracted": entry("Source", "a source was retracted"),
  "source.revived": entry("Source", "a source that looks had found dead answers again", "url"),
  "source.revised": entry("Source", "a source has a new version, or cites others", "url"),
  "source.superseded": entry("Source", "another source took a source's place", "byId"),
  "source.supersession-ended": entry("Source", "a source isn't superseded any more", "byId"),
  "sources.imported": entry("Tenant", "what was read at sources was imported", "created", "updated", "skipped"),
  "tenant.created": entry("Tenant", "the studio was onboarded", "region"),
  "token.issued": entry("Principal", "a token was issued to an agent or a service", "tokenId", "scopes", "roles"),
  "token.revoked": entry("AccessToken", "a token was revoked"),
  "tenant.erased": entry("Tenant", "the studio was erased for good"),
  "tenant.exported": entry("Tenant", "everything of the studio was exported", "region"),
  "tenant.moved": entry("Tenant", "the studio is in another region now", "from", "to"),
  "tenant.moving": entry("Tenant", "the studio is on its way to another region, and takes no changes until then", "to"),
  "tenant.restored": entry("Tenant", "the studio was restored from an export", "nodes", "edges"),
  "tenant.restoring": entry("Tenant", "an export of the studio is being read back", "region"),
  "tenant.resumed": entry("Tenant", "the studio takes changes again"),
  "tenant.suspended": entry("Tenant", "the studio takes no changes any more"),
  "topic.created": entry("Topic", "a topic was created"),
  "watch.alerted": entry("Watch", "the lineage of a watched node changed", "nodeId", "alertId", "changed"),
  "watch.alerts-seen": entry("Tenant", "somebody saw their alerts", "seen"),
  "watch.ended": entry("Watch", "somebody watches a node no more", "nodeId"),
  "watch.started": entry("Watch", "somebody watches a node", "nodeId"),
  "webhook.created": entry("Webhook", "a webhook was registered", "direction"),
  "webhook.deleted": entry("Webhook", "a webhook was deleted"),
  "webhook.disabled": entry("Webhook", "a webhook was disabled, by somebody or because its receiver is gone", "cause"),
  "webhook.enabled": entry("Webhook", "a webhook was enabled"),
  "webhook.ping": entry("Webhook", "somebody wants to see one arrive; told to that webhook alone"),
  "webhook.replayed": entry("Webhook", "a delivery will be tried again", "deliveryId"),
  "webhook.resealed": entry("Webhook", "a webhook's secrets lie under the present key of the installation"),
  "webhook.secret-rotated": entry("Webhook", "a webhook has a new secret", "previousUntil"),
  ...INBOUND,
} as const satisfies Record<string, CatalogEntry>;

export const EVENT_TYPES: readonly string[] = Object.keys(EVENTS);

/** Whether a pattern of a webhook's filter takes a type: the type itself, all of a noun (`episode.*`), or everything (`*`). */
export const takes = (pattern: string, type: string): boolean =>
  pattern === "*" || pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1)));

/** Whether a pattern can ever take anything. */
export const isPattern = (pattern: string): boolean => EVENT_TYPES.some((type) => takes(pattern, type));

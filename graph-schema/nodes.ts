import type { NodeLabel } from "./catalog.js";
import { approval } from "./nodes/approval.js";
import { channel } from "./nodes/channel.js";
import { claim } from "./nodes/claim.js";
import { correctionTask } from "./nodes/correction-task.js";
import { decision } from "./nodes/decision.js";
import { episode } from "./nodes/episode.js";
import { experiment } from "./nodes/experiment.js";
import { exemption } from "./nodes/exemption.js";
import { fact } from "./nodes/fact.js";
import { incident } from "./nodes/incident.js";
import { killSwitch } from "./nodes/kill-switch.js";
import { kpiRecord } from "./nodes/kpi-record.js";
import { pipelineRun } from "./nodes/pipeline-run.js";
import { postProduction } from "./nodes/post-production.js";
import { principal } from "./nodes/principal.js";
import { proposal } from "./nodes/proposal.js";
import { scene } from "./nodes/scene.js";
import { snapshot } from "./nodes/snapshot.js";
import { source } from "./nodes/source.js";
import { specVersion } from "./nodes/spec-version.js";
import { stageRun } from "./nodes/stage-run.js";
import { tenant } from "./nodes/tenant.js";
import { topic } from "./nodes/topic.js";
import { variant } from "./nodes/variant.js";
import type { NodeDefinition } from "./node.js";

/** The stored shape of every content label. */
export const NODES = {
  Tenant: tenant,
  Principal: principal,
  Channel: channel,
  Topic: topic,
  Source: source,
  Snapshot: snapshot,
  Fact: fact,
  Claim: claim,
  Scene: scene,
  Episode: episode,
  Incident: incident,
  Decision: decision,
  Proposal: proposal,
  Approval: approval,
  KillSwitch: killSwitch,
  Exemption: exemption,
  PipelineRun: pipelineRun,
  StageRun: stageRun,
  KpiRecord: kpiRecord,
  SpecVersion: specVersion,
  PostProduction: postProduction,
  Experiment: experiment,
  Variant: variant,
  CorrectionTask: correctionTask,
} as const satisfies { [L in NodeLabel]: NodeDefinition<L> };

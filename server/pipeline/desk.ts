import type { FlowDocument } from "../../graph-schema/documents/flow.js";
import { dueRuns } from "../domains/run/record.service.js";
import type { JudgedOutput } from "../domains/run/signal.service.js";
import type { Executor } from "./executor.js";
import type { House } from "../domains/channel/pins.js";
import { EXECUTORS } from "./executors.js";
import { ownHouse } from "./executors/house.js";
import type { Drive } from "./driver.js";
import { loadFlows } from "./flows.js";
import { judgeReport } from "./judge-report.js";
import { missingExecutors, readerOf, register, type Installation, type PipelineOffice } from "./office.js";
import { EmbeddedRunner } from "./runner.js";
import { TASKS } from "./tasks.js";

/** A flow as it is offered. */
export interface OfferedFlow {
  readonly flow: FlowDocument;
  /** Executors that it names and that aren't installed. */
  readonly missing: readonly string[];
}

/** What runs are started and driven with. */
export interface PipelineDesk {
  readonly installation: Installation;
  readonly runner: EmbeddedRunner;
  flows(): OfferedFlow[];
  /** What `startRun` is given beside a flow's name. */
  resolve(
    flow: string,
    channelId?: string | null,
  ): {
    readonly resolved: FlowDocument | null;
    readonly missing: readonly string[];
    readonly house: House | null;
  };
  /** What a report from outside brings as the output of a stage, held against the stage's document; null where it brings none. */
  judgeReport(tenantId: string, event: unknown): Promise<JudgedOutput | null>;
  drive(drive: Drive): Promise<number>;
  countDue(tenantId: string): Promise<number>;
}

let ours: Installation | undefined;

/** The flows that come with this version, and these executors. */
export const installationOf = (
  executors: readonly Executor[],
  houseOf: Installation["houseOf"] = () => ownHouse(),
): Installation => ({
  flows: loadFlows(),
  tasks: TASKS,
  executors: register(executors, TASKS),
  houseOf,
});

/** The flows and executors that come with this version. */
export const ownInstallation = (): Installation => (ours ??= installationOf(EXECUTORS));

/** Runs that a count of what is due goes up to. */
const COUNTED = 1_000;

export function createPipelineDesk(
  office: PipelineOffice,
  runner: EmbeddedRunner,
  installed: () => Installation = ownInstallation,
): PipelineDesk {
  return {
    get installation() {
      return installed();
    },
    runner,
    flows: () =>
      [...installed().flows.values()].map((flow) => ({ flow, missing: missingExecutors(flow, installed()) })),
    resolve(name, channelId = null) {
      const flow = installed().flows.get(name);
      const house = installed().houseOf?.(channelId) ?? null;
      return flow === undefined
        ? { resolved: null, missing: [], house }
        : { resolved: flow, missing: missingExecutors(flow, installed()), house };
    },
    judgeReport: (tenantId, event) => judgeReport(readerOf(office.graph, tenantId), installed(), event),
    drive: (drive) => runner.drive(office, installed(), drive),
    countDue: async (tenantId) => (await dueRuns(readerOf(office.graph, tenantId), COUNTED)).length,
  };
}

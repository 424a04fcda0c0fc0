import { Driver, type Drive } from "./driver.js";
import { Quarantine } from "./quarantine.js";
import type { Installation, PipelineOffice } from "./office.js";

/** A run of a tenant, by its public id. */
export interface RunRef {
  readonly tenantId: string;
  readonly runId: string;
}

/**
 * What moves runs on. It decides when a stage is done, never what is done: that is `runStage`'s, and the graph is the record.
 * Each call comes after what it tells of was committed, and may be lost: whoever is behind this looks at the record too.
 */
export interface Runner {
  start(run: RunRef, flow: string, input: unknown): Promise<void>;
  signal(run: RunRef, name: string, payload: unknown): Promise<void>;
  cancel(run: RunRef): Promise<void>;
}

/** Drives runs in this process, beside whatever else it does; a job has one process of all do so for a tenant. */
export class EmbeddedRunner implements Runner {
  readonly #drivers = new Map<string, Driver>();
  readonly #quarantine = new Quarantine();

  start({ tenantId }: RunRef): Promise<void> {
    return this.#nudge(tenantId);
  }

  signal({ tenantId }: RunRef): Promise<void> {
    return this.#nudge(tenantId);
  }

  cancel({ tenantId }: RunRef): Promise<void> {
    return this.#nudge(tenantId);
  }

  /** Drives a tenant's runs on until nothing is due, under the lease that the office's writes hold. Answers the tries that were settled. */
  async drive(office: PipelineOffice, installation: Installation, drive: Drive): Promise<number> {
    const driver = new Driver(office, installation, drive, this.#quarantine);
    this.#drivers.set(drive.tenantId, driver);
    try {
      return await driver.run();
    } finally {
      if (this.#drivers.get(drive.tenantId) === driver) this.#drivers.delete(drive.tenantId);
    }
  }

  async #nudge(tenantId: string): Promise<void> {
    this.#drivers.get(tenantId)?.nudge();
  }
}

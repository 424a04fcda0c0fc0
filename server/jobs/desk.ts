import type { Graph } from "../graph/graph.js";
import { enrol, readLeases } from "./lease.js";
import { perform, type Performed, type Troubles, type Work } from "./perform.js";
import { Pulse } from "./pulse.js";
import { tickName } from "./tick.js";

type Rest<F> = F extends (graph: Graph, ...rest: infer R) => infer A ? (...rest: R) => A : never;

/** What jobs are run with, on one graph. */
export interface JobDesk {
  readonly leases: Rest<typeof readLeases>;
  readonly enrol: Rest<typeof enrol>;
  readonly perform: Rest<typeof perform>;
  readonly tickName: typeof tickName;
  /** A job that beats within the minute, in one tenant. */
  pulse(job: Performed, tenantId: string, work: Work, troubles: Troubles): Pulse;
}

export const createJobDesk = (graph: Graph): JobDesk => ({
  leases: (...rest) => readLeases(graph, ...rest),
  enrol: (...rest) => enrol(graph, ...rest),
  perform: (...rest) => perform(graph, ...rest),
  tickName,
  pulse: (job, tenantId, work, troubles) => new Pulse(graph, job, tenantId, work, troubles),
});

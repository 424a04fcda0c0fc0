import type { Graph } from "../../graph/graph.js";
import { putUsage, usageOfDay } from "./usage.repository.js";

/** What one process counted of a tenant's requests on one day. */
export interface Usage {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly process: string;
  readonly requests: number;
}

/** Writes a process's count and answers that of all of them. No command: it is bookkeeping of reads too, and no change of the tenant's. */
export async function recordUsage(graph: Graph, tenantId: string, { day, process, requests }: Usage): Promise<number> {
  const { value } = await graph.write({ tenantId }, async (tx) => {
    await putUsage(tx, day, process, requests);
    return usageOfDay(tx, day);
  });
  return value;
}

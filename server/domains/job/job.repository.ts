import { z } from "zod";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const openRunQuery = defineQuery({
  name: "openJobRun",
  mode: "write",
  scope: "tenant",
  params: params<{ job: string; run: string }>(),
  cypher: `MATCH (l:Lease {tenantId: $tenantId, id: $job})
SET l._lock = true
SET l.open = coalesce(l.open, []) + $run
RETURN l.id AS job`,
  row: z.object({ job: z.string() }),
});

export const jobQueries = [openRunQuery];

/** Puts a run behind those that are open. Answers false where the job isn't known. */
export const openRun = async (tx: WriteTx, job: string, run: string): Promise<boolean> =>
  (await tx.run(openRunQuery, { job, run })).length > 0;

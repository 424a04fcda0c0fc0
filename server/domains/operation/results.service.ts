import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import type { Graph } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import { countOlder, dropOldest } from "./operation.repository.js";

/** Days that the result of an operation is kept. Its key is kept for good, so that nothing is ever done twice. */
export const RESULT_DAYS = 30;
const KEPT_MS = RESULT_DAYS * 86_400_000;

/** Results that one transaction drops. */
const BATCH = 1_000;
/** Counted no further. */
const MOST_COUNTED = 10_000;

/** Drops the results of operations that are older than they are kept for; `more` says whether there are others. */
export const dropOldResults = defineCommand({
  name: "dropOldResults",
  capability: "job.run",
  input: z.object({}),
  async run({ tx }) {
    const { at } = await lock(tx, []);
    const dropped = await dropOldest(tx, at - KEPT_MS, BATCH);
    return { result: { dropped, more: dropped === BATCH }, at, events: [], detail: { dropped } };
  },
});

/** How many results are older than they are kept for, up to 10,000. */
export const countOldResults = (graph: Graph, tenantId: string, now: number): Promise<number> =>
  countOlder(graph, tenantId, now - KEPT_MS, MOST_COUNTED);

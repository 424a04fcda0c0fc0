import { z } from "zod";
import { openGraph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { perform } from "../../server/jobs/perform.js";

/*
 * A process that holds a job and writes for it without end: what the test stops and lets go on. It tells on standard output
 * what it does.
 */

const settings = z
  .object({
    uri: z.string(),
    user: z.string(),
    password: z.string(),
    tenantId: z.string(),
    tick: z.object({ name: z.string(), scheduledAt: z.number(), nextAt: z.null() }),
    leaseMs: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const write = defineQuery({
  name: "testHolderWrites",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `CREATE (u:Usage {tenantId: $tenantId, id: $id}) SET u.times = 1`,
  row: noRow,
});

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const graph = openGraph(settings);
const { tenantId, tick, leaseMs } = settings;
const job = { name: "test-job", maxAttempts: 100, timeoutMs: 600_000, leaseMs };
await perform(graph, job, tenantId, {
  tick,
  troubles: (error) => tell(`trouble ${error instanceof Error ? error.name : String(error)}`),
  async work({ guard }) {
    const held = graph.guardedBy(guard);
    for (let n = 0; ; n++) {
      try {
        await held.write({ tenantId }, (tx) => tx.run(write, { id: `${process.pid}-${n}` }));
        tell(`wrote ${n}`);
      } catch (error) {
        tell(`refused ${error instanceof Error ? error.name : String(error)}`);
        throw error;
      }
    }
  },
});
tell("over");
await graph.close();

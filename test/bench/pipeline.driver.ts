import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { openGraph } from "../../server/graph/graph.js";
import { ownInstallation } from "../../server/pipeline/desk.js";
import { createServices } from "../../server/services.js";
import { meteredInstallation } from "./pipeline.meter.js";

/* A process that drives the runs of one studio, as the job does under its lease, until it is ended. It says each stage that it begins. */

const settings = z
  .object({ uri: z.string(), user: z.string(), password: z.string(), tenantId: z.string(), leaseMs: z.number() })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const { tenantId, leaseMs, ...address } = settings;
const graph = openGraph({ ...address, timeoutMs: { read: 30_000, write: 60_000 } });
const installation = meteredInstallation(ownInstallation(), (runId, stage) => tell(`begun ${runId} ${stage}`));
const services = createServices({ graph, installation });
const trouble = (error: unknown): void => tell(`trouble ${error instanceof Error ? error.message : String(error)}`);
const job = { name: "drive-runs", maxAttempts: 3, timeoutMs: 86_400_000, leaseMs };
const pulse = services.jobs.pulse(
  job,
  tenantId,
  ({ guard, signal }) => services.guardedBy(guard).pipeline.drive({ tenantId, signal, trouble }),
  trouble,
);
// Nobody is left to end it when whoever started it is gone.
process.stdin.once("end", () => process.exit(0)).resume();
tell("driving");
for (const stopped = new AbortController().signal; ; await sleep(50))
  await pulse.beat(Date.now(), false, stopped).catch(trouble);

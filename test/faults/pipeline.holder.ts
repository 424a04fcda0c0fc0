import { z } from "zod";
import { openGraph } from "../../server/graph/graph.js";
import { driveOnAndOn, killedServices } from "./pipeline.flow.js";

/* A process that drives runs until it is killed. It tells on standard output what its stages do. */

const settings = z
  .object({
    uri: z.string(),
    user: z.string(),
    password: z.string(),
    tenantId: z.string(),
    leaseMs: z.number(),
    maxStarts: z.number().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const graph = openGraph(settings);
const { tenantId, leaseMs, maxStarts } = settings;
const services = killedServices(graph, (what, name) => tell(`${what} ${name} ${Date.now()}`), maxStarts);
const troubled = (error: unknown) => tell(`trouble ${error instanceof Error ? error.message : String(error)}`);
tell("driving");
await driveOnAndOn(services, tenantId, leaseMs, new AbortController().signal, troubled);

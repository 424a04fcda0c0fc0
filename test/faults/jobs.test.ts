import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ulid } from "ulid";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { openGraph, type Graph, type GraphOptions } from "../../server/graph/graph.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { perform } from "../../server/jobs/perform.js";
import { tickName } from "../../server/jobs/tick.js";
import { setup } from "../kit/global-setup.js";
import { projectRoot } from "../kit/project-root.js";

/*
 * A holder that is stopped, as a laptop's lid or an overloaded machine stops it, and wakes after its lease is over. It is a
 * process of its own, and the signal a real one.
 */

const LEASE_MS = 2_000;

const written = defineQuery({
  name: "testWritten",
  mode: "read",
  scope: "tenant",
  params: params<{ prefix: string }>(),
  cypher: `MATCH (u:Usage {tenantId: $tenantId}) WHERE u.id STARTS WITH $prefix RETURN count(u) AS count`,
  row: z.object({ count: z.number() }),
});

let folder: string;
let graph: Graph;
let address: GraphOptions;
let stopDatabase: () => Promise<void>;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const provide = (_: string, given: GraphOptions) => (address = given);
  stopDatabase = await setup({ provide } as unknown as TestProject);
  graph = openGraph(address);
  folder = await mkdtemp(join(tmpdir(), "throughline-holder-"));
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: join(projectRoot, "test/faults/jobs.holder.ts"),
      outDir: folder,
      emptyOutDir: true,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "holder.mjs" } },
    },
  });
  // A database that has just started plans each write for longer than the leases of these tests last.
  const first = startHolder(`warm-${ulid().toLowerCase()}`, 60_000);
  while (!first.said.includes("wrote 5")) await sleep(100);
  first.signal("SIGKILL");
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await graph?.close();
  await rm(folder, { recursive: true, force: true });
  await stopDatabase?.();
});

interface Holder {
  readonly pid: number;
  readonly said: string[];
  signal(name: NodeJS.Signals): void;
  written(): Promise<number>;
}

function startHolder(tenantId: string, leaseMs = LEASE_MS): Holder {
  const scheduledAt = Date.parse("2026-11-21T04:00Z");
  const tick = { name: tickName("test-job", tenantId, scheduledAt, "minute"), scheduledAt, nextAt: null };
  const settings = { ...address, tenantId, tick, leaseMs };
  const child = spawn(process.execPath, [join(folder, "holder.mjs"), JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const said: string[] = [];
  child.stdout!.on("data", (chunk: Buffer) => said.push(...chunk.toString().trim().split("\n")));
  const { pid } = child;
  if (pid === undefined) throw new Error("the holder didn't start");
  return {
    pid,
    said,
    signal: (name) => void child.kill(name),
    written: async () => (await graph.read({ tenantId }, written, { prefix: `${pid}-` }))[0]!.count,
  };
}

describe("a holder that is stopped for three lease times", () => {
  it.each([
    ["while another takes the job over", true],
    ["while nobody takes the job", false],
  ])(
    "writes nothing after it wakes, %s",
    async (_, takeOver) => {
      let stopped = 0;
      for (let round = 0; round < 4; round++) {
        const tenantId = `stopped-${ulid().toLowerCase()}`;
        const holder = startHolder(tenantId);
        await expect.poll(() => holder.said.includes("wrote 5"), { timeout: 60_000 }).toBe(true);
        // At another moment of its work in each round.
        await sleep(round * 7);
        holder.signal("SIGSTOP");
        const asleep = Date.now();
        let taken: string[] = [];
        if (takeOver) {
          await sleep(LEASE_MS + 300);
          const job = { name: "test-job", maxAttempts: 100, timeoutMs: 60_000, leaseMs: 20_000 };
          taken = await perform(graph, job, tenantId, { work: async () => 1, troubles: () => undefined });
        }
        await sleep(Math.max(0, asleep + 3 * LEASE_MS - Date.now()));
        const before = await holder.written();
        holder.signal("SIGCONT");
        await expect.poll(() => holder.said.includes("over"), { timeout: 30_000 }).toBe(true);
        // Whichever asks first when it wakes, its next write or the lease's renewal, is told.
        expect(holder.said.some((line) => /^(refused|trouble) /.test(line))).toBe(true);
        expect(before).toBeGreaterThan(5);
        expect(await holder.written()).toBe(before);
        expect(taken).toEqual(takeOver ? ["DONE"] : []);
        stopped++;
      }
      console.log(`jobs: ${stopped} holders stopped for 3 lease times, 0 writes after`);
    },
    180_000,
  );
});

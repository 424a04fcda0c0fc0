import { inject } from "vitest";
import { openGraph, type Graph, type GraphOptions } from "../../server/graph/graph.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Set by global-setup.ts. */
    database: GraphOptions;
  }
}

/** A database that has just started plans each query for the first time, on a machine that does other things too. */
const PATIENT_MS = { read: 30_000, write: 60_000 };

let opened: Graph | undefined;

/** The suite's real database, opened once per worker. */
export function testGraph(): Graph {
  opened ??= openGraph({ ...inject("database"), timeoutMs: PATIENT_MS });
  return opened;
}

/** The same database, and how many reads were asked of it through this graph. */
export function countingReads(): { readonly graph: Graph; reads(): number } {
  let reads = 0;
  const graph = new Proxy(testGraph(), {
    get(real, name) {
      if (name === "read") reads += 1;
      const value: unknown = Reflect.get(real, name);
      return typeof value === "function" ? value.bind(real) : value;
    },
  });
  return { graph, reads: () => reads };
}

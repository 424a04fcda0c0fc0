import { inject } from "vitest";
import { openGraph, type Graph, type GraphOptions } from "../../server/graph/graph.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Set by global-setup.ts. */
    database: GraphOptions;
  }
}

let opened: Graph | undefined;

/** The suite's real database, opened once per worker. */
export function testGraph(): Graph {
  opened ??= openGraph(inject("database"));
  return opened;
}

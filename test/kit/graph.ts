import { inject } from "vitest";
import { openGraph, type Graph } from "../../server/graph/graph.js";

let opened: Graph | undefined;

/** The suite's real database, opened once per worker. */
export function testGraph(): Graph {
  opened ??= openGraph(inject("database"));
  return opened;
}

import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { MAX_MATCHES, search, type Matches } from "../../graph/search.js";

export { MAX_MATCHES };

export interface SearchQuestion {
  readonly text: string;
  /** Null searches all of them. */
  readonly labels: readonly NodeLabel[] | null;
  readonly asOf: Instant;
  readonly skip: number;
  readonly first: number;
}

/** Nodes whose title has all the words, the last of them perhaps unfinished. */
export const readSearch = (graph: Graph, scope: Scope, question: SearchQuestion): Promise<Matches> =>
  search(graph, scope, question);

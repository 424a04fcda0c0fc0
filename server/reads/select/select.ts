import type { EdgeType } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";
import type { LineagePage } from "../lineage/lineage.query.js";
import type { Expression } from "./expression.js";

export interface Selection {
  readonly expression: Expression;
  readonly asOf: Instant;
  /** Null follows the evidence edges. */
  readonly edgeTypes: readonly EdgeType[] | null;
  readonly skip: number;
  readonly first: number;
  readonly counted: boolean;
  readonly told: boolean;
}

export async function readSelection(_graph: Graph, _scope: Scope, _selection: Selection): Promise<LineagePage> {
  throw new DomainError("UNAVAILABLE", "Selections can't be asked for yet.");
}

import type { NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";
import type { AnyNode } from "../../graph/projection.js";
import type { Filter } from "../lineage/filter.js";
import type { Direction, ToldEdge } from "../lineage/lineage.query.js";

export interface PathsQuestion extends Filter {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly asOf: Instant;
  readonly first: number;
  readonly mixed: boolean;
}

export interface Path {
  readonly length: number;
  readonly direction: Direction;
  readonly nodes: readonly AnyNode[];
  readonly edges: readonly ToldEdge[];
}

export interface Paths {
  readonly paths: readonly Path[];
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly reason: string | null;
}

export async function readPaths(_graph: Graph, _scope: Scope, _question: PathsQuestion): Promise<Paths | null> {
  throw new DomainError("UNAVAILABLE", "Paths can't be asked for yet.");
}

import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";
import type { AnyNode } from "../../graph/projection.js";
import type { Filter } from "../lineage/filter.js";
import type { Direction } from "../lineage/lineage.query.js";
import type { LineageStatus } from "../lineage/standing.js";

export const ROLL_UPS = ["EPISODE", "CHANNEL", "TOPIC"] as const;
export type RollUpBy = (typeof ROLL_UPS)[number];

export interface RollUpQuestion extends Filter {
  readonly root: NodeId;
  readonly direction: Direction;
  readonly by: RollUpBy;
  readonly depth: number;
  readonly asOf: Instant;
  readonly skip: number;
  readonly first: number;
}

export interface Count {
  readonly label: NodeLabel;
  readonly count: number;
}

export interface Group {
  readonly node: AnyNode;
  readonly total: number;
  readonly totals: readonly Count[];
  readonly weakest: LineageStatus | null;
  readonly expression: string;
}

export interface RollUp {
  readonly groups: readonly Group[];
  readonly groupCount: number;
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly totals: readonly Count[];
  readonly ungrouped: number;
  readonly ungroupedTotals: readonly Count[];
}

export async function readRollUp(_graph: Graph, _scope: Scope, _question: RollUpQuestion): Promise<RollUp | null> {
  throw new DomainError("UNAVAILABLE", "Roll-ups can't be asked for yet.");
}

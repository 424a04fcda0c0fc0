import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";

export const COMPLETION_KINDS = ["KEYWORD", "FIELD", "VALUE", "TITLE"] as const;
export type CompletionKind = (typeof COMPLETION_KINDS)[number];

export interface Completion {
  readonly text: string;
  readonly kind: CompletionKind;
  readonly detail: string;
  readonly from: number;
  readonly to: number;
}

export async function completeSelection(
  _graph: Graph,
  _scope: Scope,
  _asked: { expression: string; position: number; first: number; asOf: Instant },
): Promise<Completion[]> {
  throw new DomainError("UNAVAILABLE", "Completions can't be asked for yet.");
}

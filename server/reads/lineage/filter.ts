import type { EdgeType } from "../../../graph-schema/catalog.js";
import { DomainError } from "../../errors.js";
import { TIERS, type NodeFilter } from "./standing.js";

export interface GivenFilter extends NodeFilter {
  readonly edgeTypes?: readonly EdgeType[] | null | undefined;
}

export interface Filter {
  /** Null follows the evidence edges. */
  readonly edgeTypes: readonly EdgeType[] | null;
  /** Null shows every node. */
  readonly nodes: NodeFilter | null;
}

const sorted = <T extends string | number>(values: readonly T[] | null | undefined): readonly T[] | null =>
  values === null || values === undefined ? null : [...new Set(values)].sort();

/** A filter as given, in one form for one meaning, so that a cursor knows its question again. */
export function filterOf(given: GivenFilter | null | undefined): Filter {
  const nodes = {
    labels: sorted(given?.labels),
    tiers: sorted(given?.tiers),
    statuses: sorted(given?.statuses),
    freshness: sorted(given?.freshness),
    confidence: sorted(given?.confidence),
  };
  const strange = nodes.tiers?.find((tier) => !(TIERS as readonly number[]).includes(tier));
  if (strange !== undefined) throw DomainError.badInput("filter.tiers", "`filter.tiers` may hold 1, 2 and 3.");
  return {
    edgeTypes: sorted(given?.edgeTypes),
    nodes: Object.values(nodes).every((list) => list === null) ? null : nodes,
  };
}

import { labelOf } from "../lineage/walk.query.js";
import type { RollUpQuestion } from "./roll-up.js";

const list = (field: string, values: readonly (string | number)[] | null | undefined): string[] =>
  values === null || values === undefined ? [] : [`${field}:${values.join(",").toLowerCase()}`];

/**
 * What `select` is asked for the nodes of one group. It has no words for a lineage whose way may turn at every hop, for one
 * along other edges than those that groups are made by, or for a filter that lets nothing through.
 */
export function expressionOf(question: RollUpQuestion, root: string, group: string): string | null {
  const { direction, depth, edgeTypes, nodes } = question;
  const lists = nodes === null ? [] : Object.values(nodes);
  if (edgeTypes !== null || (direction === "BOTH" && depth > 1) || lists.some((values) => values?.length === 0))
    return null;
  const id = `id:${root}`;
  const up = direction === "DOWNSTREAM" ? "" : `${depth}+`;
  const down = direction === "UPSTREAM" ? "" : `+${depth}`;
  const conditions = [
    ...list("label", nodes?.labels),
    ...list("tier", nodes?.tiers),
    ...list("status", nodes?.statuses),
    ...list("freshness", nodes?.freshness),
    ...list("confidence", nodes?.confidence),
  ];
  const lineage = `${up}${id}${down}`;
  // The root is shown whatever the filter says.
  const shown = conditions.length === 0 ? lineage : `(${id} or ${lineage} and ${conditions.join(" and ")})`;
  const label = labelOf(group);
  return `${shown} and +${label === "Episode" ? "id" : label.toLowerCase()}:${group}`;
}

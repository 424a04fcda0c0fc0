import type { LineageDirection } from "../../gql/graphql.js";
import type { LineageAnswer, Merged } from "./use-lineage.js";

const number = (n: number) => n.toLocaleString("en");
export const hopsPhrase = (hops: number) => `${hops} ${hops === 1 ? "hop" : "hops"}`;

const WHERE: Record<LineageDirection, string> = { UPSTREAM: " upstream", DOWNSTREAM: " downstream", BOTH: "" };

/** `12 more neighbours upstream`; empty for none. */
export const hiddenPhrase = (hidden: number, direction: LineageDirection) =>
  hidden === 0 ? "" : `${number(hidden)} more ${hidden === 1 ? "neighbour" : "neighbours"}${WHERE[direction]}`;

/** How much of the answer is on screen, in the same words for graph and table. */
export function shownPhrase(base: LineageAnswer, merged: Merged, depth: number): string {
  const more = merged.nodes.length - base.nodes.length;
  return [
    `Showing ${number(base.shown)} of ${base.totalIsExact ? "" : "at least "}${number(base.total)} nodes within ${hopsPhrase(depth)}`,
    more > 0 ? `, ${number(more)} more by expanding` : "",
    ` · ${number(merged.edges.length)} ${merged.edges.length === 1 ? "link" : "links"}`,
  ].join("");
}

import { NODES } from "../../graph-schema/nodes.js";
import type { AnyNode } from "../graph/projection.js";

/** Stored numbers are instants when their name says so: `publishedAt`, `recheckBy`, `validFrom`. */
export const isInstant = (name: string): boolean => /(At|By|Since|From|To)$/.test(name);

export const iso = (instant: number): string => new Date(instant).toISOString();

export type Property = string | number | boolean | readonly unknown[];

/** What a node has beside what every node has, without what is absent, in the order of their names. */
export function ownProperties(node: AnyNode): (readonly [name: string, value: Property])[] {
  const values = node as unknown as Readonly<Record<string, Property | null>>;
  return Object.keys(NODES[node.label].shape.shape)
    .toSorted()
    .flatMap((name) => (values[name] === null || values[name] === undefined ? [] : [[name, values[name]] as const]));
}

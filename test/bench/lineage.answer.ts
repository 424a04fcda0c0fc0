import { createHash } from "node:crypto";
import { NODES } from "../../graph-schema/nodes.js";
import type { ANSWER_LABELS } from "./lineage.store.js";

export type AnswerLabel = (typeof ANSWER_LABELS)[number];

/** What every node of an answer has, then its own properties: everything stored of it that has a public name. */
export const BASE = ["id", "title", "validFrom", "validTo", "version"] as const;
export const ownColumns = (label: AnswerLabel): string[] => Object.keys(NODES[label].shape.shape);
export const columnsOf = (label: AnswerLabel): string[] => [...BASE, ...ownColumns(label)];

/** An answer in one form, whichever side it came from: rows of values, ids without labels, instants as numbers. */
export interface Answer {
  /** `[label, …columnsOf(label)]` */
  readonly nodes: readonly (readonly unknown[])[];
  /** `[type, from, to, validFrom, validTo, openedBy, by, why]` */
  readonly edges: readonly (readonly unknown[])[];
}

/** One text for equal answers, in whatever order they came. */
export function fingerprint({ nodes, edges }: Answer): string {
  const sorted = (rows: Answer["nodes"]) => rows.map((row) => JSON.stringify(row)).sort();
  return createHash("sha256")
    .update(JSON.stringify([sorted(nodes), sorted(edges)]))
    .digest("hex");
}

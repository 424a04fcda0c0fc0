import { filterCount } from "./node-filter.js";
import type { LineageView } from "./view-state.js";

/** What the server writes a whole lineage as (docs/export.md). */
export const EXPORT_FORMATS = [
  { format: "csv", label: "Links as CSV" },
  { format: "json", label: "JSON" },
  { format: "prov-json", label: "PROV-JSON" },
  { format: "prov-jsonld", label: "PROV-JSONLD" },
  { format: "claimreview", label: "Claims as ClaimReview" },
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number]["format"];

/** The question of the view, without its page: a file holds all of the answer. */
export function exportAddress(
  id: string,
  { direction, depth, edges, asOf }: Pick<LineageView, "direction" | "depth" | "edges" | "asOf">,
  format: ExportFormat,
): string {
  const query = new URLSearchParams({ id, format, direction: direction.toLowerCase(), depth: String(depth) });
  if (asOf !== null) query.set("asOf", asOf);
  if (edges !== null) query.set("edgeTypes", edges.join(","));
  return `/export/lineage?${query}`;
}

/** What a file doesn't keep to of what is seen; null when that is nothing. A filter hides nodes of the view, and a file is of the whole lineage. */
export const exportNote = ({ filter }: Pick<LineageView, "filter">): string | null =>
  filterCount(filter) === 0 ? null : "The filter isn't applied: nodes that it hides are in the file.";

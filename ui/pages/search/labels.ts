import { LABEL_FACES } from "../../components/node-label.js";
import type { NodeLabel } from "../../gql/graphql.js";

const KNOWN = Object.keys(LABEL_FACES) as NodeLabel[];
/** What there is to filter by, most asked for first; a studio searches its own graph, so not for studios. */
export const FILTER_LABELS = KNOWN.filter((label) => label !== "TENANT");

/** Labels as the address writes them: `claim,source`. Words that name none are left out. */
export function parseLabels(text: string | null): NodeLabel[] {
  const words = new Set((text ?? "").toUpperCase().split(","));
  return KNOWN.filter((label) => words.has(label));
}

export const formatLabels = (labels: readonly NodeLabel[]) => labels.join(",").toLowerCase();

import { z } from "zod";
import { cutPlan } from "./documents/cut-plan.js";
import { episode } from "./documents/episode.js";
import { flow } from "./documents/flow.js";
import { postProduction } from "./documents/post-production.js";
import { renderPlan } from "./documents/render-plan.js";
import { research } from "./documents/research.js";
import { scene } from "./documents/scene.js";

/** The documents that stages of the pipeline hand to each other, and the flows that say in which order. */
export const DOCUMENTS = {
  research,
  scene,
  episode,
  flow,
  "post-production": postProduction,
  "cut-plan": cutPlan,
  "render-plan": renderPlan,
} as const;
export type DocumentName = keyof typeof DOCUMENTS;
export const DOCUMENT_NAMES = Object.keys(DOCUMENTS) as DocumentName[];

/**
 * The JSON Schema (2020-12) of a document, for those who write one outside this project. It states the shape; that references
 * lead somewhere, that a flow has no cycle, and that `source_refs` and `evidence_sources` agree, is checked by the zod shape alone.
 */
export function documentSchema(name: DocumentName): Record<string, unknown> {
  return { $id: `urn:throughline:document:${name}`, ...z.toJSONSchema(DOCUMENTS[name], { io: "input" }) };
}

import type { Caller } from "../../server/commands/caller.js";
import { createExperiment } from "../../server/domains/experiment/experiment.service.js";
import { variantsOf } from "../../server/domains/experiment/experiment.repository.js";
import { readerOf } from "../../server/pipeline/office.js";
import { done } from "./approvals.js";
import { testGraph } from "./graph.js";

/** An experiment that runs on an episode, with its variants in order; public ids. */
export async function buildExperiment(
  who: Caller,
  input: { readonly episodeId: string } & Record<string, unknown>,
): Promise<{ experiment: string; variants: string[] }> {
  const { experimentId } = await done(createExperiment, who, {
    ...{ kind: "THUMBNAIL", title: "Which picture", baseCtr: 0.25, effect: 0.15 },
    variants: ["A", "B"].map((title) => ({ title, content: `https://pictures.example/${title}.png` })),
    ...input,
  });
  const variants = await variantsOf(readerOf(testGraph(), who.tenantId), experimentId.split(":")[1]!);
  return { experiment: experimentId, variants: variants.map(({ id }) => id) };
}

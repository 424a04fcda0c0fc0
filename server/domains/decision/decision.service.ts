import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { createNode } from "../../graph/life.js";

/** Records a decision, what it is about and what it relied on. */
export const recordDecision = defineCommand({
  name: "recordDecision",
  capability: "decision.write",
  input: z.object({
    title: text(500),
    outcome: text(5_000),
    rationale: text(),
    decidedAt: instant.nullish(),
    aboutIds: z
      .array(nodeId("Topic", "Source", "Claim", "Scene", "Episode", "Incident"))
      .min(1, "must name what it is about")
      .max(100),
    basedOnIds: z
      .array(nodeId("Source", "Snapshot", "Fact", "Claim", "Incident", "Decision"))
      .max(100)
      .nullish(),
  }),
  async run({ tx, operationId, newId }, { title, outcome, rationale, decidedAt, aboutIds, basedOnIds }) {
    const basis = basedOnIds ?? [];
    const { at } = await lockAll(
      tx,
      [...aboutIds, ...basis],
      [...aboutIds.map((_, i) => `aboutIds.${i}`), ...basis.map((_, i) => `basedOnIds.${i}`)],
    );
    const stamp = { at, operationId };
    const from = { label: "Decision", id: newId() } as const;
    await createNode(tx, from, { title, outcome, rationale, decidedAt: decidedAt ?? at }, stamp);
    for (const to of aboutIds) await openEdge(tx, { type: "ABOUT", from, to }, stamp);
    for (const to of basis) await openEdge(tx, { type: "BASED_ON", from, to }, stamp);
    const id = `Decision:${from.id}`;
    return { result: { decisionId: id }, at, events: [{ type: "decision.recorded", subject: id, data: {} }] };
  },
});

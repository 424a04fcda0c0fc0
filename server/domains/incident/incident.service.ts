import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { createNode } from "../../graph/life.js";

/** Opens an incident on what it affects; with `resolvedAt` it is recorded as over. */
export const openIncident = defineCommand({
  name: "openIncident",
  capability: "incident.write",
  input: z
    .object({
      title: text(500),
      severity: z.int().min(1).max(4),
      description: text().nullish(),
      openedAt: instant.nullish(),
      resolvedAt: instant.nullish(),
      affectsIds: z
        .array(nodeId("Channel", "Source", "Snapshot", "Fact", "Claim", "Scene", "Episode"))
        .max(100)
        .nullish(),
    })
    .refine(({ openedAt, resolvedAt }) => !openedAt || !resolvedAt || resolvedAt >= openedAt, {
      path: ["resolvedAt"],
      message: "must not be before openedAt",
    }),
  async run({ tx, operationId, newId }, { affectsIds, ...input }) {
    const affected = affectsIds ?? [];
    const { at } = await lockAll(tx, affected, "affectsIds");
    const stamp = { at, operationId };
    const from = { label: "Incident", id: newId() } as const;
    await createNode(
      tx,
      from,
      {
        title: input.title,
        severity: input.severity,
        status: input.resolvedAt ? "RESOLVED" : "OPEN",
        description: input.description ?? null,
        openedAt: input.openedAt ?? at,
        resolvedAt: input.resolvedAt ?? null,
        sourceId: null,
        cause: null,
      },
      stamp,
    );
    for (const to of affected) await openEdge(tx, { type: "AFFECTS", from, to }, stamp);
    const id = `Incident:${from.id}`;
    return {
      result: { incidentId: id },
      at,
      events: [{ type: "incident.opened", subject: id, data: { severity: input.severity } }],
    };
  },
});

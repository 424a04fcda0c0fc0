import { z } from "zod";
import { EDGE_TYPES, NODE_LABELS } from "../../../graph-schema/catalog.js";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";

/**
 * Changes nothing: that a part of the graph leaves the house as a file stands in the audit before a byte of it does, with the
 * question that it answers and how much it is.
 */
export const exportLineage = defineCommand({
  name: "exportLineage",
  capability: "export",
  input: z.object({
    id: nodeId(...NODE_LABELS),
    format: text(40),
    direction: z.enum(["UPSTREAM", "DOWNSTREAM", "BOTH"]),
    depth: z.number().int().min(1).max(12),
    asOf: instant,
    edgeTypes: z.array(z.enum(EDGE_TYPES)).nullish(),
    nodes: z.number().int().min(0),
    edges: z.number().int().min(0),
  }),
  async run({ tx }, { id, format, direction, depth, asOf, nodes, edges }) {
    const { at } = await lockAll(tx, [id], ["id"]);
    const subject = formatNodeId(id.label, id.id);
    return {
      result: { id: subject },
      at,
      events: [
        { type: "lineage.exported", subject: `Tenant:${tx.tenantId}`, data: { id: subject, format, nodes, edges } },
      ],
      detail: { id: subject, format, direction, depth, asOf, nodes, edges },
    };
  },
});

/**
 * Changes nothing: that an evidence pack leaves the house as a file stands in the audit before a byte of it does, with the pack's
 * own hash and the items that were taken out of it.
 */
export const exportPack = defineCommand({
  name: "exportPack",
  capability: "export",
  input: z.object({
    episodeId: nodeId("Episode"),
    packSha256: z.string().regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the pack, in hex"),
    without: z.array(text(100)).max(5_000).nullish(),
  }),
  async run({ tx }, { episodeId, packSha256, without }) {
    const { at } = await lockAll(tx, [episodeId], ["episodeId"]);
    const id = formatNodeId(episodeId.label, episodeId.id);
    const told = { packSha256, without: [...(without ?? [])] };
    return {
      result: { episodeId: id },
      at,
      events: [{ type: "pack.exported", subject: id, data: told }],
      detail: { episodeId: id, ...told },
    };
  },
});

/** Changes nothing: that an episode's render plan leaves the house as files stands in the audit before they are written. */
export const exportRender = defineCommand({
  name: "exportRender",
  capability: "export",
  input: z.object({
    episodeId: nodeId("Episode"),
    planSha256: z.string().regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the plan, in hex"),
  }),
  async run({ tx }, { episodeId, planSha256 }) {
    const { at } = await lockAll(tx, [episodeId], ["episodeId"]);
    const id = formatNodeId(episodeId.label, episodeId.id);
    return {
      result: { episodeId: id },
      at,
      events: [{ type: "render-plan.exported", subject: id, data: { planSha256 } }],
      detail: { episodeId: id, planSha256 },
    };
  },
});

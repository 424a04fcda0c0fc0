import { z } from "zod";
import { defineCommand } from "../commands/command.js";
import { text } from "../commands/input.js";
import { lock } from "../graph/lock.js";
import { readTree } from "./audit.query.js";

/**
 * Whoever takes the log out of the house, or one entry of it, stands in it: this changes nothing, and its audit entry is what it
 * is for. What is taken is read after it. Answers how many entries are sealed.
 */
export const exportAudit = defineCommand({
  name: "exportAudit",
  capability: "audit.read",
  input: z.object({
    /** Of a proof: the one entry that it is for. */
    entryId: text(100).nullish(),
  }),
  async run({ tx }, { entryId }) {
    const { at } = await lock(tx, []);
    const size = (await tx.run(readTree, {}))[0]?.size ?? 0;
    return {
      result: { size },
      at,
      events: [{ type: "audit.exported", subject: `Tenant:${tx.tenantId}`, data: { size } }],
      detail: { size, entryId: entryId ?? null },
    };
  },
});

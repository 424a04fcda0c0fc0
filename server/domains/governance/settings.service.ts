import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { notFound, refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { changed, MOST_DOMAINS, settingsChange, settingsFrom, settingsText } from "../../reads/governance/settings.js";

/**
 * Sets what the studio's rules of governance are judged by; what isn't named stays as it is. Policy lets it run only as an
 * approved proposal: whoever loosens them could publish what nobody should. Claims that stand keep the day of their check.
 */
export const setGovernance = defineCommand({
  name: "setGovernance",
  capability: "exemption.write",
  input: z.object({ tenantId: nodeId("Tenant"), ...settingsChange.shape }),
  async run({ tx, operationId, newId }, { tenantId, ...change }) {
    if (tenantId.id !== tx.tenantId) throw notFound("tenantId");
    const { at } = await lock(tx, [tenantId]);
    const tenant = await presentNode(tx, "Tenant", tx.tenantId);
    if (tenant === undefined) throw notFound("tenantId");
    const present = settingsFrom(tenant.governance);
    const next = changed(present, change);
    if (next !== null && next.tiers.length > MOST_DOMAINS)
      throw refuse(
        "BAD_INPUT",
        "arguments.tiers",
        `would be more than ${MOST_DOMAINS} domains in all; drop some with null`,
      );
    const id = formatNodeId("Tenant", tx.tenantId);
    const { version } = next ?? present;
    if (next !== null) await reviseNode(tx, tenant, { governance: settingsText(next) }, newId(), { at, operationId });
    return {
      result: { tenantId: id, version },
      at,
      events: next === null ? [] : [{ type: "governance.set", subject: id, data: { version } }],
    };
  },
});

import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { createNode, presentNode, reviseNode } from "../../graph/life.js";
import { EXEMPTABLE, type Rule } from "../../policy/decision.js";

/** An exemption that needs longer is a change of the policy. */
const MOST_DAYS = 90;
const DAY_MS = 86_400_000;

/** Lifts a rule for a channel or the whole tenant until it expires. Policy lets it run only as an approved proposal. */
export const grantExemption = defineCommand({
  name: "grantExemption",
  capability: "exemption.write",
  input: z.object({
    subjectId: nodeId("Channel", "Tenant"),
    rule: z.enum(EXEMPTABLE as [Rule, ...Rule[]]),
    until: instant,
  }),
  channels: (_tx, { subjectId }) =>
    subjectId.label === "Channel" ? [formatNodeId(subjectId.label, subjectId.id)] : [],
  async run({ tx, operationId, newId, reason }, { subjectId, rule, until }) {
    const { at } = await lockAll(tx, [subjectId], ["subjectId"]);
    if (until <= at || until > at + MOST_DAYS * DAY_MS)
      throw refuse("BAD_INPUT", "arguments.until", `must be to come, within ${MOST_DAYS} days`);
    const subject = formatNodeId(subjectId.label, subjectId.id);
    const exemption = { label: "Exemption", id: newId() } as const;
    await createNode(
      tx,
      exemption,
      {
        title: `No ${rule}`,
        rule,
        channelId: subjectId.label === "Channel" ? subject : null,
        status: "ACTIVE",
        reason,
        grantedAt: at,
        expiresAt: until,
      },
      { at, operationId },
    );
    const id = `Exemption:${exemption.id}`;
    return { result: { exemptionId: id }, at, events: [{ type: "exemption.granted", subject: id, data: { rule } }] };
  },
});

/** Ends an exemption before its time: the rule holds again at once, which needs nobody's approval. */
export const endExemption = defineCommand({
  name: "endExemption",
  capability: "switch.write",
  input: z.object({ exemptionId: nodeId("Exemption") }),
  async run({ tx, operationId, newId }, { exemptionId }) {
    const { at } = await lockAll(tx, [exemptionId, { label: "Tenant", id: tx.tenantId }], ["exemptionId"]);
    const exemption = (await presentNode(tx, "Exemption", exemptionId.id))!;
    if (exemption.status === "ENDED") throw refuse("CONFLICT", "exemptionId", "The exemption has ended already.");
    await reviseNode(tx, exemption, { status: "ENDED" }, newId(), { at, operationId });
    return {
      result: { exemptionId: exemption.id },
      at,
      events: [{ type: "exemption.ended", subject: exemption.id, data: {} }],
    };
  },
});

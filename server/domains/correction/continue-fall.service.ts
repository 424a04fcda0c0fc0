import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand, type DomainEvent } from "../../commands/command.js";
import type { Reader } from "../../commands/judge.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import { countFalls, endFall, takeFall } from "./fall.repository.js";
import { goOn, holdIncidents } from "./fall.service.js";
import { resolveIncident } from "./resolve.service.js";

/** Opens correction tasks where one transaction couldn't open all of a fall. */
export const continueFall = defineCommand({
  name: "continueFall",
  capability: "job.run",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({}),
  async run(context) {
    const { tx, operationId } = context;
    const [rest] = await tx.run(takeFall, {});
    const told = (tasks: number): DomainEvent => ({
      type: "corrections.opened",
      subject: formatNodeId("Tenant", tx.tenantId),
      data: { tasks },
    });
    if (rest === undefined) {
      const { at } = await lock(tx, []);
      return { result: { tasks: 0, more: false }, at, events: [told(0)] };
    }
    const { at: before } = await lock(tx, [{ label: "Source", id: rest.sourceId }]);
    const held = await holdIncidents(context, [rest.sourceId]);
    const at = Math.max(before, held.at);
    const stamp = { at, operationId };
    const { incidentId, taskIds, more, event } = await goOn(context, rest, held, stamp);
    if (!more) await tx.run(endFall, { id: rest.id });
    // All its tasks may have been closed while this was waiting.
    const resolved = !more && incidentId !== "" && (await resolveIncident(context, incidentId, stamp));
    const tasks = taskIds.length;
    return {
      result: { tasks, more: (await countWaitingFalls(tx)) > 0 },
      at,
      events: [
        ...(tasks === 0 ? [told(0)] : [event, told(tasks)]),
        ...(resolved
          ? [{ type: "incident.resolved", subject: formatNodeId("Incident", incidentId), data: {} } as const]
          : []),
      ],
      detail: { tasks },
    };
  },
});

/** Falls whose tasks aren't all open yet. */
export const countWaitingFalls = async (reader: Reader): Promise<number> =>
  (await reader.run(countFalls, {}))[0]?.count ?? 0;

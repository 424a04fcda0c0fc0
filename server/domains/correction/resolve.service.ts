import { parseNodeId } from "../../../graph-schema/node-id.js";
import { GOING_STATES } from "../../../graph-schema/nodes/correction-task.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { CommandContext } from "../../commands/command.js";
import { presentNode, reviseNode, type Stamp } from "../../graph/life.js";
import { countGoing } from "./correction.repository.js";
import { countFallsOfSource } from "./fall.repository.js";

/**
 * Ends an incident (its ULID, locked) whose last task was closed. While a part of its source's fall waits to have its tasks opened
 * it goes on: whoever opens the last of them asks again.
 */
export async function resolveIncident(
  { tx, newId }: Pick<CommandContext, "tx" | "newId">,
  id: string,
  stamp: Stamp,
): Promise<boolean> {
  const incident = await presentNode(tx, "Incident", id);
  if (incident?.status !== "OPEN") return false;
  const [going] = await tx.run(countGoing, { incidentId: id, going: GOING_STATES, forever: FOREVER });
  if (going?.count !== 0) return false;
  const sourceId = incident.sourceId === null ? null : parseNodeId(incident.sourceId);
  if (sourceId !== null) {
    const [waiting] = await tx.run(countFallsOfSource, { sourceId: sourceId.id });
    if (waiting?.count !== 0) return false;
  }
  return reviseNode(tx, incident, { status: "RESOLVED", resolvedAt: stamp.at }, newId(), stamp);
}

import { z } from "zod";
import { NODE_LABELS } from "../../../graph-schema/catalog.js";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { identityOf } from "../../commands/caller.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { countTenantWatches, countWatches, endWatch, startWatch } from "./watch.repository.js";

/** Nodes that one person watches at once, and all of a studio. */
export const MOST_WATCHES = { person: 200, tenant: 1_000 } as const;
/** Hops upstream that a watch looks over, where nobody says, and at most. */
export const WATCH_DEPTH = 12;

/** Wants to be told when the lineage of a node changes. Watching what is watched already only sets its depth. */
export const watchNode = defineCommand({
  name: "watchNode",
  capability: "view.write",
  input: z.object({
    nodeId: nodeId(...NODE_LABELS),
    depth: z.int().min(1).max(WATCH_DEPTH).nullish(),
  }),
  async run({ tx, caller, operationId, newId }, input) {
    const { at } = await lockAll(tx, [input.nodeId], ["nodeId"]);
    const [watcher, node] = [identityOf(caller), formatNodeId(input.nodeId.label, input.nodeId.id)];
    const key = `${watcher}/${node}`;
    const [own] = await tx.run(countWatches, { watcher, key, most: MOST_WATCHES.person });
    const [all] = await tx.run(countTenantWatches, { key, most: MOST_WATCHES.tenant });
    if ((own?.count ?? 0) >= MOST_WATCHES.person)
      throw refuse(
        "CONFLICT",
        "nodeId",
        `You watch ${MOST_WATCHES.person} nodes, the most there may be: end one first.`,
      );
    if ((all?.count ?? 0) >= MOST_WATCHES.tenant)
      throw refuse("CONFLICT", "nodeId", `The studio watches ${MOST_WATCHES.tenant} nodes, the most there may be.`);
    const depth = input.depth ?? WATCH_DEPTH;
    const [watch] = await tx.run(startWatch, {
      key,
      id: newId(),
      watcher,
      nodeId: node,
      depth,
      since: at,
      operationId,
    });
    const subject = `Watch:${watch!.id}`;
    return {
      result: { watchId: subject, nodeId: node },
      at,
      events: [{ type: "watch.started", subject, data: { nodeId: node } }],
    };
  },
});

/** Wants to be told no more; the alerts of the past stay. */
export const unwatchNode = defineCommand({
  name: "unwatchNode",
  capability: "view.write",
  input: z.object({ nodeId: nodeId(...NODE_LABELS) }),
  async run({ tx, caller, operationId }, input) {
    const { at } = await lockAll(tx, [input.nodeId], ["nodeId"]);
    const node = formatNodeId(input.nodeId.label, input.nodeId.id);
    const [watch] = await tx.run(endWatch, { key: `${identityOf(caller)}/${node}`, operationId });
    if (watch === undefined) throw refuse("NOT_LINKED", "nodeId", "You don't watch it.");
    const subject = `Watch:${watch.id}`;
    return {
      result: { watchId: subject, nodeId: node },
      at,
      events: [{ type: "watch.ended", subject, data: { nodeId: node } }],
    };
  },
});

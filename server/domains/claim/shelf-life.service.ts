import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand } from "../../commands/command.js";
import type { Reader } from "../../commands/judge.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import { needRechecks } from "./recheck.service.js";
import { countDueClaims, dueClaims, stillDue } from "./shelf-life.repository.js";

/** Claims that one transaction marks. */
const MOST = 1_000;

/** Why a claim needs a recheck once its day has come: a new look, not a fault. */
export const becauseOfAge = (kind: string, recheckBy: Instant): string =>
  `The shelf life of this claim (${kind}) ended on ${new Date(recheckBy).toISOString().slice(0, 10)}: check whether it still holds.`;

/**
 * Claims whose shelf life is over NEED A RECHECK; none becomes WRONG by age, and one that is WRONG stays so. By the database's
 * clock, so that no replica's counts.
 */
export const recheckDueClaims = defineCommand({
  name: "recheckDueClaims",
  capability: "job.run",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({}),
  async run(context) {
    const { tx } = context;
    const { at: before } = await lock(tx, []);
    const found = (await tx.run(dueClaims, { at: before, most: MOST + 1 })).map(({ id }) => id);
    const ids = found.slice(0, MOST);
    const { at: now } = await lock(
      tx,
      ids.map((id) => ({ label: "Claim", id })),
    );
    // Somebody may have judged one of them before it was locked.
    const due = ids.length === 0 ? [] : await tx.run(stillDue, { ids, at: before });
    const needs = due.map(({ id, kind, recheckBy }) => ({
      ground: { claimIds: [id] },
      because: becauseOfAge(kind, recheckBy),
    }));
    const { claims, at } = await needRechecks(context, needs, now);
    return {
      result: { claims, more: found.length > ids.length },
      at,
      events: [{ type: "claims.recheck", subject: formatNodeId("Tenant", tx.tenantId), data: { claims } }],
      detail: { claims },
    };
  },
});

export const countDue = async (reader: Reader, at: Instant): Promise<number> =>
  (await reader.run(countDueClaims, { at }))[0]?.count ?? 0;

import { z } from "zod";
import { flow as flowDocument } from "../../../graph-schema/documents/flow.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import type { Reader } from "../../commands/judge.js";
import { lockAll } from "../../commands/locking.js";
import { house } from "../channel/pins.js";
import { channelsWithoutRun } from "./run.repository.js";
import { makeRun } from "./run.service.js";

const WEEK_MS = 7 * 86_400_000;
/** Monday, 5 January 1970, 05:00 UTC. */
const FIRST_MS = 4 * 86_400_000 + 5 * 3_600_000;

/** When the week began that an instant is in: Monday at 05:00 UTC. */
export const weekOf = (at: Instant): Instant => FIRST_MS + Math.floor((at - FIRST_MS) / WEEK_MS) * WEEK_MS;

/**
 * Starts a flow for a channel unless the channel has had a run of it since `since`, whoever started that, or has one that isn't
 * over: that one still waits for somebody. Its stages act in this process's own name.
 */
export const startWeekly = defineCommand({
  name: "startWeekly",
  capability: "run.advance",
  input: z.object({
    resolved: flowDocument,
    house: house.nullish(),
    channelId: nodeId("Channel"),
    since: z.number(),
  }),
  // The same order after an update of the installation is the same order.
  digest: ({ resolved: { flow }, channelId, since }) => ({ flow, channelId, since }),
  channels: (_tx, { channelId }) => [`Channel:${channelId.id}`],
  async run(context, { resolved, house: brought, channelId, since }) {
    const { tx } = context;
    const { at } = await lockAll(tx, [channelId], ["channelId"]);
    const wanted = { flow: resolved.flow, since, most: 1, only: channelId.id };
    if ((await channelsWithoutRun(tx, wanted)).length === 0)
      return { result: { runId: null as string | null }, at, events: [] };
    const made = await makeRun(context, resolved, [{ type: "ON", to: channelId }], {}, at, brought ?? null);
    return { ...made, result: { runId: made.result.runId as string | null } };
  },
});

/** Public ids of the channels that `startWeekly` would start the flow for; at most so many. */
export const dueChannels = async (reader: Reader, flow: string, since: Instant, most: number): Promise<string[]> =>
  (await channelsWithoutRun(reader, { flow, since, most, only: null })).map((id) => `Channel:${id}`);

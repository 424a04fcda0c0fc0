import { z } from "zod";
import { episodeExternalStatus } from "./events/episode-external-status.js";
import { kpiReported } from "./events/kpi-reported.js";
import { sourceChanged } from "./events/source-changed.js";
import { stageCompleted, stageFailed } from "./events/stage.js";

/** The events that others may report to us by a signed webhook; any other type is refused. */
export const INBOUND_EVENTS = {
  "stage.completed": stageCompleted,
  "stage.failed": stageFailed,
  "episode.external_status": episodeExternalStatus,
  "kpi.reported": kpiReported,
  "source.changed": sourceChanged,
} as const;
export type InboundType = keyof typeof INBOUND_EVENTS;
export type InboundData<T extends InboundType> = z.infer<(typeof INBOUND_EVENTS)[T]>;
export const INBOUND_TYPES = Object.keys(INBOUND_EVENTS) as InboundType[];

/** Whole bodies: CloudEvents 1.0 in JSON, or the bare `{type, timestamp, data}` of Standard Webhooks. */
const envelope = (type: InboundType) =>
  z
    .looseObject({
      type: z.literal(type),
      data: INBOUND_EVENTS[type],
      specversion: z.literal("1.0").optional(),
      datacontenttype: z.literal("application/json").optional(),
    })
    .describe("CloudEvents 1.0 in JSON; of its attributes only `type` and `data` are needed.");

export const inboundEnvelopes = Object.fromEntries(INBOUND_TYPES.map((type) => [type, envelope(type)])) as Record<
  InboundType,
  ReturnType<typeof envelope>
>;

/** The JSON Schema (2020-12) of an event's whole body, for those who send it. */
export function eventSchema(type: InboundType): Record<string, unknown> {
  return { $id: `urn:throughline:event:${type}:1`, ...z.toJSONSchema(inboundEnvelopes[type], { io: "input" }) };
}

import type { Claimed } from "./delivery.query.js";
import { EVENTS } from "./event-catalog.js";

/** What the body of a delivery is. */
export const CLOUD_EVENTS = "application/cloudevents+json; charset=utf-8";

/**
 * An event as CloudEvents 1.0 in JSON. The same event is the same text on every attempt and to every webhook: its id is what
 * a receiver tells repetitions by.
 */
export function cloudEvent(tenantId: string, event: Claimed["event"]): string {
  const version = (EVENTS as Readonly<Record<string, { version: number }>>)[event.type]?.version ?? 1;
  return JSON.stringify({
    specversion: "1.0",
    id: event.id,
    source: `urn:throughline:tenant:${tenantId}`,
    type: event.type,
    subject: event.subject,
    time: new Date(event.at).toISOString(),
    datacontenttype: "application/json",
    dataschema: `urn:throughline:event:${event.type}:${version}`,
    operationid: event.operationId,
    data: JSON.parse(event.data) as unknown,
  });
}

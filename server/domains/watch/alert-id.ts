import { createHash } from "node:crypto";
import { ULID } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";

const digest = (text: string, length: number) => createHash("sha256").update(text).digest("hex").slice(0, length);

/** What the ids of somebody's alerts begin with: a piece of the index has them all, in the order of their instants. */
export const alertsOf = (watcher: string): string => `${digest(watcher, 16)}-`;

/** An alert's id follows from what it tells of, so that it is told once. */
export const alertIdOf = (told: {
  readonly watcher: string;
  readonly at: Instant;
  readonly watch: string;
  readonly operationId: string;
}): string =>
  `${alertsOf(told.watcher)}${String(told.at).padStart(13, "0")}-${told.watch}-${digest(told.operationId, 12)}`;

/** The public id of an alert. */
export const ALERT_ID = new RegExp(`^Alert:[0-9a-f]{16}-\\d{13}-${ULID.source.slice(1, -1)}-[0-9a-f]{12}$`);

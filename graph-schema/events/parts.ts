import { z } from "zod";

/** Pieces that the events from outside share. Their data is closed, like the pipeline's documents: what nobody defined is a mistake. */

/** A short name that machines give: `research`, `youtube`, `watch_time`. */
export const slug = () =>
  z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/, "lower-case letters, digits, underscores and hyphens");

/** Another system's own id of something. */
export const foreignId = () => z.string().min(1).max(200);

export const when = () => z.iso.datetime({ offset: true });

export const httpAddress = () =>
  z
    .url({ protocol: /^https?$/, abort: true })
    .max(2_000)
    // JSON Schema's `uri` takes any scheme.
    .regex(/^https?:/);

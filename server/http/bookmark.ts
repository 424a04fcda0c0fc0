import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Instant } from "../../graph-schema/time.js";

export const BOOKMARK_HEADER = "x-throughline-bookmark";
export const BOOKMARK_COOKIE = "throughline_bookmark";

/** What a later read must have seen: the database's bookmarks, and the instant of the write. */
export interface Bookmark {
  readonly tenantId: string;
  readonly bookmarks: readonly string[];
  readonly at: Instant;
}

const shape = z.object({ t: z.string(), b: z.array(z.string().max(500)).max(20), a: z.number().int() });

const sign = (secret: Buffer, payload: string): Buffer => createHmac("sha256", secret).update(payload).digest();

/** Opaque to callers; signed, so that nobody makes the database wait for something that never was. */
export function formatBookmark(secret: Buffer, { tenantId, bookmarks, at }: Bookmark): string {
  const payload = Buffer.from(JSON.stringify({ t: tenantId, b: bookmarks, a: at })).toString("base64url");
  return `${payload}.${sign(secret, payload).toString("base64url")}`;
}

/** Null for what was signed with none of the secrets, or for another tenant: it is ignored. */
export function parseBookmark(secrets: readonly Buffer[], tenantId: string, text: string): Bookmark | null {
  const [payload = "", signature = ""] = text.split(".");
  const given = Buffer.from(signature, "base64url");
  const signed = secrets.some((secret) => {
    const wanted = sign(secret, payload);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
  if (!signed) return null;
  const parsed = shape.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  if (!parsed.success || parsed.data.t !== tenantId) return null;
  return { tenantId, bookmarks: parsed.data.b, at: parsed.data.a };
}

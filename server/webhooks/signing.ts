import { randomBytes, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Instant } from "../../graph-schema/time.js";

/*
 * Standard Webhooks: HMAC-SHA256 over `id.timestamp.body` of the body as it came. The package computes the signatures; what
 * else a message must be is said here, more strictly than its own `verify`, which takes `1700000000x` for a time, bytes that
 * aren't UTF-8 for others that aren't, and only this machine's clock.
 */

/** How far a message's time may be from ours, either way. */
export const WINDOW_MS = 5 * 60_000;

/** How long a secret that was replaced still counts. */
export const ROTATION_MS = 24 * 60 * 60_000;

const PREFIX = "whsec_";

/** Whether a text is a webhook's secret as it is shown: 24 to 64 bytes in base64, written as they must be. */
export function isSecret(text: string): boolean {
  const bytes = Buffer.from(text.slice(PREFIX.length), "base64");
  return text === PREFIX + bytes.toString("base64") && bytes.length >= 24 && bytes.length <= 64;
}

/** No dots: they part what is signed. */
const MESSAGE_ID = /^[A-Za-z0-9/_:-]{1,80}$/;
const SECONDS = /^[1-9]\d{0,11}$/;
/** Two secrets at each end, and some to spare. */
const MAX_SIGNATURES = 8;

export const newSecret = (): string => PREFIX + randomBytes(32).toString("base64");

export interface SignedHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/** The headers of a message, signed with every secret that counts, so that a receiver may hold the old or the new one. */
export function signedHeaders(secrets: readonly string[], id: string, at: Instant, body: string): SignedHeaders {
  const time = new Date(at);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, time, body)).join(" "),
  };
}

export interface Received {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** What the headers say, where they can be a message's at all and are of this time. */
export function readHeaders(headers: Readonly<Record<string, unknown>>, now: Instant): Received | null {
  const [id, timestamp, signature] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => headers[name],
  );
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signature !== "string") return null;
  if (!MESSAGE_ID.test(id) || !SECONDS.test(timestamp)) return null;
  return Math.abs(now - Number(timestamp) * 1000) <= WINDOW_MS ? { id, timestamp, signature } : null;
}

/** Whether one of the secrets signed exactly these bytes under this id and time. */
export function isSigned({ id, timestamp, signature }: Received, body: Buffer, secrets: readonly string[]): boolean {
  const text = utf8(body);
  const given = signature.split(" ").map((each) => Buffer.from(each));
  if (text === null || given.length > MAX_SIGNATURES) return false;
  const at = new Date(Number(timestamp) * 1000);
  // All of them are compared, so that time tells nothing of which one it was.
  return secrets
    .map((secret) => Buffer.from(new Webhook(secret).sign(id, at, text)))
    .flatMap((wanted) => given.map((each) => each.length === wanted.length && timingSafeEqual(each, wanted)))
    .includes(true);
}

/** Null where the bytes aren't UTF-8: the signature is of a text, and two such bodies would be one. */
function utf8(body: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

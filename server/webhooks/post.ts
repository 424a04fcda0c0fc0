import { request as overHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import {
  addressProblem,
  hostOf,
  orAborted,
  pin,
  pinnedLookup,
  refuseUpgrade,
  type Pinned,
  type Reach,
} from "./reach.js";

/** Longest time of one delivery, from looking the name up to the end of the answer. */
const TIMEOUT_MS = 10_000;
/** Of an answer nothing is read but its status; a receiver that goes on talking is hung up on. */
const MAX_ANSWER_BYTES = 16_384;

/** What came of sending: the answer's status, or why there is none. Never anything of what was answered. */
export type Posted =
  | { readonly status: number; readonly error: null }
  | { readonly status: null; readonly error: "address" | "name" | "secret" | "timeout" | "connection" };

/** Sends a body to an address outside, to nowhere but where its name led when it was judged, and follows no redirect. */
export async function post(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  reach: Reach,
): Promise<Posted> {
  if (addressProblem(address, reach) !== null) return { status: null, error: "address" };
  const url = new URL(address);
  const signal = AbortSignal.timeout(reach.timeoutMs ?? TIMEOUT_MS);
  const pinned = await orAborted(pin(url, reach), signal).catch(() => undefined);
  if (pinned === undefined) return { status: null, error: signal.aborted ? "timeout" : "name" };
  if (pinned === null) return { status: null, error: "address" };
  try {
    return { status: await send(url, pinned, headers, body, signal), error: null };
  } catch {
    return { status: null, error: signal.aborted ? "timeout" : "connection" };
  }
}

function send(
  url: URL,
  pinned: Pinned,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const options: RequestOptions = {
    method: "POST",
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, "content-length": Buffer.byteLength(body) },
    lookup: pinnedLookup(pinned),
    // A connection of its own: none is shared between tenants.
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    let status: number | null = null;
    // A status that came is the answer.
    const end = () => (status === null ? reject(new Error("too late")) : resolve(status));
    const request = (url.protocol === "https:" ? overHttps : overHttp)(options, (response) => {
      status = response.statusCode ?? 0;
      drain(response);
      response.once("close", end);
    });
    // Whatever the connection makes of the end of its time.
    signal.addEventListener("abort", end, { once: true });
    request.once("error", reject);
    refuseUpgrade(request, reject);
    request.end(body);
  });
}

function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
  // The status is the answer, whatever becomes of the rest.
  response.on("error", () => {});
}

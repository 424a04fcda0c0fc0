import { setMaxListeners } from "node:events";
import { request as overHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import {
  addressProblem,
  hostOf,
  orAborted,
  pin,
  pinnedLookup,
  refuseUpgrade,
  type Reach,
} from "../../webhooks/reach.js";

/*
 * Looks whether an address still answers, as politely as can be: HEAD, and GET only where HEAD says no; with what the address was
 * told apart by last time; nothing of a body is read. A tenant names the address, so each hop is judged as a webhook's is, and the
 * connection goes to the address that was judged.
 */

export const LINK_OUTCOMES = ["OK", "GONE", "MISSING", "BROKEN", "UNREACHED", "REFUSED", "UNASKED"] as const;
export type LinkOutcome = (typeof LINK_OUTCOMES)[number];

/** Redirects that are followed. */
const MAX_HOPS = 5;
/** Longest time of one request with its redirects; a look is two of them at most. */
export const LOOK_MS = 10_000;

export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface Look extends Validators {
  readonly outcome: LinkOutcome;
  /** The last answer's; null without one. */
  readonly status: number | null;
  /** Where it moved to for good, by its own word. */
  readonly movedTo: string | null;
  /** What went wrong, in words for people; null where it answered. */
  readonly error: string | null;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
}

const NOTHING = { status: null, movedTo: null, etag: null, lastModified: null } as const;

/** What an address answers now. Never throws but when `stop` is aborted. */
export async function lookAt(address: string, known: Validators, reach: Reach, stop?: AbortSignal): Promise<Look> {
  const head = await once("HEAD", address, known, reach, stop);
  return needsGet(head) ? once("GET", address, known, reach, stop) : head;
}

/** Many servers know no HEAD, or answer it wrongly, or hang up; one that asks for patience isn't asked twice. */
const needsGet = ({ outcome, status }: Look): boolean => outcome !== "OK" && outcome !== "UNASKED" && status !== 429;

async function once(
  method: "HEAD" | "GET",
  address: string,
  known: Validators,
  reach: Reach,
  stop: AbortSignal | undefined,
): Promise<Look> {
  const patience = AbortSignal.timeout(reach.timeoutMs ?? LOOK_MS);
  const signal = stop === undefined ? patience : AbortSignal.any([patience, stop]);
  // Each hop listens twice.
  setMaxListeners(4 * MAX_HOPS, signal);
  try {
    return await follow(method, address, known, reach, signal);
  } catch (error) {
    stop?.throwIfAborted();
    const seconds = (reach.timeoutMs ?? LOOK_MS) / 1_000;
    const why = patience.aborted ? `no answer within ${seconds} seconds` : errorText(error);
    return { ...NOTHING, outcome: "UNREACHED", error: why };
  }
}

const errorText = (error: unknown): string =>
  (error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : error instanceof Error
      ? error.message
      : String(error)
  ).slice(0, 200);

async function follow(
  method: "HEAD" | "GET",
  address: string,
  known: Validators,
  reach: Reach,
  signal: AbortSignal,
): Promise<Look> {
  let url = address;
  let movedTo: string | null = null;
  let forGood = true;
  for (let hop = 0; hop <= MAX_HOPS; hop++) {
    const problem = addressProblem(url, reach);
    if (problem !== null) return { ...NOTHING, outcome: "UNASKED", error: `the address ${problem}` };
    const target = new URL(url);
    if (isOfNoHost(target)) return { ...NOTHING, outcome: "UNASKED", error: "the address is of no host" };
    const pinned = await orAborted(pin(target, reach), signal);
    if (pinned === null)
      return { ...NOTHING, outcome: "UNASKED", error: "the address leads into a network that isn't public" };
    const { status, headers } = await orAborted(ask(method, target, pinnedLookup(pinned), known, signal), signal);
    const next = redirectOf(status, headers, url);
    if (next === null) return judged(status, headers, movedTo);
    forGood &&= status === 301 || status === 308;
    if (forGood) movedTo = next.slice(0, 2_000);
    url = next;
  }
  return { ...NOTHING, outcome: "BROKEN", error: `it leads on more than ${MAX_HOPS} times` };
}

function ask(
  method: "HEAD" | "GET",
  url: URL,
  lookup: NonNullable<RequestOptions["lookup"]>,
  { etag, lastModified }: Validators,
  signal: AbortSignal,
): Promise<Answer> {
  const options: RequestOptions = {
    method,
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: {
      accept: "*/*",
      "user-agent": "Throughline (link check)",
      ...(etag === null ? {} : { "if-none-match": etag }),
      ...(lastModified === null ? {} : { "if-modified-since": lastModified }),
    },
    lookup,
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? overHttps : overHttp)(options, (response) => {
      const { statusCode = 0, headers } = response;
      // The status is the answer: a body of any length is left where it is.
      response.on("error", () => {});
      response.destroy();
      resolve({ status: statusCode, headers });
    });
    request.once("error", reject);
    refuseUpgrade(request, reject);
    request.end();
  });
}

/** RFC 2606: pages that came without an address of their own are kept under `.invalid`, where no host can be. */
const isOfNoHost = ({ hostname }: URL): boolean => hostname === "invalid" || hostname.endsWith(".invalid");

function redirectOf(status: number, { location }: Answer["headers"], url: string): string | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  return URL.canParse(location, url) ? new URL(location, url).href : null;
}

const OUTCOMES: Readonly<Record<number, LinkOutcome>> = { 304: "OK", 404: "MISSING", 410: "GONE" };

/** Whoever says no to us says that the page is there: nothing is wrong with it. */
function outcomeOf(status: number): LinkOutcome {
  if (status >= 200 && status < 300) return "OK";
  return OUTCOMES[status] ?? (status >= 500 || status < 400 ? "BROKEN" : "REFUSED");
}

const header = (value: string | string[] | undefined): string | null =>
  typeof value === "string" && value.length <= 200 ? value : null;

function judged(status: number, headers: Answer["headers"], movedTo: string | null): Look {
  const outcome = outcomeOf(status);
  return {
    outcome,
    status,
    movedTo: outcome === "OK" ? movedTo : null,
    etag: header(headers.etag),
    lastModified: header(headers["last-modified"]),
    error: outcome === "OK" ? null : `it answered ${status}`,
  };
}

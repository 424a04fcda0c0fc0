import { request as overHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Readable } from "node:stream";
import { addressProblem, hostOf, orAborted, pin, pinnedLookup, refuseUpgrade, type Reach } from "../webhooks/reach.js";
import { tooLong } from "./whole.js";

/*
 * Reads a page or feed at its address, for whoever stands at the command line. The server itself never does: no tenant can
 * lead it anywhere. But a redirect could lead this machine too, and what it reads becomes somebody's evidence; so each hop is
 * judged like the address of a webhook, and the connection goes to the address that was judged.
 */

/** Redirects that are followed. */
const MAX_HOPS = 5;
/** Longest time from the first look-up to the last byte. */
const TIMEOUT_MS = 30_000;

export interface Fetched {
  /** Where it was read in the end, behind the redirects. */
  readonly url: string;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
}

export interface Fetching {
  readonly reach: Reach;
  readonly maxBytes: number;
  /** What it is, for people: "A page". */
  readonly what: string;
  /** Media types that are taken; others are told. */
  readonly takes: readonly string[];
}

/** What was read, or why nothing was, in words for people. */
export async function fetchDocument(
  address: string,
  fetching: Fetching,
): Promise<Fetched | { readonly refused: string }> {
  const timeoutMs = fetching.reach.timeoutMs ?? TIMEOUT_MS;
  const signal = AbortSignal.timeout(timeoutMs);
  let url = address;
  try {
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      const problem = addressProblem(url, fetching.reach);
      if (problem !== null) return refused(hop, url, problem);
      const target = new URL(url);
      const pinned = await orAborted(pin(target, fetching.reach), signal).catch(() => undefined);
      signal.throwIfAborted();
      if (pinned === undefined) return { refused: `The name ${hostOf(target)} isn't known.` };
      if (pinned === null) return refused(hop, url, "leads into a network that isn't public");
      const response = await orAborted(open(target, pinnedLookup(pinned), fetching.takes, signal), signal);
      const next = redirectOf(response, url);
      if (next === null) return await read(response, url, fetching);
      response.destroy();
      url = next;
    }
    return { refused: `It leads on more than ${MAX_HOPS} times; ask for the address that it ends at.` };
  } catch (error) {
    if (signal.aborted)
      return {
        refused: `It took longer than ${timeoutMs / 1_000} seconds and was cut off, and nothing of it is stored.`,
      };
    return {
      refused: `${hostOf(new URL(url))} can't be read (${error instanceof Error ? error.message : String(error)}).`,
    };
  }
}

const refused = (hop: number, url: string, problem: string) => ({
  refused: hop === 0 ? `The address ${problem}.` : `It leads on to ${url.slice(0, 200)}, and that address ${problem}.`,
});

function open(
  url: URL,
  lookup: NonNullable<RequestOptions["lookup"]>,
  takes: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: "GET",
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: {
      accept: [...takes, "*/*;q=0.1"].join(", "),
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "Throughline (import by a person)",
    },
    lookup,
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? overHttps : overHttp)(options, resolve);
    request.once("error", reject);
    refuseUpgrade(request, reject);
    request.end();
  });
}

function redirectOf(response: IncomingMessage, url: string): string | null {
  const { statusCode = 0, headers } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null;
  return URL.canParse(headers.location, url) ? new URL(headers.location, url).href : headers.location;
}

async function read(response: IncomingMessage, url: string, { maxBytes, what, takes }: Fetching) {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) return { refused: `${new URL(url).host} answered ${statusCode}.` };
    const contentType = headers["content-type"] ?? null;
    const type = (contentType ?? takes[0]!).split(";")[0]!.trim().toLowerCase();
    if (!takes.includes(type))
      return { refused: `It is ${type.slice(0, 100)}; ${what.toLowerCase()} is ${takes.join(", ")}.` };
    if (Number(headers["content-length"]) > maxBytes) return { refused: tooLong(maxBytes, what) };
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Counted behind the decompression: a small answer may become a large page.
    for await (const chunk of unpacked(response)) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) return { refused: tooLong(maxBytes, what) };
      chunks.push(chunk as Buffer);
    }
    return { url, contentType, bytes: Buffer.concat(chunks) };
  } finally {
    response.destroy();
  }
}

function unpacked(response: IncomingMessage): Readable {
  const encoding = (response.headers["content-encoding"] ?? "").toLowerCase();
  const unpack = { gzip: createGunzip, "x-gzip": createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    encoding
  ];
  if (unpack === undefined) return response;
  const stream = unpack();
  response.once("error", (error) => stream.destroy(error));
  return response.pipe(stream);
}

import { lookup } from "node:dns/promises";
import type { ClientRequest } from "node:http";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/*
 * Where a webhook may lead. A tenant names the address, so this process would fetch whatever it can reach for them: its own
 * ports, the database, the cloud's metadata. So a name is resolved once, every address that it has must be public, and the
 * connection goes to the address that was judged, whatever the name says a moment later.
 */

export interface Reach {
  /** Networks that are allowed though they aren't public, such as `127.0.0.1/32`. */
  readonly networks: readonly string[];
  /** In production nothing travels in the clear. */
  readonly httpsOnly: boolean;
  /** Every address of a host name; the system's resolver unless a test says otherwise. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** Longest time of one delivery. */
  readonly timeoutMs?: number;
}

/** Public by their range, and yet a cloud's inside: Azure's wire server. */
const INSIDE = ["168.63.129.16"];
/** The only block of IPv6 that is given out to the public. */
const GLOBAL_IPV6 = ipaddr.parseCIDR("2000::/3");

/** Whether an address is public or allowed. Takes an IPv4 address dressed as IPv6 for what it is. */
export function isReachable(address: string, { networks }: Pick<Reach, "networks">): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const allowed = networks.map((network) => ipaddr.parseCIDR(network));
  if (allowed.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits))) return true;
  if (parsed.range() !== "unicast" || INSIDE.includes(parsed.toString())) return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}

/** The host as the connection takes it: a name, or an address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");

/** What is wrong with an address before anything is resolved; null when nothing is. */
export function addressProblem(address: string, reach: Reach): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return "is no address";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.protocol === "http:" && reach.httpsOnly) return "must begin with https://";
  if (url.username !== "" || url.password !== "") return "must not carry a user or password";
  if (isIP(hostOf(url)) !== 0 && !isReachable(hostOf(url), reach)) return "leads into a network that isn't public";
  return null;
}

export interface Pinned {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The address to connect to; null when the name has none, or any that may not be reached: a mixed answer is an attempt. */
export async function pin(url: URL, reach: Reach): Promise<Pinned | null> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await (reach.resolve ?? resolveAll)(host) : [host];
  const [first] = addresses;
  if (first === undefined || !addresses.every((address) => isReachable(address, reach))) return null;
  return { address: first, family: isIP(first) === 6 ? 6 : 4 };
}

/** Of a connection that goes to the address that was judged; the name stays in Host and in the certificate's check. */
export const pinnedLookup =
  (pinned: Pinned): LookupFunction =>
  (_hostname, { all }, callback) =>
    all === true
      ? (callback as unknown as (error: null, addresses: Pinned[]) => void)(null, [pinned])
      : callback(null, pinned.address, pinned.family);

const resolveAll = async (hostname: string): Promise<string[]> =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** The work, or a rejection once the time is over, whatever the work makes of it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new Promise<never>((_, reject) => {
    const end = () => reject(new Error("too late"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  return Promise.race([work, over]);
}

/** Nobody asked for another protocol: unheard, such an answer is neither a response nor an error, and would be waited for without end. */
export const refuseUpgrade = (request: ClientRequest, reject: (error: Error) => void): void => {
  request.once("upgrade", (_response, socket) => {
    socket.destroy();
    reject(new Error("it answered with another protocol"));
  });
};

import { setTimeout as sleep } from "node:timers/promises";
import type { Reach } from "../../webhooks/reach.js";
import { lookAt, type Look, type Validators } from "./look.js";

/*
 * One tick of looking at addresses: host by host, one request at a time to each, a few hosts at once. What says nothing of a page
 * isn't counted against it: that this machine reaches nobody says something of this machine.
 */

/** Hosts that are asked at once. */
const WIDTH = 8;
/** Between two requests to one host. */
const SPACING_MS = 1_000;
/**
 * From then on a host isn't asked for its next address, and no further host is begun with: what is left is for the next tick. A look
 * takes 20 seconds at most, so that a batch is over a minute after its time, whatever the hosts do.
 */
const HOST_MS = 240_000;
const BATCH_MS = 300_000;
/** Addresses of one host that may fail to connect in a row; the others of it are taken for as silent, unasked. */
const GIVE_UP_AFTER = 2;

export interface Address extends Validators {
  /** The source's ULID. */
  readonly id: string;
  readonly url: string;
}

export interface Seen extends Look {
  readonly id: string;
  /** False where it says nothing of the page: nobody was reached, or too few were. */
  readonly counted: boolean;
}

export interface RoundOptions {
  readonly reach: Reach;
  readonly signal: AbortSignal;
  readonly spacingMs?: number;
  readonly hostMs?: number;
  readonly batchMs?: number;
  /** Addresses on other hosts than these that answered when they were looked at last; asked where silence may be our own. */
  readonly witnesses?: (butHosts: readonly string[]) => Promise<readonly Address[]>;
}

interface Looked {
  readonly address: Address;
  readonly look: Look;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "");

/**
 * Looks at each of them once; what a host that stays silent wasn't asked for has the look of what it was. What there was no time for
 * isn't in the answer; something always is.
 */
export async function lookAtAll(addresses: readonly Address[], options: RoundOptions): Promise<Seen[]> {
  const hosts = new Map<string, Address[]>();
  for (const one of addresses) hosts.set(hostOf(one.url), [...(hosts.get(hostOf(one.url)) ?? []), one]);
  const waiting = [...hosts.values()];
  const looks: Looked[] = [];
  const until = performance.now() + (options.batchMs ?? BATCH_MS);
  const work = async () => {
    for (let host = waiting.shift(); host !== undefined; host = performance.now() < until ? waiting.shift() : undefined)
      looks.push(...(await lookAtHost(host, options, until)));
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, waiting.length) }, work));
  const told = looks.map(({ address, look }) => ({ host: hostOf(address.url), look }));
  const isOurs = networkIsOut(told) && !(await othersAnswer([...hosts.keys()], options));
  return looks
    .map(({ address: { id }, look }) => ({
      ...look,
      id,
      counted: look.outcome === "UNREACHED" ? !isOurs : look.outcome !== "UNASKED" && look.outcome !== "REFUSED",
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function lookAtHost(host: readonly Address[], options: RoundOptions, until: number): Promise<Looked[]> {
  const { reach, signal, spacingMs = SPACING_MS, hostMs = HOST_MS } = options;
  const looks: Looked[] = [];
  const over = Math.min(until, performance.now() + hostMs);
  let silent = 0;
  for (const [i, address] of host.entries()) {
    if (i > 0 && performance.now() + spacingMs >= over) break;
    if (i > 0) await sleep(spacingMs, undefined, { signal });
    const look = await lookAt(address.url, address, reach, signal);
    looks.push({ address, look });
    silent = look.outcome === "UNREACHED" ? silent + 1 : 0;
    if (silent < GIVE_UP_AFTER) continue;
    looks.push(...host.slice(i + 1).map((rest) => ({ address: rest, look })));
    break;
  }
  return looks;
}

/** Whether most of the hosts answer now that answered when they were looked at last: then silence isn't our own network's. */
async function othersAnswer(hosts: readonly string[], { reach, signal, witnesses }: RoundOptions): Promise<boolean> {
  const asked = (await witnesses?.(hosts)) ?? [];
  const looks = await Promise.all(asked.map(({ url, ...known }) => lookAt(url, known, reach, signal)));
  return looks.filter(({ status }) => status !== null).length > asked.length / 2;
}

/**
 * Whether hosts that couldn't be reached may say more of our own network than of them: nobody answered at all, or more hosts are
 * silent than answer.
 */
export function networkIsOut(
  looks: readonly { readonly host: string; readonly look: Pick<Look, "status" | "outcome"> }[],
) {
  const answering = new Set(looks.filter(({ look }) => look.status !== null).map(({ host }) => host));
  const silent = new Set(
    looks.filter(({ host, look }) => look.outcome === "UNREACHED" && !answering.has(host)).map(({ host }) => host),
  );
  return silent.size > 0 && (answering.size === 0 || silent.size > answering.size);
}

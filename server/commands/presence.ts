import { DomainError } from "../errors.js";
import type { Graph } from "../graph/graph.js";
import type { Caller } from "./caller.js";
import type { Facts } from "./facts.query.js";
import { movedTo, readFacts, type Reader } from "./judge.js";

/**
 * What is left of a caller's rights just now, for reads; a change reads its own facts in its own transaction. A role taken
 * back or a token revoked is forgotten here at the latest after PRESENCE_MS.
 */
export const PRESENCE_MS = 10_000;

/** Callers whose facts are kept; the one asked for longest ago goes first. */
const MAX_CALLERS = 10_000;

/** Null for somebody who may do nothing any more. */
export type Presence = (caller: Caller) => Promise<Caller | null>;

export interface PresenceOptions {
  readonly ttlMs?: number;
  readonly now?: () => number;
  /** Where this process serves, and who notes that it may not serve a tenant. */
  readonly residency?: { readonly region: string; readonly denied: (caller: Caller) => Promise<unknown> };
}

/** A tenant that this process may not serve; one that isn't there is another matter, and the platform's own has no node. */
const isForeign = ({ tenantStatus, allowedRegions }: Facts, region: string): boolean =>
  tenantStatus !== null && !allowedRegions.includes(region);

export function createPresence(graph: Graph, options: PresenceOptions = {}): Presence {
  const { ttlMs = PRESENCE_MS, now = Date.now, residency } = options;
  const kept = new Map<string, { readonly facts: Promise<Facts>; readonly until: number }>();

  /** Once for as long as it is remembered: who asks again and again fills no log. */
  const noted = (caller: Caller) => async (facts: Facts) => {
    if (residency !== undefined && isForeign(facts, residency.region)) await residency.denied(caller);
    return facts;
  };

  function factsOf(caller: Caller): Promise<Facts> {
    const key = JSON.stringify([caller.tenantId, caller.actor, caller.onBehalfOf, caller.tokenId]);
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.facts;
    const scope = { tenantId: caller.tenantId };
    const reader: Reader = { ...scope, run: (query, params) => graph.read(scope, query, params) };
    // Counted from before the read: what changes while it runs isn't forgotten for longer than it may be.
    const entry = { facts: readFacts(reader, caller).then(noted(caller)), until: now() + ttlMs };
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > MAX_CALLERS) kept.delete(kept.keys().next().value!);
    // A failure is nobody's right: the next request asks again.
    entry.facts.catch(() => kept.get(key) === entry && kept.delete(key));
    return entry.facts;
  }

  return async (caller) => {
    const facts = await factsOf(caller);
    if (residency !== undefined && isForeign(facts, residency.region))
      throw new DomainError("FORBIDDEN", `The tenant's data may not be served in the region ${residency.region}.`);
    return presentCaller(caller, facts);
  };
}

/** The caller with the roles that token and graph both say, as a change would be judged; null when there are none. */
export function presentCaller(caller: Caller, facts: Facts): Caller | null {
  const { actor, other, tokenHolds, tenantStatus } = facts;
  if (tenantStatus === "MOVED") throw movedTo(facts);
  if (tenantStatus === "ERASED" || tenantStatus === "RESTORING") return null;
  if (caller.tokenId !== undefined && tokenHolds !== true) return null;
  // Whoever acts for somebody who has no rights has none.
  if (caller.onBehalfOf !== undefined && (other === null || other[0].length === 0)) return null;
  if (actor === null) return caller;
  const [, present] = actor;
  const roles = caller.roles.filter((role) => present.includes(role));
  return roles.length === 0 ? null : { ...caller, roles };
}

import type { Instant } from "../../graph-schema/time.js";
import type { Caller } from "../commands/caller.js";
import type { Reader } from "../commands/judge.js";
import { DomainError } from "../errors.js";
import type { Scope } from "../graph/graph.js";
import type { Identity } from "../identity/tokens.js";
import type { Services } from "../services.js";
import { createLoaders, type Loaders } from "./loaders.js";

export type SignToken = (identity: Omit<Identity, "region">, expiresAt: Instant) => Promise<string>;

/** What one request knows. */
export interface Context {
  readonly services: Services;
  readonly caller: Caller | null;
  /** Why there is no caller, where it isn't for want of a token. */
  readonly noCaller: DomainError | null;
  readonly correlationId: string;
  /** Signs a token of this installation that ends at the instant. */
  readonly signToken: SignToken;
  scope: Scope;
  loaders: Loaders;
  /** The instant of reads that name none: fixed once, so that all of a request answers for the same one. */
  now: Instant;
  /** Tells whoever answers the request what its writes were. */
  readonly tellWritten: (bookmarks: readonly string[], at: Instant) => void;
}

export function createContext(options: {
  services: Services;
  caller: Caller | null;
  noCaller?: DomainError | null;
  correlationId: string;
  signToken: SignToken;
  bookmarks: readonly string[];
  notBefore: Instant;
  tellWritten(bookmarks: readonly string[], at: Instant): void;
}): Context {
  const { services, caller, noCaller = null, correlationId, signToken, bookmarks, notBefore, tellWritten } = options;
  // Without a caller nothing is read: `callerOf` throws before any query runs.
  const scope: Scope = { tenantId: caller?.tenantId ?? "", bookmarks };
  const now = Math.max(services.clock.now(), notBefore);
  const loaders = createLoaders(services.graph, scope);
  return { services, caller, noCaller, correlationId, signToken, scope, now, loaders, tellWritten };
}

/** From here on the request reads what it wrote, and its caller's next request does too, wherever it goes. */
export function afterWrite(context: Context, bookmarks: readonly string[], at: Instant): void {
  context.scope = { ...context.scope, bookmarks };
  context.now = Math.max(context.now, at);
  context.loaders = createLoaders(context.services.graph, context.scope);
  context.tellWritten(bookmarks, at);
}

/** Who calls; everything that is asked needs somebody. */
export function callerOf(context: Context): Caller {
  if (context.caller === null)
    throw context.noCaller ?? new DomainError("UNAUTHENTICATED", "Sign in first: the request carries no valid token.");
  return context.caller;
}

/** What the request's reads go through, for those that know no GraphQL. */
export const readerOf = ({ services: { graph }, scope }: Context): Reader => ({
  tenantId: scope.tenantId,
  run: (query, params) => graph.read(scope, query, params),
});

/** For what goes on answering: from here on it reads what stands now, and at least what was recorded at the instant. */
export function renew(context: Context, at: Instant): void {
  context.now = Math.max(context.services.clock.now(), at);
  context.loaders = createLoaders(context.services.graph, context.scope);
}

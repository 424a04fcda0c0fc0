import type { Instant } from "../../graph-schema/time.js";
import type { Caller } from "../commands/caller.js";
import { DomainError } from "../errors.js";
import type { Scope } from "../graph/graph.js";
import type { Services } from "../services.js";
import { createLoaders, type Loaders } from "./loaders.js";

/** What one request knows. */
export interface Context {
  readonly services: Services;
  readonly caller: Caller | null;
  readonly scope: Scope;
  readonly loaders: Loaders;
  readonly correlationId: string;
  /** The instant of reads that name none: fixed once, so that all of a request answers for the same one. */
  readonly now: Instant;
  /** Takes what a write answered, so that the caller's next read, wherever it goes, sees it. */
  onWritten(bookmarks: readonly string[], at: Instant): void;
}

export function createContext(options: {
  services: Services;
  caller: Caller | null;
  correlationId: string;
  bookmarks: readonly string[];
  notBefore: Instant;
  onWritten(bookmarks: readonly string[], at: Instant): void;
}): Context {
  const { services, caller, correlationId, bookmarks, notBefore, onWritten } = options;
  // Without a caller nothing is read: `callerOf` throws before any query runs.
  const scope: Scope = { tenantId: caller?.tenantId ?? "", bookmarks };
  const now = Math.max(services.clock.now(), notBefore);
  // After a write of the same request, later fields read what it wrote.
  const context = {
    services,
    caller,
    correlationId,
    scope,
    now,
    loaders: undefined as unknown as Loaders,
    onWritten(written: readonly string[], at: Instant) {
      context.scope = { ...context.scope, bookmarks: written };
      context.now = Math.max(context.now, at);
      context.loaders = createLoaders(services.graph, context.scope);
      onWritten(written, at);
    },
  };
  context.loaders = createLoaders(services.graph, scope);
  return context;
}

/** Who calls; everything that is asked needs somebody. */
export function callerOf(context: Context): Caller {
  if (context.caller === null) throw new DomainError("UNAUTHENTICATED", "Sign in first: the request carries no valid token.");
  return context.caller;
}

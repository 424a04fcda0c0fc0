import neo4j, { Neo4jError, type Driver, type ManagedTransaction } from "neo4j-driver";
import { DomainError } from "../errors.js";
import { credentials } from "./credentials.js";
import { isUniquenessRace, toDomainError, toOperatorError } from "./driver-error.js";
import type { Query } from "./query.js";
import { Turnstile } from "./turnstile.js";
import { toDriverValue } from "./values.js";

export interface GraphOptions {
  readonly uri: string;
  readonly user: string;
  /** Given, or looked up every few seconds, so that a rotation needs no restart. */
  readonly password: string | (() => Promise<string>);
  readonly database?: string | undefined;
  /** Connections at once; the driver queues beyond it. */
  readonly poolSize?: number;
  /** Longest transactions, where nobody says otherwise; TIMEOUT_MS without. */
  readonly timeoutMs?: { readonly read: number; readonly write: number };
}

/** Whose data, and how fresh: reads see at least what the bookmarks name. */
export interface Scope {
  readonly tenantId: string;
  readonly bookmarks?: readonly string[] | undefined;
  readonly timeoutMs?: number | undefined;
  /**
   * Of a write of a moment that others rest on, such as a lease's renewal or a brake: it doesn't stand in line behind writes that
   * may each take a minute. What many may ask for at once is never urgent.
   */
  readonly urgent?: boolean | undefined;
}

/** The reserved tenant of what belongs to nobody's studio: ledger, leases, platform principals. */
export const SYSTEM_TENANT = "system";

/**
 * Write transactions under way at once; the others wait here. Neo4j applies one transaction's indexes at a time, and whoever
 * looks for a place in an index meanwhile takes the processor from it: 32 writers get less done than 8 (docs/performance.md).
 */
const WRITERS = 8;
/** The longest that one waits for its turn, unless it may itself take longer than that. */
const TURN_MS = 15_000;

/** Of those, the ones that hold one guard. Its lock lets them through one by one: one works, the next waits at the lock, and none of the others' time runs out there. */
const GUARDED_WRITERS = 2;

export const TIMEOUT_MS = { read: 5_000, write: 10_000, bulk: 60_000 } as const;

/** An open write transaction of one tenant. Its callback may run twice, so it must be idempotent. */
export interface WriteTx {
  readonly tenantId: string;
  run<P, R>(query: Query<P, R>, params: P): Promise<R[]>;
}

export interface Written<T> {
  readonly value: T;
  readonly bookmarks: readonly string[];
}

/**
 * What each write transaction must hold before anything else happens in it: `hold` locks and compares, and throws to refuse.
 * It answers what is to be called once that is committed. No transaction outlives `maxMs`, so that one which began before its
 * holder was stopped has ended when the holder wakes.
 */
export interface Guard {
  readonly tenantId: string;
  readonly maxMs: number;
  hold(tx: WriteTx): Promise<() => void>;
}

type Records = { records: readonly { toObject(): Record<string, unknown> }[] };

/** The only door to the database. */
export class Graph {
  readonly #driver: Driver;
  readonly #database: string | undefined;
  readonly #timeoutMs: { readonly read: number; readonly write: number };
  readonly #options: GraphOptions;
  readonly #guard: Guard | undefined;
  readonly #writers: Turnstile;
  readonly #guarded: Turnstile | undefined;

  constructor(
    options: GraphOptions,
    guarded?: { readonly driver: Driver; readonly writers: Turnstile; readonly guard: Guard },
  ) {
    this.#options = options;
    this.#writers = guarded?.writers ?? new Turnstile(WRITERS, TURN_MS);
    this.#guard = guarded?.guard;
    this.#guarded = guarded && new Turnstile(GUARDED_WRITERS, TIMEOUT_MS.bulk);
    this.#database = options.database;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#driver =
      guarded?.driver ??
      neo4j.driver(options.uri, credentials(options.user, options.password), {
        disableLosslessIntegers: true,
        // All rows of an answer at once: they are all read, and their number is bounded by the statement.
        fetchSize: -1,
        maxConnectionPoolSize: options.poolSize ?? 50,
        connectionAcquisitionTimeout: 10_000,
        connectionTimeout: 5_000,
        maxTransactionRetryTime: 15_000,
        userAgent: "throughline",
      });
  }

  /** The same graph, on which every write transaction holds the guard first. It shares our connections, and isn't closed. */
  guardedBy(guard: Guard): Graph {
    return new Graph(this.#options, { driver: this.#driver, writers: this.#writers, guard });
  }

  /** One query in one round trip. A failure that the driver calls retriable is tried once more: reads are harmless. */
  async read<P, R>(scope: Scope, query: Query<P, R>, params: P): Promise<R[]> {
    if (query.mode !== "read") throw new DomainError("INTERNAL", `${query.name} writes: it needs Graph.write`);
    try {
      return await this.#readOnce(scope, query, params);
    } catch (error) {
      // Not neo4j.isRetriableError: taken off its class, it fails on its own `this`.
      if (!(error instanceof Neo4jError) || !error.retryable) throw toDomainError(error);
      return this.#readOnce(scope, query, params).catch((again: unknown) => Promise.reject(toDomainError(again)));
    }
  }

  async #readOnce<P, R>(scope: Scope, query: Query<P, R>, params: P): Promise<R[]> {
    const session = this.#session("READ", scope);
    try {
      const result = await session.run(query.cypher, parameters(scope, query, params), {
        timeout: scope.timeoutMs ?? this.#timeoutMs.read,
      });
      return decode(query, result);
    } finally {
      await session.close();
    }
  }

  /**
   * Runs `work` in one transaction, again if the database asks for it: after a lost COMMIT reply too, though the commit
   * happened. So every write carries an operation key that makes the second run find the first (see commands/).
   */
  async write<T>(scope: Scope, work: (tx: WriteTx) => Promise<T>): Promise<Written<T>> {
    try {
      return await this.#writeOnce(scope, work);
    } catch (error) {
      // Two writers made the same unique thing at once: the second try finds the first one's.
      if (!isUniquenessRace(error)) throw toDomainError(error);
      return this.#writeOnce(scope, work).catch((again: unknown) => Promise.reject(toDomainError(again)));
    }
  }

  #writeOnce<T>(scope: Scope, work: (tx: WriteTx) => Promise<T>): Promise<Written<T>> {
    const go = () => this.#transaction(scope, work);
    if (scope.urgent === true) return go();
    const turn = () => this.#writers.run(go, Math.max(TURN_MS, scope.timeoutMs ?? 0));
    return this.#guarded === undefined ? turn() : this.#guarded.run(turn, TIMEOUT_MS.bulk);
  }

  async #transaction<T>(scope: Scope, work: (tx: WriteTx) => Promise<T>): Promise<Written<T>> {
    const session = this.#session("WRITE", scope);
    try {
      const guard = this.#guard;
      let kept: (() => void) | undefined;
      const value = await session.executeWrite(
        async (transaction) => {
          kept = await guard?.hold(writeTx(transaction, { tenantId: guard.tenantId }));
          return work(writeTx(transaction, scope));
        },
        { timeout: Math.min(scope.timeoutMs ?? this.#timeoutMs.write, guard?.maxMs ?? Infinity) },
      );
      kept?.();
      return { value, bookmarks: session.lastBookmarks() };
    } finally {
      await session.close();
    }
  }

  /** Statements of a migration: of data, all in one transaction; of schema, each in its own, and its indexes filled at the end. */
  async runMigration(kind: "schema" | "data", statements: readonly string[]): Promise<void> {
    const session = this.#session("WRITE", { tenantId: SYSTEM_TENANT });
    const batches =
      kind === "data" ? [statements] : [...statements, "CALL db.awaitIndexes(600)"].map((statement) => [statement]);
    try {
      for (const batch of batches) {
        await session.executeWrite(
          async (transaction) => {
            for (const statement of batch) await transaction.run(statement);
          },
          { timeout: 0 },
        );
      }
    } catch (error) {
      throw toDomainError(error);
    } finally {
      await session.close();
    }
  }

  /**
   * Runs `work` while no other process runs work of this name. The lock is an open transaction's: it ends with its holder.
   * An empty database has no constraint yet that would keep its node single, so two who begin at once may make one each:
   * whoever comes second to commit sees both, and everyone locks all that they see, in one order.
   */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = { tenantId: SYSTEM_TENANT, name };
    const session = this.#session("WRITE", lock);
    try {
      await session.executeWrite((transaction) =>
        transaction.run("MERGE (:MigrationLock {tenantId: $tenantId, name: $name})", lock),
      );
      const transaction = await session.beginTransaction({ timeout: 0 });
      try {
        await transaction.run(
          "MATCH (l:MigrationLock {tenantId: $tenantId, name: $name}) WITH l ORDER BY elementId(l) SET l._lock = true",
          lock,
        );
        const value = await work();
        await transaction.commit();
        return value;
      } finally {
        await transaction.close();
      }
    } catch (error) {
      throw toDomainError(error);
    } finally {
      await session.close();
    }
  }

  /** The plan that the database makes of a query, without running it. */
  async explain(cypher: string): Promise<unknown> {
    const session = this.#session("READ", { tenantId: SYSTEM_TENANT });
    try {
      return (await session.run(`EXPLAIN ${cypher}`)).summary.plan;
    } finally {
      await session.close();
    }
  }

  /** Throws when the database can't be reached or doesn't accept us, in words for the operator. */
  async ping(): Promise<void> {
    try {
      await this.#driver.verifyConnectivity(this.#database === undefined ? {} : { database: this.#database });
      await this.#driver.verifyAuthentication(this.#database === undefined ? {} : { database: this.#database });
    } catch (error) {
      throw toOperatorError(error);
    }
  }

  close(): Promise<void> {
    return this.#driver.close();
  }

  #session(mode: "READ" | "WRITE", scope: Scope) {
    return this.#driver.session({
      defaultAccessMode: neo4j.session[mode],
      ...(this.#database === undefined ? {} : { database: this.#database }),
      ...(scope.bookmarks === undefined ? {} : { bookmarks: [...scope.bookmarks] }),
    });
  }
}

export const openGraph = (options: GraphOptions): Graph => new Graph(options);

function writeTx(transaction: ManagedTransaction, scope: Scope): WriteTx {
  return {
    tenantId: scope.tenantId,
    run: async (query, params) => decode(query, await transaction.run(query.cypher, parameters(scope, query, params))),
  };
}

function parameters<P, R>(scope: Scope, query: Query<P, R>, params: P): Record<string, unknown> {
  const converted = toDriverValue(params) as Record<string, unknown>;
  return query.scope === "tenant" ? { ...converted, tenantId: scope.tenantId } : converted;
}

function decode<P, R>(query: Query<P, R>, result: Records): R[] {
  return result.records.map((record) => {
    const row = query.row.safeParse(record.toObject());
    if (!row.success)
      throw new DomainError("INTERNAL", `${query.name} answered a row that isn't of its shape`, undefined, {
        cause: row.error,
      });
    return row.data;
  });
}

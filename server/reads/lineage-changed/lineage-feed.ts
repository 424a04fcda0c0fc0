import { encodeTime } from "ulid";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { SETTLED_MS, type Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { Graph } from "../../graph/graph.js";
import { changesAround, readEvents, type LineageChange, type SeenEvent } from "./lineage-changed.query.js";
import { failedLooks, Rest } from "./looks.js";

/** How often the graph is asked for new events, for all who listen together. */
export const LOOK_MS = 1_000;
/** Events of one statement. */
const PAGE = 2_000;
/** Changes that are told at once, for whoever reads slowly; they are all counted. */
const MOST_TOLD = 200;
/** Operations that are looked for again when looking failed. */
const MOST_PENDING = 20_000;

/** What changed in a lineage since the last that was told. */
export interface ToldChanges {
  /** The newest instant among them; of the first, when listening began. */
  readonly at: Instant;
  readonly changes: readonly LineageChange[];
  readonly total: number;
}

/** One who listens: changes are gathered until they are read. */
class Listener implements AsyncIterableIterator<ToldChanges> {
  #pending: ToldChanges | null = null;
  #waiting: ((result: IteratorResult<ToldChanges>) => void) | null = null;
  #done = false;

  constructor(readonly leave: () => void) {}

  tell(told: ToldChanges): void {
    if (this.#done) return;
    const before = this.#pending;
    this.#pending =
      before === null
        ? told
        : {
            at: Math.max(before.at, told.at),
            changes: [...before.changes, ...told.changes].slice(0, MOST_TOLD),
            total: before.total + told.total,
          };
    this.#flush();
  }

  #flush(): void {
    if (this.#waiting === null || this.#pending === null) return;
    const [waiting, value] = [this.#waiting, this.#pending];
    this.#waiting = null;
    this.#pending = null;
    waiting({ done: false, value });
  }

  next(): Promise<IteratorResult<ToldChanges>> {
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#flush();
    });
  }

  return(): Promise<IteratorResult<ToldChanges>> {
    if (!this.#done) {
      this.#done = true;
      this.leave();
      this.#waiting?.({ done: true, value: undefined });
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

/** A node that somebody listens to; several may, and it is looked at once. */
interface Topic {
  readonly node: NodeId;
  readonly depth: number;
  readonly listeners: Set<Listener>;
  /** Operations that it wasn't looked at for yet, with their instants. */
  readonly pending: Map<string, Instant>;
  readonly rest: Rest;
}

interface TenantFeed {
  readonly reader: Reader;
  readonly topics: Map<string, Topic>;
  /** Events of the overlap that were seen. */
  seen: Set<string>;
  /** When the events were read last, by this process's clock. */
  readAt: number;
  /** Resolves once the events of before are known. */
  ready: Promise<void>;
}

/**
 * Tells whoever listens that the lineage of a node changed, whichever process changed it: the events in the graph say that
 * something was done, and the graph says whether it touched the node. One timer and one reading of events serve all who listen
 * in this process; without listeners nothing is asked.
 */
export class LineageFeed {
  readonly #tenants = new Map<string, TenantFeed>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  /** Hears of a look that failed; the next one looks for the same and more. */
  failed: (error: unknown) => void = () => {};

  constructor(
    readonly graph: Graph,
    readonly options: { readonly lookMs?: number; readonly now?: () => number } = {},
  ) {}

  /** How many listen, for the metrics and for tests. */
  get listeners(): number {
    let count = 0;
    for (const { topics } of this.#tenants.values())
      for (const { listeners } of topics.values()) count += listeners.size;
    return count;
  }

  /** Listens to a node of a tenant. What is committed after this has answered is told, nothing from before. */
  async listen(tenantId: string, node: NodeId, depth: number): Promise<AsyncIterableIterator<ToldChanges>> {
    const feed = this.#tenants.get(tenantId) ?? this.#open(tenantId);
    const key = `${formatNodeId(node.label, node.id)} ${depth}`;
    const topic = feed.topics.get(key) ?? { node, depth, listeners: new Set(), pending: new Map(), rest: new Rest() };
    feed.topics.set(key, topic);
    const listener = new Listener(() => {
      topic.listeners.delete(listener);
      if (topic.listeners.size === 0 && feed.topics.get(key) === topic) feed.topics.delete(key);
      if (feed.topics.size === 0 && this.#tenants.get(tenantId) === feed) this.#tenants.delete(tenantId);
      if (this.#tenants.size === 0) this.#stop();
    });
    topic.listeners.add(listener);
    this.#timer ??= setInterval(() => void this.look(), this.options.lookMs ?? LOOK_MS).unref();
    try {
      await feed.ready;
    } catch (error) {
      await listener.return();
      throw error;
    }
    return listener;
  }

  /** Looks once for all who listen; a look that still goes on stands for it. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => (this.#looking = null));
    return this.#looking;
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #now = (): number => (this.options.now ?? Date.now)();

  #open(tenantId: string): TenantFeed {
    const scope = { tenantId };
    const reader: Reader = { ...scope, run: (query, params) => this.graph.read(scope, query, params) };
    const feed: TenantFeed = {
      reader,
      topics: new Map(),
      seen: new Set(),
      readAt: this.#now(),
      ready: Promise.resolve(),
    };
    feed.ready = this.#newEvents(feed).then(() => undefined);
    // Whoever listens hears of it; nobody else waits for it.
    feed.ready.catch(() => undefined);
    this.#tenants.set(tenantId, feed);
    return feed;
  }

  /** Events that weren't seen before. */
  async #newEvents(feed: TenantFeed): Promise<SeenEvent[]> {
    const began = this.#now();
    const fresh: SeenEvent[] = [];
    const still = new Set<string>();
    // So far back: a write may be committed later than its id was made, and other machines' clocks differ.
    let after = `${encodeTime(Math.max(0, Math.min(feed.readAt, began) - SETTLED_MS), 10)}${"0".repeat(16)}`;
    for (let more = true; more;) {
      const page = await readEvents(feed.reader, after, PAGE);
      for (const event of page) {
        still.add(event.id);
        if (!feed.seen.has(event.id)) fresh.push(event);
      }
      after = page.at(-1)?.id ?? after;
      more = page.length === PAGE;
    }
    feed.seen = still;
    feed.readAt = began;
    return fresh;
  }

  async #lookAtAll(): Promise<void> {
    for (const feed of [...this.#tenants.values()]) {
      try {
        await feed.ready;
        await this.#lookAt(feed);
      } catch (error) {
        // A database that is away comes back, and what was missed is found then.
        this.failed(error);
      }
    }
  }

  async #lookAt(feed: TenantFeed): Promise<void> {
    const fresh = await this.#newEvents(feed);
    for (const topic of [...feed.topics.values()]) {
      for (const { operationId, at } of fresh)
        if (topic.pending.size < MOST_PENDING) topic.pending.set(operationId, at);
    }
    // Whoever failed last comes last, so that the others don't wait for it.
    const topics = [...feed.topics.values()].filter(({ pending }) => pending.size > 0);
    for (const topic of [
      ...topics.filter(({ rest }) => !rest.troubled),
      ...topics.filter(({ rest }) => rest.troubled),
    ]) {
      if (topic.rest.sitsOut()) continue;
      try {
        await this.#lookAround(feed.reader, topic);
        topic.rest.well();
      } catch (error) {
        // One that is too big to be looked around in time silences nobody else; what it waits for is kept.
        topic.rest.failed();
        failedLooks.inc({ reader: "stream" });
        this.failed(error);
      }
    }
  }

  async #lookAround(reader: Reader, topic: Topic): Promise<void> {
    const operations = new Map(topic.pending);
    const changes = await changesAround(reader, topic.node, topic.depth, [...operations.keys()]);
    for (const operationId of operations.keys()) topic.pending.delete(operationId);
    if (changes.length === 0) return;
    const at = Math.max(...changes.map(({ operationId }) => operations.get(operationId) ?? 0));
    const told = { at, changes: changes.slice(0, MOST_TOLD), total: changes.length };
    for (const listener of topic.listeners) listener.tell(told);
  }
}

import type { Reader } from "../../commands/judge.js";
import type { Graph } from "../../graph/graph.js";
import { readProgress, type SeenRun, type SeenStage } from "./run-changed.query.js";

/** How often the graph is asked how far runs are, for all who listen in this process together. */
export const LOOK_MS = 500;

/** How far a run is, and which of its stages moved since the last that was told. */
export interface Progress {
  readonly at: number;
  readonly status: SeenRun["status"];
  readonly round: number;
  readonly stages: readonly SeenStage[];
}

/** One who listens: moves are gathered until they are read. */
class Listener implements AsyncIterableIterator<Progress> {
  #pending: Progress | null = null;
  #waiting: ((result: IteratorResult<Progress>) => void) | null = null;
  #done = false;

  constructor(readonly leave: () => void) {}

  tell(progress: Progress): void {
    const key = ({ stage, attempt }: SeenStage) => `${stage}/${attempt}`;
    const stages = new Map([...(this.#pending?.stages ?? []), ...progress.stages].map((one) => [key(one), one]));
    this.#pending = { ...progress, stages: [...stages.values()] };
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    waiting({ done: false, value: this.#take() });
  }

  #take(): Progress {
    const told = this.#pending!;
    this.#pending = null;
    return told;
  }

  next(): Promise<IteratorResult<Progress>> {
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    if (this.#pending !== null) return Promise.resolve({ done: false, value: this.#take() });
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  return(): Promise<IteratorResult<Progress>> {
    this.#done = true;
    this.leave();
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = null;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

interface Topic {
  seen: SeenRun;
  readonly listeners: Set<Listener>;
}

/** Tells whoever listens in this process how runs move, whichever process drives them: the graph is asked, once for all. */
export class RunFeed {
  readonly #tenants = new Map<string, Map<string, Topic>>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;

  constructor(readonly graph: Graph) {}

  /** Listens to a run, by its id without label, from now on; null where there is none. */
  async listen(
    tenantId: string,
    id: string,
  ): Promise<(AsyncIterableIterator<Progress> & { readonly begun: SeenRun }) | null> {
    const begun = (await readProgress(this.#reader(tenantId), [id])).get(id);
    if (begun === undefined) return null;
    const topics = this.#tenants.get(tenantId) ?? new Map<string, Topic>();
    this.#tenants.set(tenantId, topics);
    // Who comes later may hear once more what they have seen; nobody misses anything.
    const topic = topics.get(id) ?? { seen: begun, listeners: new Set<Listener>() };
    topics.set(id, topic);
    const listener = new Listener(() => {
      topic.listeners.delete(listener);
      if (topic.listeners.size > 0 || topics.get(id) !== topic) return;
      topics.delete(id);
      if (topics.size === 0 && this.#tenants.get(tenantId) === topics) this.#tenants.delete(tenantId);
      if (this.#tenants.size === 0) this.#rest();
    });
    topic.listeners.add(listener);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
    return Object.assign(listener, { begun });
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #reader(tenantId: string): Reader {
    return { tenantId, run: (query, params) => this.graph.read({ tenantId }, query, params) };
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const [tenantId, topics] of [...this.#tenants]) {
        const found = await readProgress(this.#reader(tenantId), [...topics.keys()]);
        for (const [id, topic] of topics) this.#tell(topic, found.get(id));
      }
    } catch {
      // A database that is away comes back, and what moved meanwhile is found then.
    } finally {
      this.#looking = false;
    }
  }

  #tell(topic: Topic, now: SeenRun | undefined): void {
    if (now === undefined) return;
    const before = new Map(topic.seen.stages.map((one) => [`${one.stage}/${one.attempt}`, one.version]));
    const stages = now.stages.filter((one) => before.get(`${one.stage}/${one.attempt}`) !== one.version);
    if (stages.length === 0 && topic.seen.version === now.version) return;
    topic.seen = now;
    const at = Math.max(now.at, ...stages.map((one) => one.at));
    for (const listener of topic.listeners) listener.tell({ at, status: now.status, round: now.round, stages });
  }
}

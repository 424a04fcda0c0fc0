/** Starts after which a try may be what ends its process. */
const SUSPECTED = 5;
/** Whoever wants to be alone asks again within this time, or wants it no more: their run has ended meanwhile. */
const ASKED_MS = 3_000;
/** Nobody else begins for so long while those at work come to their end. */
const DRAIN_MS = 5_000;
/** When they don't, everybody begins as ever for so long, and then it is tried again. */
const REST_MS = 30_000;
/** Longest wait of all: one of those at work may stand still for hours, under a switch. */
const WAIT_MS = 300_000;
/** For so long one has the process to itself; what hasn't ended its process by then has others beside it. */
const ALONE_MS = 5_000;

interface Alone {
  readonly name: string;
  /** When it began, alone or tired of waiting; null while it waits. */
  readonly begun: number | null;
  /** Since when it waits. */
  readonly since: number;
  readonly asked: number;
}

/**
 * Which tries are at work in this process, of all studios. A try that lost its process several times is begun alone, and for
 * a while none beside it: if it is what ends the process it takes no other with it, and if it isn't it comes to its end. The
 * others are held up for it by seconds: it is the one that waits.
 */
export class Quarantine {
  #atWork = 0;
  #alone: Alone | null = null;

  /** Lets a try that was begun `starts` times go to work: answers what is called when it has ended. Null when it must wait. */
  enter(name: string, starts: number, now: number = performance.now()): (() => void) | null {
    const alone = this.#standing(now);
    const suspected = starts >= SUSPECTED;
    if (alone !== null && alone.name !== name && (suspected || holds(alone, now))) return null;
    if (suspected) {
      const since = alone?.since ?? now;
      const begins = this.#atWork === 0 || now - since >= WAIT_MS;
      this.#alone = { name, begun: begins ? now : null, since, asked: now };
      if (!begins) return null;
    }
    this.#atWork += 1;
    return () => {
      this.#atWork -= 1;
      if (this.#alone?.name === name) this.#alone = null;
    };
  }

  /** The one that wants to be alone, or is. */
  #standing(now: number): Alone | null {
    const alone = this.#alone;
    return alone !== null && (alone.begun !== null || now - alone.asked < ASKED_MS) ? alone : null;
  }
}

/** Whether nobody else may begin for it just now. */
const holds = ({ begun, since }: Alone, now: number): boolean =>
  begun === null ? (now - since) % (DRAIN_MS + REST_MS) < DRAIN_MS : now - begun < ALONE_MS;

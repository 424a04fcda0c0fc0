/** Starts after which a try may be what ends its process. */
const SUSPECTED = 5;
/** Whoever wants to be alone asks again within this time, or wants it no more: their run has ended meanwhile. */
const ASKED_MS = 3_000;

/**
 * Which tries are at work in this process, of all studios. A try that lost its process several times is begun alone, and none
 * beside it: if it is what ends the process it takes no other with it, and if it isn't it comes to its end.
 */
export class Quarantine {
  #atWork = 0;
  #alone: { readonly name: string; readonly atWork: boolean; readonly asked: number } | null = null;

  /** Lets a try that was begun `starts` times go to work: answers what is called when it has ended. Null when it must wait. */
  enter(name: string, starts: number, now: number = performance.now()): (() => void) | null {
    const alone = this.#alone;
    if (alone !== null && alone.name !== name && (alone.atWork || now - alone.asked < ASKED_MS)) return null;
    if (starts >= SUSPECTED) {
      this.#alone = { name, asked: now, atWork: this.#atWork === 0 };
      if (this.#atWork > 0) return null;
    }
    this.#atWork += 1;
    return () => {
      this.#atWork -= 1;
      if (this.#alone?.name === name) this.#alone = null;
    };
  }
}

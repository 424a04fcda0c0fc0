/** Starts after which a try may be what ends its process. */
const SUSPECTED = 5;
/** Whoever wants to be alone asks again within this time, or wants it no more: their run has ended meanwhile. */
const ASKED_MS = 3_000;
/** Longest wait for those at work: one of them may stand still for hours, under a switch. */
const WAIT_MS = 60_000;

/**
 * Which tries are at work in this process, of all studios. A try that lost its process several times is begun alone, and none
 * beside it: if it is what ends the process it takes no other with it, and if it isn't it comes to its end.
 */
export class Quarantine {
  #atWork = 0;
  #alone: { readonly name: string; readonly atWork: boolean; readonly since: number; readonly asked: number } | null =
    null;

  /** Lets a try that was begun `starts` times go to work: answers what is called when it has ended. Null when it must wait. */
  enter(name: string, starts: number, now: number = performance.now()): (() => void) | null {
    const alone = this.#alone;
    const standing = alone !== null && (alone.atWork || now - alone.asked < ASKED_MS) ? alone : null;
    if (standing !== null && standing.name !== name) return null;
    if (starts >= SUSPECTED) {
      const since = standing?.since ?? now;
      const atWork = this.#atWork === 0 || now - since >= WAIT_MS;
      this.#alone = { name, atWork, since, asked: now };
      if (!atWork) return null;
    }
    this.#atWork += 1;
    return () => {
      this.#atWork -= 1;
      if (this.#alone?.name === name) this.#alone = null;
    };
  }
}

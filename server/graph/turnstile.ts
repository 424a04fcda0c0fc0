import { DomainError } from "../errors.js";

interface Waiting {
  readonly enter: () => void;
}

/** Lets so many through at once, the others in the order in which they came; who has waited too long is told so and goes. */
export class Turnstile {
  #free: number;
  readonly #waiting = new Set<Waiting>();

  constructor(
    width: number,
    /** The longest that anybody waits, where nobody says otherwise. */
    readonly waitMs: number,
  ) {
    this.#free = width;
  }

  /** Throws UNAVAILABLE, and `work` wasn't begun, when no place was free within `waitMs`. */
  async run<T>(work: () => Promise<T>, waitMs: number = this.waitMs): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(waitMs);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #turn(waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      // Off the line before it is told: so it either has its place or never gets one.
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        const seconds = Math.ceil(waitMs / 1_000);
        reject(
          new DomainError(
            "UNAVAILABLE",
            `Too many changes are under way: this one waited ${seconds} s for its turn, and nothing was changed. Try again shortly.`,
          ),
        );
      }, waitMs);
      this.#waiting.add(waiting);
    });
  }

  /** Whoever waits longest takes the place over, so nobody who comes just now is quicker. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next.enter();
    }
  }
}

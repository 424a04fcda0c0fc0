import { Counter } from "prom-client";

/** Longest rest after a look that failed again and again, in turns. */
const MOST_TURNS = 63;

/**
 * What failed is tried again in the next turn, and then ever more seldom: a node that takes too long to look around is no
 * reason for the others to wait at every turn.
 */
export class Rest {
  #failures = 0;
  #turns = 0;

  /** Whether the last try failed. */
  get troubled(): boolean {
    return this.#failures > 0;
  }

  /** Whether this turn is sat out; asked once a turn. */
  sitsOut(): boolean {
    if (this.#turns === 0) return false;
    this.#turns--;
    return true;
  }

  failed(): void {
    this.#turns = Math.min(2 ** this.#failures - 1, MOST_TURNS);
    this.#failures = Math.min(this.#failures + 1, 30);
  }

  well(): void {
    this.#failures = 0;
    this.#turns = 0;
  }
}

/** Looks around a node that failed: for streams, or for watches. */
export const failedLooks = new Counter({
  name: "throughline_lineage_looks_failed_total",
  help: "Looks for changes around a node that failed or took too long; each is tried again",
  labelNames: ["reader"] as const,
  registers: [],
});

/** Keeps a provider from being asked while it fails: after some failures on end it rests, then one question at a time finds out. */
export class Breaker {
  #failures = 0;
  #restsUntil = 0;
  #probing = false;

  constructor(
    readonly settings: { readonly failures: number; readonly rest_s: number },
    readonly now: () => number = Date.now,
  ) {}

  /** Milliseconds for which it isn't asked; 0 where it may be. */
  restsFor(): number {
    const left = this.#restsUntil - this.now();
    if (left > 0) return left;
    return this.#isOpen && this.#probing ? 1 : 0;
  }

  get #isOpen(): boolean {
    return this.#failures >= this.settings.failures;
  }

  /** Says that it is asked: behind a rest nobody else is until this one's answer. */
  ask(): void {
    if (this.#isOpen) this.#probing = true;
  }

  answered(): void {
    this.#failures = 0;
    this.#restsUntil = 0;
    this.#probing = false;
  }

  /** Nothing was learnt: whoever asked gave up. */
  leave(): void {
    this.#probing = false;
  }

  /** `restMs` is how long it asked to be left alone itself. */
  failed(restMs = 0): void {
    this.#failures += 1;
    this.#probing = false;
    const rest = this.#isOpen ? this.settings.rest_s * 1_000 : 0;
    if (rest > 0 || restMs > 0) this.#restsUntil = this.now() + Math.max(rest, restMs);
  }
}

import { createHash } from "node:crypto";
import type { ModelSettings } from "./settings.js";

/**
 * Answers that were checked and found good, by everything that was asked, the studio included: none is told another's. They are
 * kept in this process alone, so that erasing a studio leaves nothing of them behind it.
 */
export class AnswerCache {
  readonly #kept = new Map<string, { readonly text: string; readonly provider: string; readonly until: number }>();

  constructor(
    readonly settings: ModelSettings["cache"],
    readonly now: () => number = Date.now,
  ) {}

  static key(...parts: readonly unknown[]): string {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  }

  get(key: string): { readonly text: string; readonly provider: string } | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    if (found.until <= this.now()) return undefined;
    this.#kept.set(key, found);
    return found;
  }

  set(key: string, { text, provider }: { readonly text: string; readonly provider: string }): void {
    const { entries, seconds } = this.settings;
    if (entries === 0 || seconds === 0) return;
    this.#kept.delete(key);
    this.#kept.set(key, { text, provider, until: this.now() + seconds * 1_000 });
    if (this.#kept.size > entries) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

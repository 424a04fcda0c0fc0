import type { SecretsProvider } from "../secrets/secrets.js";
import { parseKeys, readKeyTexts, type Keys, type KeyTexts } from "./keys.js";

/** The longest that a key which was taken away is still used. */
export const REREAD_MS = 2_000;

/**
 * The keys as they are now: read anew when somebody needs them and the last look is a while ago, so that a rotation needs no
 * restart and nothing runs in between. The same keys are the same object, so that what was checked with them stays checked.
 */
export class KeyRing {
  #lookedAt: number;
  #looking: Promise<void> | null = null;

  private constructor(
    private readonly options: KeyRingOptions,
    private texts: KeyTexts,
    private keys: Keys,
  ) {
    this.#lookedAt = Date.now();
  }

  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const texts = await readKeyTexts(options.home, options.secrets);
    return new KeyRing(options, texts, await parseKeys(texts));
  }

  async current(): Promise<Keys> {
    if (Date.now() - this.#lookedAt >= REREAD_MS) await (this.#looking ??= this.#look());
    return this.keys;
  }

  /** Keys that can't be read or aren't any are told, and those of before go on: a slip of the hand locks nobody out. */
  async #look(): Promise<void> {
    try {
      const texts = await readKeyTexts(this.options.home, this.options.secrets);
      if (Object.keys(texts).some((name) => texts[name] !== this.texts[name])) {
        this.keys = await parseKeys(texts);
        this.texts = texts;
        this.options.changed?.(this.keys);
      }
    } catch (error) {
      this.options.failed?.(error);
    } finally {
      this.#lookedAt = Date.now();
      this.#looking = null;
    }
  }
}

export interface KeyRingOptions {
  readonly home: string;
  readonly secrets?: SecretsProvider;
  changed?(keys: Keys): void;
  failed?(error: unknown): void;
}

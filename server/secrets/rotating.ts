import type { KeyTexts } from "./home-keys.js";

/** The longest that a key which was taken away is still used. */
export const REREAD_MS = 2_000;

/** Where the keys come from, what is made of them, and who is told. */
export interface RotatingOptions<T> {
  read(): Promise<KeyTexts>;
  /** Throws where a text is no key. */
  parse(texts: KeyTexts): Promise<T> | T;
  changed?: ((keys: T) => void) | undefined;
  failed?: ((error: unknown) => void) | undefined;
}

/**
 * Keys as they are now: read anew when somebody needs them and the last look is a while ago, so that a rotation needs no
 * restart and nothing runs in between. The same keys are the same object, so that what was checked with them stays checked.
 */
export class Rotating<T> {
  #lookedAt: number;
  #looking: Promise<void> | null = null;

  private constructor(
    private readonly options: RotatingOptions<T>,
    private texts: KeyTexts,
    private keys: T,
  ) {
    this.#lookedAt = Date.now();
  }

  static async open<T>(options: RotatingOptions<T>): Promise<Rotating<T>> {
    const texts = await options.read();
    return new Rotating(options, texts, await options.parse(texts));
  }

  async current(): Promise<T> {
    if (Date.now() - this.#lookedAt >= REREAD_MS) await (this.#looking ??= this.#look());
    return this.keys;
  }

  /** Keys that can't be read or aren't any are told, and those of before go on: a slip of the hand locks nobody out. */
  async #look(): Promise<void> {
    try {
      const texts = await this.options.read();
      if (Object.keys(texts).some((name) => texts[name] !== this.texts[name])) {
        this.keys = await this.options.parse(texts);
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

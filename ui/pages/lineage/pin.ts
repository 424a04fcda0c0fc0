/**
 * The instant that an answer for now has named. More of the same answer is asked for that instant, so that page 2 goes on
 * where page 1 ends whatever was written meanwhile; only a refresh or another question moves on.
 */
export interface Pin {
  /** The question, but for how much of its answer. */
  readonly about: string;
  readonly asOf: string;
  /** The `first` that was asked for now; null once another one was asked for. */
  readonly first: number | null;
}

/** The pin to ask by; null asks for now. */
export function pinFor(pin: Pin | null, about: string, first: number): Pin | null {
  if (pin === null || pin.about !== about || pin.first === first) return null;
  return { ...pin, first: null };
}

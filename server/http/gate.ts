/** How many may be inside at once for each key, how many may wait outside, and for how long. */
export interface GateOptions {
  readonly inside: number;
  readonly waiting: number;
  readonly patienceMs: number;
}

/** Lets out whoever came in; more than once does nothing more. */
export type Leave = () => void;

export interface Gate {
  /** Answers how to leave once inside; null when too many wait, when it took too long, or when `gone` says nobody waits any more. */
  enter(key: string, gone: AbortSignal): Promise<Leave | null>;
}

interface Place {
  inside: number;
  readonly queue: ((mayEnter: boolean) => void)[];
}

/** Keeps one key's crowd from the others' way: first come, first served, each key for itself. */
export function createGate({ inside, waiting, patienceMs }: GateOptions): Gate {
  const places = new Map<string, Place>();

  function leave(key: string, place: Place): Leave {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      // The place goes to whoever waits, or is free.
      const next = place.queue.shift();
      if (next !== undefined) return next(true);
      place.inside--;
      if (place.inside === 0) places.delete(key);
    };
  }

  return {
    async enter(key, gone) {
      const place = places.get(key) ?? { inside: 0, queue: [] };
      places.set(key, place);
      if (place.inside < inside) {
        place.inside++;
        return leave(key, place);
      }
      if (place.queue.length >= waiting || gone.aborted) return null;
      const entered = await new Promise<boolean>((resolve) => {
        const settle = (mayEnter: boolean): void => {
          clearTimeout(timer);
          gone.removeEventListener("abort", giveUp);
          resolve(mayEnter);
        };
        const giveUp = (): void => {
          place.queue.splice(place.queue.indexOf(settle), 1);
          settle(false);
        };
        const timer = setTimeout(giveUp, patienceMs);
        gone.addEventListener("abort", giveUp);
        place.queue.push(settle);
      });
      return entered ? leave(key, place) : null;
    },
  };
}

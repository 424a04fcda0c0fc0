/*
 * When a job is due, from a cron expression and a time zone. The expression is matched by the library on what the clock on
 * the wall shows; this file tells what the wall shows, above all on the two days of the year on which it jumps:
 * a fixed time that the jump leaves out is due right after it, and one that comes twice is due the first time. A schedule
 * of every hour just goes on with time.
 */

/** A cron expression, asked of wall-clock time given as if it were UTC. */
export interface Cron {
  matches(wall: Date): boolean;
  /** Hours, minutes and seconds of the day that it can match. */
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
}

export interface Schedule {
  /** Whether it beats within the minute. */
  readonly beats: boolean;
  /** The newest instant after `after`, up to `until`, at which it was due. */
  latest(after: number, until: number): number | null;
  /** The first instant after `after` at which it will be due; null when there is none within five years. */
  next(after: number): number | null;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** No clock on a wall jumps further. */
const LONGEST_JUMP = 3 * HOUR;
/** What was missed for longer isn't caught up with. */
const CATCH_UP = 26 * HOUR;
const FIVE_YEARS = 5 * 366 * DAY;

export function scheduleOf(cron: Cron, timeZone: string, beats: boolean): Schedule {
  const offset = offsetsOf(timeZone);
  const step = beats ? SECOND : MINUTE;
  const floor = (at: number): number => Math.floor(at / step) * step;
  const matches = (wall: number): boolean => cron.matches(new Date(wall));
  const hourly = cron.hours.length === 24;

  function due(at: number): boolean {
    const now = offset(at);
    const wall = at + now;
    if (hourly) return matches(wall);
    const before = offset(at - LONGEST_JUMP);
    if (matches(wall)) {
      // The wall showed this before it was put back.
      const earlier = wall - before;
      return !(before > now && earlier < at && offset(earlier) === before);
    }
    const jumped = offset(at) - offset(at - step);
    for (let skipped = wall - jumped; jumped > 0 && skipped < wall; skipped += step) if (matches(skipped)) return true;
    return false;
  }

  function latest(after: number, until: number): number | null {
    const least = Math.max(after, until - CATCH_UP);
    for (let at = floor(until); at > least; at -= step) if (due(at)) return at;
    return null;
  }

  function next(after: number): number | null {
    const first = floor(after) + step;
    // Day by day of the wall, since most have no match or many; then by the step within the day.
    for (let day = Math.floor((first + offset(first)) / DAY) * DAY; day < first + FIVE_YEARS; day += DAY) {
      if (
        !cron.hours.some((hour) => matches(day + hour * HOUR + cron.minutes[0]! * MINUTE + cron.seconds[0]! * SECOND))
      )
        continue;
      const begin = Math.max(first, day - offset(day - 12 * HOUR));
      for (let at = begin; at < day + DAY - offset(day + DAY); at += step) if (due(at)) return at;
    }
    return null;
  }

  return { beats, latest, next };
}

/** How far a zone's wall is ahead of UTC at an instant, in milliseconds. Zones jump on the quarter of an hour, so one answer serves that long. */
function offsetsOf(timeZone: string): (at: number) => number {
  if (timeZone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / (15 * MINUTE)) * 15 * MINUTE;
    let found = known.get(quarter);
    if (found === undefined) {
      const part = Object.fromEntries(format.formatToParts(quarter).map(({ type, value }) => [type, Number(value)]));
      found = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) - quarter;
      if (known.size > 10_000) known.clear();
      known.set(quarter, found);
    }
    return found;
  };
}

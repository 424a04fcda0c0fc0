import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";

/* Slots of a week at which a channel publishes, in the wall time of its own zone. */

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 18:30");

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export interface Calendar {
  readonly timeZone: string;
  readonly slots: readonly { readonly weekday: number; readonly time: string }[];
}

const DAY_MS = 86_400_000;

/** What clocks of the zone show at an instant, as if it were UTC. */
function wallOf(zone: Intl.DateTimeFormat, at: Instant): number {
  const parts = Object.fromEntries(zone.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]);
}

/** When clocks of the zone show it: once they skip that time, as much later; the first time, where they show it twice. */
function instantOfWall(zone: Intl.DateTimeFormat, wall: number): Instant {
  const offsetAt = (at: Instant) => wallOf(zone, at) - at;
  const offsets = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
  const shown = offsets.map((offset) => wall - offset).filter((at) => wallOf(zone, at) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - offsets[0]!;
}

/** The next slots behind an instant, earliest first. */
export function nextSlots({ timeZone, slots }: Calendar, after: Instant, most: number): Instant[] {
  if (slots.length === 0) return [];
  const zone = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    ...({ year: "numeric", month: "numeric", day: "numeric" } as const),
    ...({ hour: "numeric", minute: "numeric", second: "numeric" } as const),
  });
  const found: Instant[] = [];
  const today = Math.floor(wallOf(zone, after) / DAY_MS) * DAY_MS;
  const weeks = Math.ceil(most / slots.length) + 1;
  for (let day = -1; day < weeks * 7 + 1; day++) {
    const midnight = today + day * DAY_MS;
    const weekday = ((new Date(midnight).getUTCDay() + 6) % 7) + 1;
    for (const slot of slots) {
      if (slot.weekday !== weekday) continue;
      const [hour, minute] = slot.time.split(":").map(Number) as [number, number];
      const at = instantOfWall(zone, midnight + (hour * 60 + minute) * 60_000);
      if (at > after) found.push(at);
    }
  }
  return found.sort((a, b) => a - b).slice(0, most);
}

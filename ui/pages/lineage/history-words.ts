import { spelled } from "./property-changes.js";
import type { Change } from "./use-history.js";

/** One stop of the time line: what one operation did to the node at one instant. */
export interface Stop {
  readonly at: string;
  readonly by: string;
  readonly why: string;
  readonly what: readonly string[];
}

/** A relation in words: `SUPPORTED_BY` reads `supported by`. */
const relationWords = (type: string) => type.toLowerCase().replaceAll("_", " ");
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

export function changeWords({ kind, properties, relation, version }: Change): string {
  const other = relation?.other == null ? "something that isn't there any more" : `“${short(relation.other.title)}”`;
  if (kind === "CREATED") return "recorded for the first time";
  if (kind === "REVISED") {
    const names = properties.map(({ name }) => spelled(name));
    return `${names.length === 0 ? "revised" : `${names.join(", ")} changed`}${version == null ? "" : `, version ${version}`}`;
  }
  const inward = relation != null && relation.from === relation.otherId;
  const link = relation == null ? "link" : relationWords(relation.type);
  const words = inward ? `${other} ${link} it` : `${link} ${other}`;
  return kind === "EDGE_OPENED" ? `linked: ${words}` : `link ended: ${words}`;
}

/** The changes of a node as stops, oldest first; what one instant brought is one stop. */
export function stopsOf(changes: readonly Change[]): readonly Stop[] {
  const stops = new Map<string, { at: string; by: string; why: string; what: string[] }>();
  for (const change of changes.toReversed()) {
    const known = stops.get(change.at);
    if (known === undefined)
      stops.set(change.at, { at: change.at, by: change.by, why: change.why, what: [changeWords(change)] });
    else known.what.push(changeWords(change));
  }
  return [...stops.values()].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The stop that holds at an instant: the last one that isn't later; -1 before the first. Null is now: one after the last. */
export const stopAt = (stops: readonly Stop[], asOf: string | null): number =>
  asOf === null ? stops.length : stops.findLastIndex(({ at }) => Date.parse(at) <= Date.parse(asOf));

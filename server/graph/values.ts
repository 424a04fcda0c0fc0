import neo4j from "neo4j-driver";

/**
 * The driver sends every JavaScript number as a float. Whole ones become integers here, so that limits work and instants
 * are stored as integers. `undefined` becomes null.
 */
export function toDriverValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? neo4j.int(value) : value;
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(toDriverValue);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toDriverValue(inner)]));
  }
  return value;
}

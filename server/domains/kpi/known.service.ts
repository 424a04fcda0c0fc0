import type { Reader } from "../../commands/judge.js";
import type { KnownFigures } from "./classify.js";
import { standingKpis } from "./kpi.repository.js";

/** What is known of subjects and days, by key, and the operation that wrote it last. */
export async function knownKpis(
  reader: Reader,
  keys: readonly string[],
): Promise<ReadonlyMap<string, KnownFigures & { readonly versionBy: string | null }>> {
  if (keys.length === 0) return new Map();
  const standing = await standingKpis(reader, keys);
  return new Map([...standing].map(([key, { node, versionBy }]) => [key, { ...node, versionBy }]));
}

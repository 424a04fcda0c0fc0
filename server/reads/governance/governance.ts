import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { snapshotTextsQuery } from "../node/snapshot-text.query.js";
import {
  PRESENT,
  readGovernedClaims,
  readGovernedSources,
  readSettings,
  type GovernedClaim,
  type GovernedSource,
} from "./governance.query.js";
import { findingsOf, type Finding, type Stated } from "./rules.js";
import type { GovernanceSettings } from "./settings.js";
import { groundOf, groupsUnder, snapshotsToCompare, statedOf } from "./stated.js";

export interface GovernanceReading {
  readonly settings: GovernanceSettings;
  /** The instant that shelf lives were judged by. */
  readonly now: Instant;
  /** Claims that were judged. */
  readonly claims: number;
  /** False where the episode has more claims than are judged. */
  readonly whole: boolean;
  readonly findings: readonly Finding[];
}

/**
 * What stands against publishing an episode at an instant; null when there is none of the id. Asked in the transaction that
 * publishes, under its locks, with PRESENT; asked by anybody else for the instant that they read for.
 */
export async function readGovernance(
  reader: Reader,
  episodeId: string,
  asOf: Instant = PRESENT,
): Promise<GovernanceReading | null> {
  const read = await readGovernedClaims(reader, episodeId, asOf);
  if (read === null) return null;
  const { claims, whole } = read;
  const { settings, now } = await readSettings(reader, asOf);
  const sources = await readGovernedSources(reader, claims, asOf);
  const stated: Stated[] = [];
  for (const claim of claims) {
    const groups = await groupsOfClaim(reader, claim, sources, settings);
    stated.push(statedOf(claim, sources, groups, now));
  }
  const grounds = new Map([...sources.values()].map((source) => [`Source:${source.id}`, groundOf(source)]));
  return { settings, now, claims: claims.length, whole, findings: findingsOf(stated, grounds, settings) };
}

/** One claim's texts at a time, so that no more of them is held at once. */
async function groupsOfClaim(
  reader: Reader,
  claim: GovernedClaim,
  sources: ReadonlyMap<string, GovernedSource>,
  settings: GovernanceSettings,
): Promise<ReadonlyMap<string, string>> {
  const ids = snapshotsToCompare(claim, sources, settings);
  const rows = ids.length === 0 ? [] : await reader.run(snapshotTextsQuery, { ids });
  return groupsUnder(claim, sources, new Map(rows.map(({ id, text }) => [id, text])), settings.copyShare);
}

import { z } from "zod";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import { defineCommand, type CommandContext } from "../commands/command.js";
import { TIMEOUT_MS, type WriteTx } from "../graph/graph.js";
import { newborn, presentNode, reviseNode, type Stamp } from "../graph/life.js";
import { readSettings } from "../reads/governance/governance.query.js";
import { tierOf, type GovernanceSettings } from "../reads/governance/settings.js";
import { mergeFacts, mergeSnapshots, mergeSources } from "./claims.query.js";
import { carrySupport, closeCarried } from "./drift.query.js";
import { followUp, type Drift } from "./drift.js";
import { lockStandingSources, recaptureSnapshots, type StandingSource } from "./readings.query.js";
import type { ReadSnapshot, SourceReading } from "./reading.js";

/** Readings of one transaction. */
export const BATCH_READINGS = 200;

/** What is filled in where nothing is known; what somebody wrote is never overwritten. */
const GAPS = ["publisher", "byline", "excerpt", "publishedAt"] as const;

export interface Classified {
  readonly reading: SourceReading;
  readonly standing: StandingSource;
  /** Why it is written; null when all of it stands. */
  readonly action: "create" | "update" | null;
  /** Whether its text is another one than the source's present one. */
  readonly captures: boolean;
  /** Whether that is a text which the source had before. */
  readonly returns: boolean;
  readonly gaps: readonly (typeof GAPS)[number][];
}

/** How each reading stands to what is known. Keys are unique in a batch. */
export function classify(readings: readonly SourceReading[], standing: readonly StandingSource[]): Classified[] {
  const known = new Map(standing.map((row) => [row.key, row]));
  return readings.map((reading) => {
    const row = known.get(reading.key)!;
    const returns = isReturn(reading, row);
    const captures = returns || (reading.snapshot !== null && row.captured === null);
    const gaps = GAPS.filter((name) => row[name] === null && reading[name] !== null);
    const action = row.id === null ? "create" : captures || gaps.length > 0 ? "update" : null;
    return { reading, standing: row, action, captures, returns, gaps: row.id === null ? [] : gaps };
  });
}

/**
 * A page that reads as it did before, with another text between. A revision that is named says nothing of what the page says
 * now, however often it is read, and an excerpt, of which a source may have many side by side, says nothing of the whole.
 */
const isReturn = ({ snapshot }: SourceReading, { captured, current }: StandingSource): boolean =>
  captured === "FULL" && snapshot?.kind === "FULL" && snapshot.revision === null && snapshot.key !== current;

export const asked = (readings: readonly SourceReading[]) =>
  readings.map(({ key, snapshot }) => ({ key, snapshotKey: snapshot?.key ?? null }));

/** What a reading is told apart by. */
export const digestOf = ({ key, title, publisher, byline, excerpt, publishedAt, snapshot }: SourceReading) => [
  key,
  title,
  publisher,
  byline,
  excerpt,
  publishedAt,
  snapshot?.key ?? null,
];

/**
 * Writes what was read at sources, whole or nothing of it: the source, a snapshot of its text, the facts that were taken out
 * of it, and what the new text does to claims that stand on older ones.
 */
export const importReadings = defineCommand({
  name: "importReadings",
  capability: "import",
  door: "import",
  timeoutMs: TIMEOUT_MS.bulk,
  // The readings come from reading.ts, which made them out of what it read: nobody outside can hand one in.
  input: z.object({ readings: z.array(z.custom<SourceReading>()).min(1).max(BATCH_READINGS) }),
  digest: ({ readings }) => readings.map(digestOf),
  summarize: ({ readings }) => ({ readings: readings.length }),
  async run(context, { readings }) {
    const { tx, operationId } = context;
    const sorted = readings.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const locked = await tx.run(lockStandingSources, { rows: asked(sorted), forever: FOREVER });
    const work = classify(readings, locked);
    const before = Math.max(...locked.map(({ now, newest }) => Math.max(now, (newest ?? 0) + 1)));
    const captured = work.flatMap(({ reading, captures, returns }) =>
      captures ? [{ key: reading.key, snapshot: reading.snapshot!, returns }] : [],
    );
    const stood = new Set(work.filter(({ standing }) => standing.id !== null).map(({ reading }) => reading.key));
    const drift = await followUp(
      context,
      captured.filter(({ key }) => stood.has(key)),
      before,
    );
    const stamp = { at: drift.at, operationId };
    await writeSources(context, work, stamp);
    await writeSnapshots(context, captured, drift, stamp);
    const counts = {
      created: work.filter(({ action }) => action === "create").length,
      updated: work.filter(({ action }) => action === "update").length,
      skipped: work.filter(({ action }) => action === null).length,
    };
    const subject = `Tenant:${tx.tenantId}`;
    const marked = drift.marked === 0 ? [] : [{ type: "claims.recheck", subject, data: { claims: drift.marked } }];
    return {
      result: { ...counts, recheck: drift.marked },
      at: drift.at,
      events: [{ type: "sources.imported", subject, data: counts }, ...marked, ...drift.events],
      detail: { readings: readings.length, ...counts, recheck: drift.marked },
    };
  },
});

/** New sources, and new versions of those whose gaps this fills or whose text is another now. */
async function writeSources({ tx, newId }: CommandContext, work: readonly Classified[], stamp: Stamp): Promise<void> {
  const created = work.filter(({ action }) => action === "create");
  if (created.length > 0) {
    const { settings } = await readSettings(tx);
    await tx.run(mergeSources, {
      sources: created.map(({ reading }) => ({
        id: newId(),
        key: reading.key,
        properties: newborn(tx, "Source", sourceProperties(reading, settings, stamp.at), stamp),
      })),
    });
  }
  for (const { reading, standing, captures, gaps } of work) {
    if (standing.id === null || (!captures && gaps.length === 0)) continue;
    const source = (await presentNode(tx, "Source", standing.id))!;
    const filled = Object.fromEntries(gaps.map((name) => [name, reading[name]]));
    await reviseNode(tx, source, { ...filled, ...(captures ? { retrievedAt: stamp.at } : {}) }, newId(), stamp);
  }
}

const sourceProperties = (reading: SourceReading, settings: GovernanceSettings, at: Instant) => ({
  title: reading.title,
  url: reading.key,
  publisher: reading.publisher,
  byline: reading.byline,
  excerpt: reading.excerpt,
  publishedAt: reading.publishedAt,
  // Nobody has judged it but by its domain.
  tier: tierOf(settings, reading.independenceGroup),
  reliability: "F",
  retrievedAt: at,
  independenceGroup: reading.independenceGroup,
  status: "ACTIVE",
});

async function writeSnapshots(
  context: CommandContext,
  captured: readonly { readonly key: string; readonly snapshot: ReadSnapshot; readonly returns: boolean }[],
  drift: Drift,
  stamp: Stamp,
): Promise<void> {
  const { tx, newId } = context;
  const link = { ...stamp, forever: FOREVER };
  if (captured.length > 0) {
    await tx.run(mergeSnapshots, {
      ...link,
      snapshots: captured.map(({ key, snapshot }) => ({
        id: newId(),
        key: snapshot.key,
        sourceKey: key,
        sha256: snapshot.sha256,
        text: snapshot.text,
        properties: newborn(tx, "Snapshot", snapshotProperties(snapshot, stamp.at), stamp),
      })),
    });
  }
  const again = captured.filter(({ returns }) => returns);
  if (again.length > 0) {
    const snapshots = again.map(({ key, snapshot }) => ({ key: snapshot.key, sourceKey: key }));
    await tx.run(recaptureSnapshots, { ...link, snapshots });
  }
  const taken = captured.flatMap(({ snapshot }) => snapshot.facts.map((fact) => ({ fact, snapshotKey: snapshot.key })));
  const facts = new Map([...taken, ...drift.carried].map((one) => [one.fact.key, one]));
  if (facts.size > 0) {
    await tx.run(mergeFacts, {
      ...link,
      facts: [...facts.values()].map(({ fact, snapshotKey }) => ({
        id: newId(),
        key: fact.key,
        snapshotKey,
        properties: newborn(tx, "Fact", factProperties(fact), stamp),
      })),
    });
  }
  await carryOver(tx, drift, link);
}

async function carryOver(tx: WriteTx, drift: Drift, link: Stamp & { forever: number }): Promise<void> {
  if (drift.closed.length > 0) await tx.run(closeCarried, { ...link, links: drift.closed });
  if (drift.carried.length === 0) return;
  await tx.run(carrySupport, {
    ...link,
    links: drift.carried.map(({ claimId, fact }) => ({ claimId, factKey: fact.key })),
  });
}

const snapshotProperties = (snapshot: ReadSnapshot, at: Instant) => ({
  title: snapshot.title,
  url: snapshot.url,
  revision: snapshot.revision,
  sha256: snapshot.sha256,
  mediaType: snapshot.mediaType,
  capturedAt: at,
  kind: snapshot.kind,
  bytes: snapshot.bytes,
  cut: snapshot.cut,
});

const factProperties = ({ statement, kind, quote, value, unit }: ReadSnapshot["facts"][number]) => ({
  title: statement,
  kind,
  quotePrefix: quote.prefix,
  quoteExact: quote.exact,
  quoteSuffix: quote.suffix,
  value,
  unit,
});

import { createHash } from "node:crypto";
import type { Research } from "../../graph-schema/documents/research.js";
import { quoteAt } from "../../server/domains/fact/facts-of-text.js";
import type { CitedSource } from "../../server/pipeline/executors/evidence.query.js";
import { embeddedExecutors } from "../../server/pipeline/executors/embedded.js";
import { makeScenes } from "../../server/pipeline/executors/scenes.js";
import { metadataOf } from "../../server/pipeline/executors/metadata.js";
import { scriptOf } from "../../server/pipeline/executors/script.js";
import type { ReadSource } from "../../server/pipeline/executors/sources.js";
import type { Plan, Qa } from "../../server/pipeline/executors/stage-documents.js";
import { statementsOf } from "../../server/pipeline/executors/statements.js";
import { plainTemplate } from "../../server/pipeline/executors/template.js";

/* Documents of an episode's stages without a database: a research on two pages, and what is made of it. */

const ULID = "01JQ0000000000000000000000";
export const PLAN: Plan = {
  topic_id: `Topic:${ULID}`,
  channel_id: `Channel:${ULID}`,
  title: "The bridge of Basel",
  questions: ["What is told of it?"],
  duration_s: 240,
};

export const BRIDGE = `The bridge of Basel was opened on 4 May 1932 by Anna Berg. It is long. The Wettstein bridge cost 2,400,000 francs.

Basel has 7 bridges across the Rhine. The ferry of Basel carries 120,000 people a year. In 1225 Bishop Heinrich von Thun had the first bridge built.`;
export const RIVER = `The Rhine at Basel is 200 metres wide. The Romans crossed the Rhine near Basel in 44 BC. Basel counts 173,000 people today.`;

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function source(name: string, text: string, more: Partial<ReadSource> = {}): ReadSource {
  const sha = sha256(text);
  return {
    ...{ id: name, url: `https://${name}.example/page`, title: `The ${name}`, publisher: `${name} house` },
    ...{ tier: 2, reliability: "B", publishedAt: 1_700_000_000_000, retrievedAt: 1_750_000_000_000 },
    ...{ independenceGroup: `${name}.example`, status: "ACTIVE" },
    ...{ snapshotId: name, snapshotKey: `${name} -`, sha256: sha, text, statements: statementsOf(sha, text) },
    ...more,
  };
}

/** A research on every statement of these sources, in their order. */
export function research(sources: readonly ReadSource[]): Research {
  let n = 0;
  return {
    topic: { id: PLAN.topic_id, title: PLAN.title },
    sources: sources.map(({ url, title, publisher, tier, reliability, sha256: snapshot_sha256 }, i) => ({
      ...{ ref: `s${i + 1}`, url, title, publisher: publisher!, tier, reliability },
      ...{ retrieved_at: "2026-11-21T00:00:00.000Z", snapshot_sha256 },
    })),
    key_facts: sources.flatMap(({ text, statements }, i) =>
      statements.map(({ start, text: exact }) => ({
        ...{ ref: `f${++n}`, statement: exact, source_ref: `s${i + 1}`, quote: quoteAt(text, start, exact) },
      })),
    ),
    data_points: [],
    risk_flags: [],
  };
}

/** What the graph holds of these sources, by the names that a research gives them. */
export const cited = (sources: readonly ReadSource[]): Map<string, CitedSource> =>
  new Map(sources.map((one, i) => [`s${i + 1}`, { ...one, ref: `s${i + 1}` }]));

/** An episode with its script, as the embedded executors make it. */
export function episodeOf(given: Research, repair: Qa | null = null) {
  const episode = makeScenes({ plan: { ...PLAN, title: given.topic.title }, research: given, repair }, plainTemplate());
  const parts = episode.scenes.map(({ ordinal, narration }) => ({ scene: ordinal, text: narration }));
  return {
    episode,
    research: given,
    script: scriptOf(episode.title, parts, metadataOf(episode, given, plainTemplate())),
  };
}

/** One of the embedded executors. */
export const embedded = (name: string) => embeddedExecutors(plainTemplate).find((one) => one.name === name)!;

import type { z } from "zod";
import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import type { Reader } from "../../commands/judge.js";
import { findQuote } from "../../domains/fact/quote.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { readRounds } from "../../reads/qa-gate/qa-gate.query.js";
import { rewritesOf, WEEK_MS } from "../../reads/qa-gate/rewrites.js";
import { readSettings } from "../../reads/governance/governance.query.js";
import { capital } from "../../reads/governance/rules.js";
import { DEFAULT_SETTINGS, type GovernanceSettings } from "../../reads/governance/settings.js";
import { defineExecutor, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { brokenRules, judgedByChannel } from "./channel-rules.js";
import { checkEpisode, factsOf, type ResearchFact } from "./check-episode.js";
import { checkScript } from "./check-script.js";
import { citedSources, type CitedSource } from "./evidence.query.js";
import { missedTargets, readTargets } from "./kpi-targets.js";
import { riskFindings } from "./risk-flags.js";
import { sceneChecklist } from "./scene-checklist.js";
import type { Finding, Qa, Script } from "./stage-documents.js";
import { stemsOf } from "./statements.js";
import { templateText, type EpisodeTemplate } from "./template.js";

/*
 * Holds scenes and script against their evidence as the graph has it, whoever made them: quotes are looked for in the snapshots'
 * own texts, and tiers, states and groups are the sources' present ones. No model is asked here, and none can be plugged in.
 */

export interface QaInput {
  readonly episode: EpisodeDocument;
  readonly script: Script;
  readonly research: Research;
}

/** What only people can mend: another source, a rating, a decision. */
const BLOCKING = new Set([
  "SOURCE_STALE",
  "SOURCE_RETRACTED",
  "SOURCE_DEAD",
  "TIER3_UNCORROBORATED",
  "CLAIM_CONTRADICTED_UNDECIDED",
]);
/** What is told and holds nothing up. */
const NOTES = new Set(["TOPIC_NOT_NAMED", "KPI_TARGET_MISSED", "REWRITES_RISING"]);

export const embeddedQa = (templateOf: (channelId: string) => EpisodeTemplate): Executor =>
  defineExecutor({
    name: "qa",
    version: "1.1.0",
    input: TASKS["qa"]!.input as z.ZodType<QaInput>,
    output: DOCUMENTS_OF_STAGES.qa,
    async run({ reader, startedAt, pins }, input: QaInput) {
      const cited = await readCited(reader, input.research);
      const { settings } = await readSettings(reader);
      const template = templateOf(input.episode.channel_id);
      const broken = pins === null ? [] : brokenRules(input, pins.qa.rules);
      const qa = judgedByChannel(judge(input, cited, template, settings), broken);
      const targets = await readTargets(reader, input.episode.channel_id, template.qa, startedAt);
      const rewrites = await readRewrites(reader, input.episode.channel_id, template.qa.weeks, startedAt);
      const output: Qa = {
        ...qa,
        findings: [...qa.findings, ...missedTargets(targets, template.qa.days), ...rising(rewrites)],
        checklist: sceneChecklist(input.episode, qa.findings, template),
        kpi_targets: targets,
        rewrites,
      };
      return { output, provider: "embedded" };
    },
  }) as Executor;

/** How often scenes of the channel were sent back lately, and what for. */
async function readRewrites(
  reader: Reader,
  channelId: string,
  weeks: number,
  now: number,
): Promise<NonNullable<Qa["rewrites"]>> {
  const rounds = await readRounds(reader, parseNodeId(channelId)?.id ?? "", now - weeks * WEEK_MS, now);
  const { runs, rewrites, direction, certain, triggers } = rewritesOf(rounds, now, weeks);
  return {
    ...{ weeks, runs, count: rewrites, direction, certain },
    triggers: triggers.slice(0, 100).map((one) => ({ code: one.code, count: one.count, direction: one.direction })),
  };
}

/** Told where scenes are sent back more than they were, beyond what chance explains. */
const rising = ({ direction, certain, weeks, runs, count, triggers }: NonNullable<Qa["rewrites"]>): Finding[] =>
  direction !== "RISING" || !certain
    ? []
    : [
        {
          code: "REWRITES_RISING",
          at: "channel",
          message: `Scenes of this channel were sent back ${count} times in ${runs} runs of the last ${weeks} weeks, and more of late than before.`,
          remedy: `Look at what asks for it most: ${triggers
            .slice(0, 3)
            .map((one) => `${one.code} (${one.count})`)
            .join(", ")}.`,
        },
      ];

export async function readCited(reader: Reader, { sources }: Research): Promise<ReadonlyMap<string, CitedSource>> {
  const cited = sources.map(({ ref, url, snapshot_sha256 }) => ({ ref, url, sha256: snapshot_sha256 }));
  return new Map((await reader.run(citedSources, { cited })).map((row) => [row.ref, row]));
}

export function judge(
  { episode, script, research }: QaInput,
  cited: ReadonlyMap<string, CitedSource>,
  template: EpisodeTemplate,
  settings: GovernanceSettings = DEFAULT_SETTINGS,
): Qa {
  const findings = [
    ...checkEpisode(episode, research),
    ...checkScript(script, episode, research, templateText(template)),
    ...checkQuotes(episode, research, cited),
    ...standing(episode, research, cited, settings),
    ...named(episode, research),
  ];
  const counted = findings.filter(({ code }) => !NOTES.has(code));
  const mends = counted.some(({ code }) => !BLOCKING.has(code));
  return { verdict: counted.length === 0 ? "PASS" : mends ? "REPAIR" : "BLOCK", findings };
}

/** Each claim with the facts that it names. */
const claimsOf = ({ scenes }: EpisodeDocument, research: Research) => {
  const facts = factsOf(research);
  return scenes.flatMap(({ ordinal, claims }) =>
    claims.map((claim, i) => ({
      at: `scene ${ordinal}, claim ${i + 1}`,
      claim,
      facts: claim.evidence.flatMap((ref) => facts.get(ref) ?? []),
    })),
  );
};

/** Quotes that don't stand in the text that the studio holds. */
function checkQuotes(episode: EpisodeDocument, research: Research, cited: ReadonlyMap<string, CitedSource>): Finding[] {
  return claimsOf(episode, research).flatMap(({ at, facts }) =>
    facts.flatMap((fact) => {
      const text = cited.get(fact.source_ref)?.text ?? null;
      if (text !== null && findQuote(text, fact.quote) !== -1) return [];
      const where = text === null ? "no such text of its source is held" : "its quote doesn't stand in the snapshot";
      return [
        {
          code: "CLAIM_UNQUOTED",
          at: `${at}: ${fact.ref}`.slice(0, 200),
          message: `The fact ${fact.ref} can't be traced: ${where}.`,
          remedy: "Quote it from a snapshot that the studio holds, or leave the claim out.",
        },
      ];
    }),
  );
}

/** What stands against publishing the claims that are stated, by the sources as they are now. */
function standing(
  episode: EpisodeDocument,
  research: Research,
  cited: ReadonlyMap<string, CitedSource>,
  settings: GovernanceSettings,
): Finding[] {
  const claims = claimsOf(episode, research);
  const used = new Map<string, ResearchFact>(claims.flatMap(({ facts }) => facts.map((fact) => [fact.ref, fact])));
  const found = riskFindings(
    [...used.values()].map(({ ref, statement, quote, source_ref }) => ({
      ref,
      statement,
      exact: quote.exact,
      sourceRef: source_ref,
    })),
    research.sources.flatMap(({ ref, snapshot_sha256 }) => {
      const source = cited.get(ref);
      return source === undefined ? [] : [{ ...source, sha256: snapshot_sha256, text: source.text ?? "" }];
    }),
    settings,
  );
  return found.map(({ code, ids: refs, said, remedy }) => {
    const places = claims.filter(({ facts }) =>
      facts.some(({ ref, source_ref }) => refs.includes(ref) || refs.includes(source_ref)),
    );
    const at = `${
      places
        .map((place) => place.at)
        .slice(0, 4)
        .join("; ") || "episode"
    }: ${refs.join(" ")}`.slice(0, 200);
    return { code, at, message: `${said}.`, remedy: `${capital(remedy)}.` };
  });
}

/** Told where no claim has a word of the topic: pages that were chosen by hand may still be on it. */
function named(episode: EpisodeDocument, { topic }: Research): Finding[] {
  const words = stemsOf(topic.title);
  const has = ({ text }: { text: string }) => [...stemsOf(text)].some((stem) => words.has(stem));
  if (words.size === 0 || episode.scenes.some(({ claims }) => claims.some(has))) return [];
  return [
    {
      code: "TOPIC_NOT_NAMED",
      at: "episode",
      message: `No claim has a word of the topic “${topic.title.slice(0, 200)}”.`,
      remedy: "Look whether the pages are on the topic, or give it the name that they use.",
    },
  ];
}

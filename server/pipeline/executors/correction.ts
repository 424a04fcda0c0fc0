import { z } from "zod";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { GOING_STATES } from "../../../graph-schema/nodes/correction-task.js";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { recordDecision } from "../../domains/decision/decision.service.js";
import { linkVerbatim, unlinkEvidence } from "../../domains/evidence/evidence.service.js";
import { saysVerbatim } from "../../domains/fact/facts-of-text.js";
import { propose } from "../../domains/proposal/proposal.service.js";
import { searchQuery, toLuceneAny } from "../../graph/search.js";
import { mismatchOf } from "../../reads/governance/mismatch.js";
import { defineExecutor, StageFailure, type Executor, type StageContext } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import {
  claimsOfFall,
  claimsOnSource,
  standingOfClaims,
  statesOfFacts,
  type ClaimStanding,
} from "./correction.query.js";
import { searchWords } from "./sources.js";
import type { Finding, Qa } from "./stage-documents.js";
import { short } from "./template.js";

/*
 * After a source fell, or says something else than it was quoted for: which live episodes say what stood on it, through whatever lies
 * between, and what can be done. A claim that another source says word for word
 * is put on that quote; how any other could be narrowed, or that it should go, is proposed to people, and the run waits for them.
 */

type Affected = z.infer<typeof DOCUMENTS_OF_STAGES.affected>;
type Correction = z.infer<typeof DOCUMENTS_OF_STAGES.correction>;
type Repair = Correction["repairs"][number];

const MOST_CLAIMS = 10_000;
/** Claims that are read, and mended, at once. */
const BATCH = 200;
/** Facts that a claim is held against. */
const MATCHES = 20;
/** Of this a run can't lead anybody through: they are told of by number. */
const MOST_FINDINGS = 500;
const STANDS = "ACTIVE";

const ulidOf = (id: string): string => parseNodeId(id)!.id;

/** Claims as they stand now that the source (its ULID) fell. */
async function standingOf(reader: Reader, sourceId: string, claimIds: readonly string[]): Promise<ClaimStanding[]> {
  const found: ClaimStanding[] = [];
  for (let i = 0; i < claimIds.length; i += BATCH) {
    const ids = claimIds.slice(i, i + BATCH).map(ulidOf);
    found.push(...(await reader.run(standingOfClaims, { ids, sourceId, live: LIVE_STATUSES, forever: FOREVER })));
  }
  return found;
}

/** Supports that still stand: none that fell with the source, and none whose own source isn't in order. */
const leftOf = ({ supports }: ClaimStanding) => supports.filter((one) => one.status === STANDS && !one.fell);
/** Supports that the source itself bore, or that were computed and rest on it. */
const lostOf = ({ supports }: ClaimStanding, sourceId: string) =>
  supports.filter((one) => one.fell && (one.sourceId === sourceId || one.sourceId === null));

/** What a correction of a source is about: what stands on it, and what its fall took off it. */
async function fallenClaims(reader: Reader, sourceId: string) {
  const asked = { id: sourceId, forever: FOREVER, most: MOST_CLAIMS + 1 };
  const [source] = await reader.run(claimsOnSource, asked);
  if (source === undefined) throw new StageFailure("NOT_FOUND", "The source of this run isn't there.");
  const { title, status } = source;
  const found = await reader.run(claimsOfFall, { ...asked, sourceId: `Source:${sourceId}`, going: GOING_STATES });
  const ofFall = found.map(({ id }) => id);
  const ids = status === STANDS ? ofFall : [...new Set([...source.claims, ...ofFall])].sort();
  if (ids.length > MOST_CLAIMS)
    throw new StageFailure(
      "TOO_MUCH",
      `More than ${MOST_CLAIMS} claims stand on the source “${short(title, 200)}”: correct them in parts, by hand.`,
    );
  const claims = await standingOf(
    reader,
    sourceId,
    ids.map((id) => `Claim:${id}`),
  );
  if (status !== STANDS) return claims;
  // It is in order: what it says still, or says again, hasn't fallen.
  const gone = claims.filter((claim) => !leftOf(claim).some((one) => one.sourceId === sourceId));
  if (gone.length === 0)
    throw new StageFailure(
      "SOURCE_STANDS",
      `The source “${short(title, 200)}” is ${status}, and no claim of an open correction task lost its quote there: nothing is to be corrected. Report it as stale or dead, or have it retracted, first.`,
    );
  return gone;
}

export const correctionScope = (): Executor =>
  defineExecutor({
    name: "correction-scope",
    version: "1.1.0",
    input: TASKS["correction-scope"]!.input as z.ZodType<{ source_id: string }>,
    output: DOCUMENTS_OF_STAGES.affected,
    async run({ reader }, { source_id }) {
      const claims = await fallenClaims(reader, ulidOf(source_id));
      const said = claims.filter(({ episodes }) => episodes.length > 0);
      const episodes = [...new Set(said.flatMap((one) => one.episodes))].sort();
      if (episodes.length > MOST_CLAIMS)
        throw new StageFailure(
          "TOO_MUCH",
          `More than ${MOST_CLAIMS} live episodes stand on it: correct them in parts.`,
        );
      return {
        output: {
          source_id,
          claim_ids: said.map(({ id }) => `Claim:${id}`),
          episode_ids: episodes.map((id) => `Episode:${id}`),
        },
        provider: "embedded",
      };
    },
  }) as Executor;

export const claimRepair = (): Executor =>
  defineExecutor({
    name: "claim-repair",
    version: "1.1.0",
    input: TASKS["claim-repair"]!.input as z.ZodType<{ affected: Affected; repair: Qa | null }>,
    output: DOCUMENTS_OF_STAGES.correction,
    async run(context, { affected }) {
      const repairs: Repair[] = [];
      const sourceId = ulidOf(affected.source_id);
      for (const claim of await standingOf(context.reader, sourceId, affected.claim_ids)) {
        context.signal.throwIfAborted();
        repairs.push(await repairOf(context, claim, sourceId));
      }
      const unresolved = repairs.filter(({ how }) => how !== "BETTER_QUOTE").length;
      return { output: { repairs, unresolved }, provider: "embedded" };
    },
  }) as Executor;

async function repairOf(context: StageContext, claim: ClaimStanding, sourceId: string): Promise<Repair> {
  const claim_id = `Claim:${claim.id}`;
  const [left] = leftOf(claim);
  if (left !== undefined)
    return {
      claim_id,
      how: "BETTER_QUOTE",
      because: `Fact:${left.factId} of “${short(left.source ?? "", 300)}” still supports it.`,
    };
  const others = (await factsLike(context.reader, sourceId, claim.title)).filter(
    (fact) => fact.status === STANDS && !fact.fell,
  );
  const verbatim = others.find(({ exact }) => saysVerbatim(claim.title, exact));
  if (verbatim !== undefined) {
    const factId = `Fact:${verbatim.id}`;
    await context.execute(`link/${claim.id}`, linkVerbatim, { claimId: claim_id, factId });
    return {
      claim_id,
      how: "BETTER_QUOTE",
      because: `${factId} of “${short(verbatim.source, 300)}” says it word for word.`,
    };
  }
  const near = others.find(({ exact, source }) => mismatchOf(claim.title, exact, source).length === 0);
  return near === undefined
    ? {
        claim_id,
        how: "DROPPED",
        because: "Nothing else that the studio holds says it: take it out, or import a source that does.",
      }
    : {
        claim_id,
        how: "NARROWED",
        because: `Say no more than Fact:${near.id} of “${short(near.source, 300)}”: “${short(near.exact, 1_000)}”`,
      };
}

async function factsLike(reader: Reader, sourceId: string, words: string) {
  const lucene = toLuceneAny(reader.tenantId, searchWords(words), ["Fact"]);
  if (lucene === null) return [];
  const asked = { lucene, phrase: "", asOf: FOREVER - 1, skip: 0, first: MATCHES, most: MATCHES };
  const [found] = await reader.run(searchQuery, asked);
  const ids = (found?.nodes ?? []).map(({ ulid }) => ulid);
  const known = await reader.run(statesOfFacts, { ids, sourceId, forever: FOREVER });
  const states = new Map(known.map((one) => [one.id, one]));
  return ids.flatMap((id) => states.get(id) ?? []);
}

export const correctionCheck = (): Executor =>
  defineExecutor({
    name: "correction-check",
    version: "1.1.0",
    input: TASKS["correction-check"]!.input as z.ZodType<{ affected: Affected; correction: Correction }>,
    output: DOCUMENTS_OF_STAGES.qa,
    async run({ reader }, { affected, correction }) {
      const sourceId = ulidOf(affected.source_id);
      const told = new Map(correction.repairs.map((one) => [one.claim_id, one]));
      const open = (await standingOf(reader, sourceId, affected.claim_ids)).filter(
        (claim) => claim.episodes.length > 0 && leftOf(claim).length === 0,
      );
      const findings = open.slice(0, MOST_FINDINGS).map(({ id, title }): Finding => {
        const repair = told.get(`Claim:${id}`);
        return {
          code: repair?.how === "BETTER_QUOTE" ? "QUOTE_FELL" : "CLAIM_UNSUPPORTED",
          at: `Claim:${id}`,
          message: `“${short(title, 300)}” is said in a live episode, and nothing that stands supports it.`,
          remedy: repair?.because ?? "Find a quote for it, narrow it, or take it out.",
        };
      });
      // What was found may have fallen since: another is looked for. All else is for people, and the run is resumed by them.
      const again = findings.some(({ code }) => code === "QUOTE_FELL");
      const verdict = findings.length === 0 ? "PASS" : again ? "REPAIR" : "BLOCK";
      return { output: { verdict, findings }, provider: "embedded" };
    },
  }) as Executor;

export const correctionProposal = (): Executor =>
  defineExecutor({
    name: "correction-proposal",
    version: "1.1.0",
    input: TASKS["correction-proposal"]!.input as z.ZodType<{ affected: Affected; correction: Correction }>,
    output: DOCUMENTS_OF_STAGES.correction,
    async run(context, { affected, correction }) {
      const sourceId = ulidOf(affected.source_id);
      const claims = await standingOf(context.reader, sourceId, affected.claim_ids);
      for (const claim of claims.filter((one) => leftOf(one).length > 0))
        for (const { factId } of lostOf(claim, sourceId))
          await context.execute(`unlink/${claim.id}/${factId}`, unlinkEvidence, {
            ...{ claimId: `Claim:${claim.id}`, factId: `Fact:${factId}`, stance: "SUPPORTS" },
          });
      const produced: string[] = [];
      const live = new Set(claims.flatMap(({ episodes }) => episodes));
      for (const episode of affected.episode_ids.filter((id) => live.has(ulidOf(id)))) {
        const own = claims.filter(({ episodes }) => episodes.includes(ulidOf(episode)));
        const repairs = correction.repairs.filter((one) => own.some(({ id }) => one.claim_id === `Claim:${id}`));
        const { decisionId } = await context.execute(`decision/${ulidOf(episode)}`, recordDecision, {
          title: "Is the episode corrected after its source fell?",
          outcome: "READY",
          rationale: short(
            `${own.length} claims stood on ${affected.source_id}. ${repairs.map((one) => `${one.claim_id}: ${one.how}. ${one.because}`).join(" ")}`,
            15_000,
          ),
          aboutIds: [episode, affected.source_id],
        });
        produced.push(decisionId);
        await context.execute(
          `proposal/${ulidOf(episode)}`,
          propose,
          { action: "correctEpisode", subjectId: episode },
          `${affected.source_id} fell, and what stood on it stands on others`,
        );
      }
      return { output: { ...correction, unresolved: 0 }, provider: "embedded", produced };
    },
  }) as Executor;

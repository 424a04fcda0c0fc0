import { z } from "zod";
import type { NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type Outcome } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { personActs } from "../../commands/person-acts.js";
import { refuse } from "../../commands/problem.js";
import { closeEdge, openEdge } from "../../graph/edge.js";
import { lock } from "../../graph/lock.js";
import { presentNode } from "../../graph/life.js";
import { needRecheck } from "../claim/recheck.service.js";
import { saysVerbatim } from "../fact/facts-of-text.js";
import { fallenSources, openEvidence, sourcesOfFact } from "./evidence.repository.js";

/** How a fact bears on a claim, and the edge that says so. */
export const STANCES = { SUPPORTS: "SUPPORTED_BY", CONTRADICTS: "CONTRADICTED_BY", CONSIDERED: "CONSIDERED" } as const;
export type Stance = keyof typeof STANCES;
const stances = Object.keys(STANCES) as [Stance, ...Stance[]];

const ends = z.object({ claimId: nodeId("Claim"), factId: nodeId("Fact"), stance: z.enum(stances) });

type Ends = z.infer<typeof ends>;

/**
 * Links a fact to a claim. Linking what a person has linked changes nothing; what only a file asserts or an agent suggests becomes
 * a person's word from here on, and stays when the file takes it back. Support from a source that was retracted or superseded is
 * taken, and the claim needs a check from then on, as it would if the source had fallen later. An agent only suggests: it changes
 * nothing that is linked already, and what it links as support must be the quote's own words.
 */
export const linkEvidence = defineCommand({
  name: "linkEvidence",
  capability: "evidence.write",
  input: ends,
  async run(context, given) {
    const { claimId, factId, stance } = given;
    const { at: before } = await lockAll(context.tx, [claimId, factId], ["claimId", "factId"]);
    if (await personActs(context)) return link(context, given, "PERSON", before);
    if (stance !== "SUPPORTS") return link(context, given, "AGENT", before);
    await mustSayVerbatim(context, given, () =>
      refuse(
        "FORBIDDEN",
        "stance",
        "An agent suggests, and the claim isn't a whole sentence of this quote, word for word: link it as CONSIDERED, and let a person who has judged it link it as SUPPORTS.",
      ),
    );
    return link(context, given, "VERBATIM", before);
  },
});

/**
 * Links a fact to a claim as support where the claim says a whole sentence of the fact's quote, word for word: the one support
 * that needs nobody's judgement. What is linked already stays as it is.
 */
export const linkVerbatim = defineCommand({
  name: "linkVerbatim",
  capability: "evidence.write",
  input: ends.omit({ stance: true }),
  async run(context, { claimId, factId }) {
    const { at: before } = await lockAll(context.tx, [claimId, factId], ["claimId", "factId"]);
    const given = { claimId, factId, stance: "SUPPORTS" } as const;
    await mustSayVerbatim(context, given, () =>
      refuse(
        "QUOTE_NOT_FOUND",
        "factId",
        "The claim isn't a whole sentence of this quote, word for word; let a person judge it, and link it by `linkEvidence`.",
      ),
    );
    return link(context, given, "VERBATIM", before);
  },
});

async function mustSayVerbatim({ tx }: CommandContext, { claimId, factId }: Ends, refusal: () => Error): Promise<void> {
  const claim = (await presentNode(tx, "Claim", claimId.id))!;
  const fact = (await presentNode(tx, "Fact", factId.id))!;
  if (!saysVerbatim(claim.title, fact.quoteExact)) throw refusal();
}

/** Opens the link on a basis; both ends are locked. A person's word takes the place of any other, and no other takes any place. */
async function link(
  context: CommandContext,
  { claimId, factId, stance }: Ends,
  basis: "PERSON" | "AGENT" | "VERBATIM",
  before: Instant,
): Promise<Outcome<{ claimId: string; factId: string }>> {
  const { tx, operationId } = context;
  const edge = { type: STANCES[stance], from: claimId, to: factId };
  const standing = await openEvidence(tx, edge.type, claimId.id, factId.id);
  const opens = standing === undefined || (basis === "PERSON" && standing.basis !== "PERSON");
  const subject = `Claim:${claimId.id}`;
  const result = { claimId: subject, factId: `Fact:${factId.id}` };
  if (!opens) return { result, at: before, events: [] };
  const at = stance === "SUPPORTS" ? await recheckFallen(context, claimId, factId, before) : before;
  if (standing !== undefined) await closeEdge(tx, edge, { at, operationId });
  await openEdge(tx, edge, { at, operationId }, { basis, assertingRows: 0 });
  return { result, at, events: [{ type: "evidence.linked", subject, data: { factId: result.factId, stance } }] };
}

/** Who retracts a source holds its lock: they come before, and are seen here, or after, and see the link. */
async function recheckFallen(
  context: CommandContext,
  claimId: NodeId,
  factId: NodeId,
  before: Instant,
): Promise<Instant> {
  const { tx } = context;
  const ids = await sourcesOfFact(tx, factId.id);
  const held = await lock(
    tx,
    ids.map((id) => ({ label: "Source", id })),
  );
  let at = Math.max(before, held.at);
  for (const { title, retracted, by } of await fallenSources(tx, ids)) {
    const because = retracted
      ? `The source “${title}” is retracted.`
      : `The source “${title}” is superseded by “${by}”.`;
    at = (await needRecheck(context, { claimIds: [claimId.id] }, because, at)).at;
  }
  return at;
}

/** Closes the link between a fact and a claim; it stays in the history. */
export const unlinkEvidence = defineCommand({
  name: "unlinkEvidence",
  capability: "evidence.write",
  input: ends,
  async run({ tx, operationId }, { claimId, factId, stance }) {
    const { at } = await lockAll(tx, [claimId, factId], ["claimId", "factId"]);
    const closed = await closeEdge(tx, { type: STANCES[stance], from: claimId, to: factId }, { at, operationId });
    if (!closed) throw refuse("NOT_LINKED", "factId", `The fact isn't linked to the claim as ${stance}.`);
    const subject = `Claim:${claimId.id}`;
    return {
      result: { claimId: subject, factId: `Fact:${factId.id}` },
      at,
      events: [{ type: "evidence.unlinked", subject, data: { factId: `Fact:${factId.id}`, stance } }],
    };
  },
});

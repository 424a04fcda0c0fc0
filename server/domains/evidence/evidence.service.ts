import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { closeEdge, openEdge } from "../../graph/edge.js";
import { openEvidence } from "./evidence.repository.js";

/** How a fact bears on a claim, and the edge that says so. */
export const STANCES = { SUPPORTS: "SUPPORTED_BY", CONTRADICTS: "CONTRADICTED_BY", CONSIDERED: "CONSIDERED" } as const;
export type Stance = keyof typeof STANCES;
const stances = Object.keys(STANCES) as [Stance, ...Stance[]];

const ends = z.object({ claimId: nodeId("Claim"), factId: nodeId("Fact"), stance: z.enum(stances) });

/**
 * Links a fact to a claim. Linking what a person has linked changes nothing; what only a file asserts becomes a person's
 * word from here on, and stays when the file takes it back.
 */
export const linkEvidence = defineCommand({
  name: "linkEvidence",
  capability: "evidence.write",
  input: ends,
  async run({ tx, operationId }, { claimId, factId, stance }) {
    const { at } = await lockAll(tx, [claimId, factId], ["claimId", "factId"]);
    const edge = { type: STANCES[stance], from: claimId, to: factId };
    const standing = await openEvidence(tx, edge.type, claimId.id, factId.id);
    if (standing?.basis === "FILE") await closeEdge(tx, edge, { at, operationId });
    const opened = await openEdge(tx, edge, { at, operationId }, { basis: "PERSON", assertingRows: 0 });
    const subject = `Claim:${claimId.id}`;
    const events = opened ? [{ type: "evidence.linked", subject, data: { factId: `Fact:${factId.id}`, stance } }] : [];
    return { result: { claimId: subject, factId: `Fact:${factId.id}` }, at, events };
  },
});

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

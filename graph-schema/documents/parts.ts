import { z } from "zod";
import type { NodeLabel } from "../catalog.js";
import { CLAIM_KINDS } from "../nodes/claim.js";
import { ULID } from "../node-id.js";

/** Pieces that the pipeline's documents share. Objects are closed: a field that nobody defined is a mistake, never a comment. */

const LONGEST_TEXT = 20_000;
const LONGEST_TITLE = 500;

export const text = () => z.string().min(1).max(LONGEST_TEXT);
export const title = () => z.string().min(1).max(LONGEST_TITLE);

/** The public id of a node with this label. */
export const idOf = (label: NodeLabel) =>
  z.string().regex(new RegExp(`^${label}:${ULID.source.replace(/^\^|\$$/g, "")}$`), `expected ${label}:<ulid>`);

/** A name that a document gives to one of its parts and uses to point at it: `s1`, `fact-3`. */
export const ref = () => z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens");

export const quote = z
  .strictObject({
    prefix: z.string().max(LONGEST_TEXT).describe("What stands right before the quote; may be empty."),
    exact: text().describe("The quote, letter for letter as the snapshot has it."),
    suffix: z.string().max(LONGEST_TEXT).describe("What stands right after the quote; may be empty."),
  })
  .describe("A W3C TextQuoteSelector into the text of a snapshot.");

/** Names of other parts, at least one, none twice. */
export const refs = () => z.array(ref()).min(1).meta({ uniqueItems: true });

/** Every value that occurs more than once, with the place of its second occurrence. */
export const repeated = (values: readonly string[]): { value: string; index: number }[] =>
  values.map((value, index) => ({ value, index })).filter(({ value, index }) => values.indexOf(value) !== index);

export const statedClaim = z
  .strictObject({
    text: text().describe("The sentence as it is said, able to be right or wrong."),
    kind: z.enum(CLAIM_KINDS).describe("Decides how long the claim keeps before it wants checking again."),
    evidence: refs().describe("The key facts and data points of the research that it stands on."),
    source_refs: refs().describe("The sources that the scene names for it."),
    evidence_sources: refs().describe("The sources that its evidence is quoted from."),
  })
  .superRefine((claim, context) => {
    for (const name of ["evidence", "source_refs", "evidence_sources"] as const) {
      for (const { value, index } of repeated(claim[name])) {
        context.addIssue({ code: "custom", path: [name, index], message: `${value} is named twice` });
      }
    }
    const quoted = new Set(claim.evidence_sources);
    const named = new Set(claim.source_refs);
    claim.source_refs.forEach((value, index) => {
      if (!quoted.has(value)) {
        context.addIssue({
          code: "custom",
          path: ["source_refs", index],
          message: `no evidence is quoted from ${value}`,
        });
      }
    });
    claim.evidence_sources.forEach((value, index) => {
      if (!named.has(value)) {
        context.addIssue({
          code: "custom",
          path: ["evidence_sources", index],
          message: `the scene does not name ${value}`,
        });
      }
    });
  });

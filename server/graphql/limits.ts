import { EXPORT_LIMITS } from "../exports/whole-lineage.js";
import { MAX_DEPTH } from "../reads/lineage/lineage.query.js";
import { MAX_CHARACTERS, MAX_TERMS } from "../reads/select/grammar.js";
import { DomainError } from "../errors.js";

/** Every bound of the API, in one table. What is outside gets BAD_INPUT, naming the field. */
export const LIMITS = {
  depth: { min: 1, max: MAX_DEPTH },
  lineageFirst: { min: 1, max: 5_000, default: 500 },
  first: { min: 1, max: 500, default: 20 },
  paths: { min: 1, max: 100, default: 10 },
  completions: { min: 1, max: 50, default: 20 },
  /** Characters and terms of a selection's expression. */
  selectionText: { min: 1, max: MAX_CHARACTERS },
  selectionTerms: MAX_TERMS,
  /** Characters of a search. */
  searchText: { min: 1, max: 500 },
  /** Nodes that fields of nodes lead to, in one request, each time counted: fields can lead in circles. */
  fieldNodes: 50_000,
  /** Bytes of snapshot texts in one answer. */
  textBytes: 10_000_000,
  /** Outputs of stages in one answer, each of at most 2,000,000 characters. */
  stageOutputs: 50,
  bodyBytes: 1_000_000,
  uploadBytes: 100_000_000,
  /** The body of an event that a webhook brings. */
  eventBytes: 64_000,
  /** What a file of a lineage may hold. */
  exported: EXPORT_LIMITS,
  aliases: 15,
  directivesPerField: 3,
  directives: 20,
  tokens: 2_000,
  /** Nesting of fields in a document. */
  fieldDepth: 15,
  /** Objects that a document could make us answer with: see cost.ts. */
  cost: 100_000,
  /** Streams that one process keeps open: for one principal, and for all of a tenant. */
  streams: { principal: 20, tenant: 500 },
  /** Errors told in one answer. */
  errors: 5,
} as const;

/** The value when it is a whole number within the bounds. */
export function within(
  field: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw DomainError.badInput(field, `\`${field}\` must be a whole number from ${min} to ${max}.`);
}

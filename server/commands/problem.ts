/** Why a command was refused: the closed list that callers can rely on. */
export const PROBLEM_CODES = {
  BAD_INPUT: "a field is missing, malformed or out of its bounds; `path` names it",
  FORBIDDEN: "the policy doesn't allow it; the message names the rule",
  NOT_FOUND: "what the field names isn't there, or isn't the caller's to see",
  CONFLICT: "it exists already, or its state doesn't allow the change",
  OPERATION_ID_REUSED: "the operation id was used before with another input, or by somebody else",
  QUOTE_NOT_FOUND: "the quote doesn't stand in the snapshot's text as given",
  NOT_LINKED: "there is no open link to close",
  TENANT_SUSPENDED: "the tenant is suspended and takes no changes",
  RESIDENCY: "the tenant's data may not be stored or served in this region",
  KILL_SWITCH: "a kill switch stops it; `killSwitches` says who set it and why",
  NEEDS_APPROVAL: "it can't be taken back: propose it, and let others approve",
  CONTENT_CHANGED: "what was to be approved has changed since; look at the difference and decide anew",
  PUBLISH_GATE: "what would be published isn't fit to be; the message says why",
  AUDIT_LAG: "the audit isn't sealed up to now, and until it is nothing happens that can't be taken back",
} as const;
export type ProblemCode = keyof typeof PROBLEM_CODES;

/** One expected refusal. `path` names the input field, with dots and from 0 on, such as `quote.exact` or `claimIds.2`; empty for the whole. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly path: string;
}

/** Thrown inside a command to undo its transaction; `execute` turns it into data. */
export class Refusal extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.code} ${problem.path}: ${problem.message}`).join("; "));
    this.name = "Refusal";
  }
}

export const refuse = (code: ProblemCode, path: string, message: string): Refusal =>
  new Refusal([{ code, path, message }]);

/** The same words for what never existed, is gone or is another tenant's. */
export const notFound = (path: string): Refusal =>
  refuse("NOT_FOUND", path, "There is no such thing, or it isn't yours to see.");

/** Refusal of an operation that was done before, and whose result isn't kept any more. */
export const resultDropped = (): Refusal =>
  refuse("CONFLICT", "operationId", "This operation was done so long ago that its result isn't kept any more.");

/** Whether the problem says that the operation itself was done: its result is dropped after a while, that it was done isn't. */
export const wasDone = ({ code, path }: Problem): boolean => code === "CONFLICT" && path === "operationId";

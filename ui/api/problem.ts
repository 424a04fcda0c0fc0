import type { CombinedError } from "urql";

export type ProblemKind =
  | "signed-out"
  | "forbidden"
  | "not-found"
  | "bad-input"
  | "busy"
  | "timeout"
  | "unreachable"
  | "unavailable"
  | "failed";

/** What went wrong, in the terms that the page explains it in. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The server's own words, where it had any. */
  readonly message: string;
  /** The argument at fault, for bad input. */
  readonly field?: string;
  /** Where in the argument's text the fault is: its character, from 1. */
  readonly position?: number;
  /** What to quote to an operator. */
  readonly correlationId?: string;
}

const KIND_OF_CODE: Readonly<Record<string, ProblemKind>> = {
  UNAUTHENTICATED: "signed-out",
  FORBIDDEN: "forbidden",
  NOT_FOUND: "not-found",
  BAD_INPUT: "bad-input",
  BAD_USER_INPUT: "bad-input",
  RATE_LIMITED: "busy",
  TIMEOUT: "timeout",
  UNAVAILABLE: "unavailable",
};

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** The first error decides: a read that fails fails as a whole. */
export function problemOf(error: CombinedError): Problem {
  const first = error.graphQLErrors[0];
  if (first !== undefined) {
    const field = text(first.extensions.field);
    const { position } = first.extensions;
    const correlationId = text(first.extensions.correlationId);
    return {
      kind: KIND_OF_CODE[text(first.extensions.code) ?? ""] ?? "failed",
      message: first.message,
      ...(field === undefined ? {} : { field }),
      ...(typeof position === "number" ? { position } : {}),
      ...(correlationId === undefined ? {} : { correlationId }),
    };
  }
  const cause = error.networkError;
  if (cause?.name === "TimeoutError") return { kind: "timeout", message: "No answer came within 15 seconds." };
  const status: unknown = (error.response as { status?: unknown } | undefined)?.status;
  if (status === 401) return { kind: "signed-out", message: "" };
  if (typeof status === "number") return { kind: "unavailable", message: `The server answered with status ${status}.` };
  return { kind: "unreachable", message: cause?.message ?? error.message };
}

/** The closed list of what can go wrong that a caller may see; `INTERNAL` stands for everything else. */
export const ERROR_CODES = [
  "BAD_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "RATE_LIMITED",
  "TIMEOUT",
  "UNAVAILABLE",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The one fixed text for what isn't there, is another tenant's, was erased or never existed. */
export const NOT_FOUND_MESSAGE = "There is no such thing, or it isn't yours to see.";

/** An unexpected failure with a code that callers may rely on. Expected refusals are data (`problems`), never thrown to a caller. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** The argument or input field at fault, where there is one. */
    readonly field?: string,
    options?: ErrorOptions,
    /** Where in the field's text, as its 1-based character, where that is known. */
    readonly position?: number,
  ) {
    super(message, options);
    this.name = "DomainError";
  }

  static notFound(): DomainError {
    return new DomainError("NOT_FOUND", NOT_FOUND_MESSAGE);
  }

  static badInput(field: string, message: string, position?: number): DomainError {
    return new DomainError("BAD_INPUT", message, field, undefined, position);
  }
}

/** What to tell of anything that was thrown. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

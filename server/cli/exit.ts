/** What `./throughline` answers to the shell. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, conflict: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command can't go on. The message is all that its user needs to know: one sentence, with the remedy. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "CliError";
  }
}

export const usageError = (message: string): CliError => new CliError(message, EXIT.usage);

import { CommanderError } from "commander";
import { AuditTampered } from "../audit/tampered.js";
import { DomainError } from "../errors.js";
import { EmbeddedError, errno } from "../graph/embedded/problem.js";
import { CliError, EXIT } from "./exit.js";
import { fileProblem } from "./file-problem.js";

export interface Explained {
  readonly text: string;
  readonly exitCode: number;
}

/** What went wrong, in one sentence where we know it, and the exit code. */
export function explain(error: unknown): Explained {
  // Commander has already said what it had to say.
  if (error instanceof CommanderError) return { text: "", exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  if (error instanceof CliError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof EmbeddedError)
    return { text: error.message, exitCode: error.kind === "running" ? EXIT.conflict : EXIT.failed };
  if (error instanceof DomainError && error.code !== "INTERNAL")
    return { text: error.message, exitCode: error.code === "FORBIDDEN" ? EXIT.refused : EXIT.failed };
  if (error instanceof AuditTampered)
    return {
      text: `${error.message}. Nothing more of it is signed until somebody has looked: \`audit verify --tenant ${error.tenantId}\` says where.`,
      exitCode: EXIT.failed,
    };
  const file = fileProblem(error);
  // A file of ours that isn't there is our bug: whoever names one is told by the command that takes it.
  if (file !== undefined && errno(error) !== "ENOENT") return { text: file.message, exitCode: file.exitCode };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error instanceof Error && error.cause !== undefined ? `\ncaused by: ${String(error.cause)}` : "";
  return { text: `this is a bug of ours, please report it:\n${stack}${cause}`, exitCode: EXIT.failed };
}

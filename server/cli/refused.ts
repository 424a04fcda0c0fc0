import { CliError, EXIT, type ExitCode } from "./exit.js";

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** What the write path answered, for the shell: a conflict, a refusal by governance, or input that is no good. */
export function refused(problems: readonly Problem[]): CliError {
  const text = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("\n");
  return new CliError(text, exitCodeOf(problems));
}

function exitCodeOf(problems: readonly Problem[]): ExitCode {
  const codes = new Set(problems.map((problem) => problem.code));
  if (codes.has("CONFLICT") || codes.has("OPERATION_ID_REUSED")) return EXIT.conflict;
  if (codes.has("FORBIDDEN") || codes.has("TENANT_SUSPENDED")) return EXIT.refused;
  return codes.has("BAD_INPUT") ? EXIT.usage : EXIT.failed;
}

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

/** What policy or governance says no to, and input that is in order. */
const GOVERNANCE = ["FORBIDDEN", "TENANT_SUSPENDED", "RESIDENCY", "KILL_SWITCH", "NEEDS_APPROVAL", "AUDIT_LAG"];

function exitCodeOf(problems: readonly Problem[]): ExitCode {
  const codes = new Set(problems.map((problem) => problem.code));
  if (codes.has("CONFLICT") || codes.has("OPERATION_ID_REUSED")) return EXIT.conflict;
  if (GOVERNANCE.some((code) => codes.has(code))) return EXIT.refused;
  return codes.has("BAD_INPUT") ? EXIT.usage : EXIT.failed;
}

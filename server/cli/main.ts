import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { EmbeddedError, errno } from "../graph/embedded/problem.js";
import { DomainError } from "../errors.js";
import { auditCommand } from "./audit.js";
import { benchCommand } from "./bench.js";
import { claimsCommand } from "./claims.js";
import { doctorCommand } from "./doctor.js";
import { downCommand } from "./down.js";
import { CliError, EXIT } from "./exit.js";
import { exportCommand } from "./export.js";
import { flowCommand } from "./flow.js";
import { importCommand } from "./import.js";
import { jobCommand } from "./job.js";
import { say, tolerateClosedOutput } from "./output.js";
import { projectRoot } from "./project.js";
import { statusCommand } from "./status.js";
import { tenantCommand } from "./tenant.js";
import { testCommand } from "./test.js";
import { tokenCommand } from "./token.js";
import { toParent } from "./up-report.js";
import { upCommand } from "./up.js";

const COMMANDS = [
  upCommand,
  downCommand,
  statusCommand,
  doctorCommand,
  testCommand,
  importCommand,
  exportCommand,
  claimsCommand,
  flowCommand,
  tenantCommand,
  tokenCommand,
  jobCommand,
  auditCommand,
  benchCommand,
];

function program(): Command {
  const root = new Command("throughline")
    .description("A graph-centric knowledge and intelligence service for content studios.")
    .version(version())
    .enablePositionalOptions()
    .showHelpAfterError("(add --help for what it takes)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed, 2 usage, 3 refused by policy or governance, 4 conflict.\nProgress and messages go to standard error, results to standard output.",
    );
  for (const command of COMMANDS) root.addCommand(command());
  for (const command of everyCommand(root)) command.exitOverride();
  return root;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];

async function main(): Promise<void> {
  tolerateClosedOutput();
  try {
    await program().parseAsync();
  } catch (error) {
    const { text, exitCode } = explain(error);
    if (text !== "") say(`throughline: ${text}`);
    process.exitCode = exitCode;
    // An `up --detach` that waits for this process passes it on.
    await toParent({ type: "failed", text, exitCode });
  }
}

/** What went wrong, in one sentence where we know it, and the exit code. */
function explain(error: unknown): { text: string; exitCode: number } {
  // Commander has already said what it had to say.
  if (error instanceof CommanderError) return { text: "", exitCode: error.exitCode === 0 ? EXIT.done : EXIT.usage };
  if (error instanceof CliError) return { text: error.message, exitCode: error.exitCode };
  if (error instanceof EmbeddedError)
    return { text: error.message, exitCode: error.kind === "running" ? EXIT.conflict : EXIT.failed };
  if (error instanceof DomainError && error.code !== "INTERNAL")
    return { text: error.message, exitCode: error.code === "FORBIDDEN" ? EXIT.refused : EXIT.failed };
  if (errno(error) === "ENOSPC")
    return { text: "The disk is full; make room and run this again.", exitCode: EXIT.failed };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error instanceof Error && error.cause !== undefined ? `\ncaused by: ${String(error.cause)}` : "";
  return { text: `this is a bug of ours, please report it:\n${stack}${cause}`, exitCode: EXIT.failed };
}

await main();
// A command that is done has nothing to wait for; whatever still holds the process back mustn't.
setTimeout(() => process.exit(), 2_000).unref();

import { Command, CommanderError } from "commander";
import { EmbeddedError } from "../graph/embedded/problem.js";
import { DomainError } from "../errors.js";
import { benchCommand } from "./bench.js";
import { doctorCommand } from "./doctor.js";
import { downCommand } from "./down.js";
import { CliError, EXIT } from "./exit.js";
import { importCommand } from "./import.js";
import { say, tolerateClosedOutput } from "./output.js";
import { statusCommand } from "./status.js";
import { tenantCommand } from "./tenant.js";
import { testCommand } from "./test.js";
import { tokenCommand } from "./token.js";
import { upCommand } from "./up.js";

const COMMANDS = [
  upCommand,
  downCommand,
  statusCommand,
  doctorCommand,
  testCommand,
  importCommand,
  tenantCommand,
  tokenCommand,
  benchCommand,
];

function program(): Command {
  const root = new Command("throughline")
    .description("A graph-centric knowledge and intelligence service for content studios.")
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

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];

async function main(): Promise<void> {
  tolerateClosedOutput();
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong, in one sentence where we know it, and answers the exit code. */
function report(error: unknown): number {
  // Commander has already said what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof CliError) {
    say(`throughline: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof EmbeddedError) {
    say(`throughline: ${error.message}`);
    return error.kind === "running" ? EXIT.conflict : EXIT.failed;
  }
  if (error instanceof DomainError && error.code !== "INTERNAL") {
    say(`throughline: ${error.message}`);
    return error.code === "FORBIDDEN" ? EXIT.refused : EXIT.failed;
  }
  say(
    `throughline: this is a bug of ours, please report it:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  if (error instanceof Error && error.cause !== undefined) say(`caused by: ${String(error.cause)}`);
  return EXIT.failed;
}

await main();

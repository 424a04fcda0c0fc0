import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { auditCommand } from "./audit.js";
import { benchCommand } from "./bench.js";
import { claimsCommand } from "./claims.js";
import { demoCommand } from "./demo.js";
import { doctorCommand } from "./doctor.js";
import { downCommand } from "./down.js";
import { explain } from "./explain.js";
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
  demoCommand,
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

await main();
// A command that is done has nothing to wait for; whatever still holds the process back mustn't.
setTimeout(() => process.exit(), 2_000).unref();

import { Command, InvalidArgumentError } from "commander";
import { HeldError, takeLock } from "../graph/embedded/owner-lock.js";
import { CliError, EXIT } from "./exit.js";
import { say } from "./output.js";
import { cliConfig } from "./project.js";
import { readRun, upLockPath } from "./run-file.js";
import { upDetached } from "./up-detached.js";
import { parentReport, printReady, terminalReport } from "./up-report.js";

export const upCommand = (): Command =>
  new Command("up")
    .description(
      "database, migrations, demo studio on an empty store, API and page; prints the URL and one sign-in link per role",
    )
    .option("--detach", "return when it is ready and leave it running")
    .option("--port <n>", "the port of API and page (default: a free one)", parsePort)
    .option("--empty", "on an empty store: only tenant `demo` with its admin and one channel")
    .action(async (options: { detach?: true; port?: number; empty?: true }) => {
      const config = cliConfig();
      if (options.detach) {
        await refuseSecond(config.home);
        const flags = [
          ...(options.port === undefined ? [] : ["--port", String(options.port)]),
          ...(options.empty ? ["--empty"] : []),
        ];
        await upDetached(config.home, flags);
        return;
      }
      const lock = await takeLock(upLockPath(config.home)).catch(async (error: unknown) => {
        if (!(error instanceof HeldError)) throw error;
        throw await alreadyRuns(config.home, error.owner.pid);
      });
      try {
        // Loaded late, as everything heavy is: most commands need no server.
        const { runUp } = await import("./up-run.js");
        const report = process.send === undefined ? terminalReport : parentReport;
        await runUp({ config, port: options.port, empty: options.empty === true, report });
      } finally {
        await lock.release();
      }
    });

async function refuseSecond(home: string): Promise<void> {
  // Taken and let go: the background process takes it for good.
  const lock = await takeLock(upLockPath(home)).catch(async (error: unknown) => {
    if (!(error instanceof HeldError)) throw error;
    throw await alreadyRuns(home, error.owner.pid);
  });
  await lock.release();
}

/** Says where it runs, with fresh links, as that is what whoever calls `up` twice has come for. */
async function alreadyRuns(home: string, pid: number): Promise<CliError> {
  const run = await readRun(home);
  if (run === undefined || process.send !== undefined)
    return new CliError(
      `Throughline is already starting here (process ${pid}); see \`./throughline status\`.`,
      EXIT.conflict,
    );
  try {
    const [{ withDatabase }, { signInLinks }] = await Promise.all([import("./running.js"), import("./sign-in.js")]);
    const config = cliConfig();
    await withDatabase(config, async (services) =>
      printReady(run.url, await signInLinks({ config, url: run.url, services })),
    );
  } catch (error) {
    say(`no sign-in links: ${error instanceof Error ? error.message : String(error)}`);
  }
  return new CliError(
    `Throughline already runs here at ${run.url} (process ${pid}); stop it with \`./throughline down\`.`,
    EXIT.conflict,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("Expected a port from 1 to 65535.");
  return port;
}

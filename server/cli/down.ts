import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { stopLeftover } from "../graph/embedded/leftover.js";
import { HeldError, takeLock } from "../graph/embedded/owner-lock.js";
import { isAlive, signal, sleep } from "../graph/embedded/processes.js";
import { storePaths } from "../graph/embedded/store.js";
import { CliError, usageError } from "./exit.js";
import { say } from "./output.js";
import { cliConfig } from "./project.js";
import { removeRun, upLockPath, upPid } from "./run-file.js";

/** Server and database each get half a minute to end by themselves. */
const PATIENCE_MS = 75_000;

export const downCommand = (): Command =>
  new Command("down")
    .description("stop what `up` started in this home")
    .option("--purge", "remove this home's store, keys and caches too, after asking")
    .option("--yes", "with --purge: don't ask")
    .action(async (options: { purge?: true; yes?: true }) => {
      const { home } = cliConfig();
      // Asked before anything is stopped, so that "no" leaves all as it was.
      if (options.purge && !options.yes) await confirm(home);
      const stopped = await stop(home);
      if (options.purge) {
        await purge(home);
        say(`removed the store, keys and caches in ${home}`);
      } else {
        say(stopped ? "stopped" : "nothing was running");
      }
    });

async function confirm(home: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw usageError("`down --purge` asks first and there is no terminal to ask at; add --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `Remove store, keys and caches in ${home}? Nothing brings them back. Type yes: `,
  );
  terminal.close();
  if (answer.trim().toLowerCase() !== "yes") throw new CliError("nothing was removed");
}

async function stop(home: string): Promise<boolean> {
  let stopped = false;
  const pid = await upPid(home);
  if (pid !== undefined) {
    stopped = true;
    signal(pid, "SIGTERM");
    const deadline = Date.now() + PATIENCE_MS;
    while (await isAlive(pid)) {
      if (Date.now() > deadline) {
        say(`process ${pid} didn't end in time and is ended by force`);
        signal(pid, "SIGKILL");
        await sleep(1_000);
        break;
      }
      await sleep(50);
    }
  }
  const paths = storePaths(home);
  if ((await stat(home).catch(() => undefined)) === undefined) return stopped;
  const lock = await takeLock(paths.lock).catch((error: unknown) => {
    if (!(error instanceof HeldError)) throw error;
    throw new CliError(`process ${error.owner.pid} still runs the database of ${home}; end that first.`);
  });
  try {
    if (await stopLeftover(paths, 30_000)) stopped = true;
    await removeRun(home);
  } finally {
    await lock.release();
  }
  return stopped;
}

// Only what we have made, by name: a home may be a folder that holds other things too.
const OURS = [
  ...["keys", "checkpoints", "logs", "refused", "cache", "run.json", "seeding"],
  ...["up.lock", "database.lock", "prepare.lock"],
];

async function purge(home: string): Promise<void> {
  const paths = storePaths(home);
  const store = await readdir(paths.root).catch(() => []);
  const marked = (await stat(paths.marker).catch(() => undefined)) !== undefined;
  if (store.length > 0 && !marked)
    throw new CliError(
      `${paths.root} lacks the mark of a store that Throughline made, so nothing was removed; look at it and remove it yourself.`,
    );
  const names = [...OURS, ...(marked ? ["neo4j"] : [])];
  await Promise.all(names.map((name) => rm(join(home, name), { recursive: true, force: true })));
  await rm(upLockPath(home), { force: true });
  await rmdir(home).catch(() => undefined);
}
